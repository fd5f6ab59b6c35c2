import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { FormSection } from '../components/FormSection.tsx'
import { LoginAppSection } from '../login-app/LoginAppSection.tsx'
import { FocusedPage } from '../session/FocusedPage.tsx'
import { useSession } from '../session/session.ts'
import { UserMenu } from '../session/UserMenu.tsx'
import { TenantForm } from './TenantForm.tsx'
import { TenantHelp } from './TenantHelp.tsx'
import { TenantTest } from './TenantTest.tsx'

/** The first page of a console without a tenant: the worker app, the login app, and the way on. */
export function ConfigureTenantPage() {
  const [saved, setSaved] = useState<Shapes['Tenant']>()
  const [edited, setEdited] = useState(false)
  const [works, setWorks] = useState(false)
  const navigate = useNavigate()
  const { caller } = useSession()
  return (
    <FocusedPage
      tabTitle="Configure Tenant"
      width={680}
      aside={caller && caller.kind !== 'openConsole' && <UserMenu />}
    >
      <Stack gap="lg">
        <div>
          <Title order={1}>Configure Tenant</Title>
          <Text c="dimmed" mt={4}>
            Two settings lead from here to your first comparison. The first is enough for a trial on your own machine.
          </Text>
        </div>
        <FormSection
          title="Tenant Configuration"
          summary="Connects FlightIQ to one PingOne organization through a worker app: enabled, with the Client Credentials grant, and with roles in each environment that you want to work on."
          help={<TenantHelp />}
        >
          <TenantForm
            key={saved?.id ?? 'new'}
            tenant={saved}
            onSaved={(tenant) => {
              setSaved(tenant)
              setEdited(false)
              setWorks(false)
            }}
            onEdited={() => setEdited(true)}
          />
          <TenantTest
            key={saved?.updatedAt ?? 'unsaved'}
            tenantId={saved?.id ?? ''}
            disabledReason={!saved ? 'Save first.' : edited ? 'Save your changes first.' : undefined}
            onResult={(result) => setWorks(result.ok)}
          />
        </FormSection>
        <LoginAppSection folded />
        {saved && (
          <Group justify="flex-end">
            {!works && (
              <Text size="sm" c="dimmed">
                You can mend the values later under Settings.
              </Text>
            )}
            <Button
              variant={works ? 'filled' : 'default'}
              rightSection={<IconArrowRight size={16} />}
              onClick={() => void navigate({ to: '/', search: { tenant: saved.id } })}
            >
              Go to FlightIQ
            </Button>
          </Group>
        )}
      </Stack>
    </FocusedPage>
  )
}
