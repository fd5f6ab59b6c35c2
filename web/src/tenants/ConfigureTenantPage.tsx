import { Box, Button, Container, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconArrowRight } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { ColorSchemeSwitch } from '../shell/ColorSchemeSwitch.tsx'
import { Logo } from '../shell/Logo.tsx'
import { TenantForm } from './TenantForm.tsx'
import { TenantTest } from './TenantTest.tsx'

/** The first page of a console without a tenant: nothing but the worker app's fields, the test, and the way on. */
export function ConfigureTenantPage() {
  useDocumentTitle('Configure Tenant · FlightIQ')
  const [saved, setSaved] = useState<Shapes['Tenant']>()
  const [edited, setEdited] = useState(false)
  const [works, setWorks] = useState(false)
  const navigate = useNavigate()
  return (
    <Box mih="100dvh" component="main">
      <Group justify="space-between" px="lg" py="md">
        <Logo />
        <ColorSchemeSwitch />
      </Group>
      <Container size={620} pb={64} pt="md">
        <Stack gap="lg">
          <div>
            <Title order={1}>Configure Tenant</Title>
            <Text c="dimmed" mt={4}>
              Connect FlightIQ to one PingOne organization through a worker app. It needs an app of type Worker,
              enabled, with the Client Credentials grant, and with roles in each environment that you want to work on.
            </Text>
          </div>
          <section className="card" aria-labelledby="credentials">
            <Stack p="lg" gap="md">
              <Title order={2} id="credentials">
                Tenant Configuration
              </Title>
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
            </Stack>
          </section>
          <section className="card" aria-labelledby="test">
            <Stack p="lg" gap="md">
              <div>
                <Title order={2} id="test">
                  Test
                </Title>
                <Text size="sm" c="dimmed">
                  Tries the saved values: reaching PingOne, getting a token, and what the worker app can see. Nothing is
                  changed.
                </Text>
              </div>
              <TenantTest
                key={saved?.updatedAt ?? 'unsaved'}
                tenantId={saved?.id ?? ''}
                disabledReason={!saved ? 'Save first.' : edited ? 'Save your changes first.' : undefined}
                onResult={(result) => setWorks(result.ok)}
              />
            </Stack>
          </section>
          {saved && (
            <Group justify="flex-end">
              {!works && (
                <Text size="sm" c="dimmed">
                  You can mend the values later under Tenant Configuration.
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
      </Container>
    </Box>
  )
}
