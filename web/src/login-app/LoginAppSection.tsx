import { Alert, Button, Group, List, Skeleton, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormSection } from '../components/FormSection.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useSession } from '../session/session.ts'
import { FirstAdministrator } from './FirstAdministrator.tsx'
import { LoginAppForm } from './LoginAppForm.tsx'
import { LoginAppHelp } from './LoginAppHelp.tsx'
import { LoginAppTest } from './LoginAppTest.tsx'
import { loginAppQuery } from './login-app.ts'
import { RemoveLoginApp } from './RemoveLoginApp.tsx'

/** User Authentication Settings (Login App): how people sign in. `folded`: where it is one step of several. */
export function LoginAppSection({ folded = false }: { folded?: boolean }) {
  const state = useQuery(loginAppQuery)
  const { session } = useSession()
  const [unfolded, setUnfolded] = useState(!folded)
  const [edited, setEdited] = useState(false)
  const loginApp = state.data?.loginApp
  const required = session?.signInRequired === true
  return (
    <FormSection
      title="User Authentication Settings (Login App)"
      badge={required ? undefined : 'Optional'}
      summary={
        required
          ? 'People sign in with PingOne through this login app.'
          : 'Lets people sign in with PingOne, each with roles of their own. You need it as soon as anybody but you works with FlightIQ, or when it is reached from other machines.'
      }
      help={<LoginAppHelp />}
    >
      {state.isError && <ProblemPanel error={state.error} onRetry={() => void state.refetch()} />}
      {state.isPending && <Skeleton height={unfolded ? 420 : 36} />}
      {state.data && !loginApp && !unfolded && (
        <Group>
          <Button variant="default" onClick={() => setUnfolded(true)}>
            Set up sign-in
          </Button>
        </Group>
      )}
      {state.data && (loginApp || unfolded) && (
        <Stack gap="lg">
          {loginApp?.worksSince && (
            <Alert color="green" variant="light" icon={<IconCircleCheck size={18} />} title="Signing in works">
              <Text size="sm">
                An administrator signed in through it <Ago at={loginApp.worksSince} /> for the first time.
              </Text>
            </Alert>
          )}
          <LoginAppForm
            saved={loginApp}
            onEdited={setEdited}
            extraActions={loginApp && <RemoveLoginApp loginApp={loginApp} />}
          >
            {!loginApp && <WhatSavingDoes required={required} />}
          </LoginAppForm>
          <LoginAppTest
            key={loginApp?.updatedAt ?? 'unsaved'}
            disabledReason={!loginApp ? 'Save first.' : edited ? 'Save your changes first.' : undefined}
          />
          {loginApp && !loginApp.worksSince && <FirstAdministrator />}
        </Stack>
      )}
    </FormSection>
  )
}

function WhatSavingDoes({ required }: { required: boolean }) {
  return (
    <Alert color="accent" variant="light" icon={<IconInfoCircle size={18} />} title="What happens when you save">
      <List size="sm" spacing={4}>
        {required ? (
          <List.Item>People can sign in with PingOne. Without a role they see nothing.</List.Item>
        ) : (
          <List.Item>From then on everybody has to sign in, people as well as scripts.</List.Item>
        )}
        <List.Item>
          In this browser you stay signed in as local administrator, until an administrator has signed in with PingOne.
          So you can mend a value that is wrong.
        </List.Item>
        <List.Item>Next you say who that administrator is.</List.Item>
      </List>
    </Alert>
  )
}
