import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyId } from '../components/CopyId.tsx'
import { FocusedPage } from './FocusedPage.tsx'
import { useSession } from './session.ts'
import { useSignOut } from './sign-out.ts'

/** For somebody who signed in but was given nothing yet: who they are here, and whom to ask. */
export function NoAccessPage() {
  const { caller } = useSession()
  const router = useRouter()
  const queryClient = useQueryClient()
  const signOut = useSignOut()
  const checkAgain = async () => {
    await queryClient.invalidateQueries()
    router.history.push('/')
  }
  if (!caller) return null
  const nothing = caller.roles.length === 0
  return (
    <FocusedPage tabTitle="No access yet" width={560} centred>
      <section className="card" aria-labelledby="no-access">
        <Stack p="xl" gap="md">
          <Group gap="sm" wrap="nowrap">
            <IconHourglass size={24} stroke={1.6} aria-hidden />
            <Title order={1} id="no-access">
              {nothing ? 'You have no role yet' : 'There is nothing to show yet'}
            </Title>
          </Group>
          <Text size="sm">
            {nothing
              ? 'Signing in worked, but nobody has given you a role in FlightIQ, neither by name nor through a group. Until then there is nothing here for you to see.'
              : 'You have a role, but no tenant that it holds for is set up in FlightIQ at the moment.'}
          </Text>
          <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '6px 20px', margin: 0 }}>
            <Fact name="Signed in as">{caller.name}</Fact>
            {caller.email && <Fact name="E-mail">{caller.email}</Fact>}
            <Fact name="ID">
              <CopyId id={caller.id} label="ID" />
            </Fact>
          </dl>
          <Text size="sm">
            <strong>Next step:</strong>{' '}
            {nothing
              ? 'Ask an administrator of FlightIQ in your organization for a role. They give it under Settings > People & Roles, where you are listed from now on; it holds at once.'
              : 'Ask an administrator of FlightIQ to set one up under Settings > Tenant Configuration.'}
          </Text>
          <Group>
            <Button onClick={() => void checkAgain()}>Check again</Button>
            {caller.kind !== 'openConsole' && (
              <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
                Sign out
              </Button>
            )}
          </Group>
        </Stack>
      </section>
    </FocusedPage>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} className="long-name">
        {children}
      </Text>
    </>
  )
}
