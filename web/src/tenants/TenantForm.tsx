import {
  ActionIcon,
  Alert,
  Button,
  Collapse,
  Group,
  PasswordInput,
  Popover,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight, IconHelpCircle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { statusQuery, tenantsQuery } from '../api/queries.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { exactTime } from '../components/time.tsx'
import { errorsOf, fieldsOf, regions, requestOf, type TenantFields, tidy, typingError } from './tenant-fields.ts'

interface TenantFormProps {
  tenant?: Shapes['Tenant'] | undefined
  onSaved: (tenant: Shapes['Tenant']) => void
  /** Called as soon as something differs from what is saved. */
  onEdited?: () => void
  extraActions?: ReactNode
}

/** The fields of a tenant: its name and its worker app. Saves them; the secret goes in and never comes out. */
export function TenantForm({ tenant, onSaved, onEdited, extraActions }: TenantFormProps) {
  const [fields, setFields] = useState<TenantFields>(() => fieldsOf(tenant))
  const [tried, setTried] = useState(false)
  const [advanced, { toggle: toggleAdvanced, open: openAdvanced }] = useDisclosure(
    tenant?.hosts !== undefined || tenant?.region !== undefined || tenant?.authMethod !== undefined,
  )
  const form = useRef<HTMLFormElement>(null)
  const advancedId = useId()
  const queryClient = useQueryClient()
  const save = useMutation({
    mutationFn: () => saveTenant(tenant?.id, fields),
    onSuccess: async (saved) => {
      setFields(fieldsOf(saved))
      setTried(false)
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: statusQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: tenantsQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: ['environments', saved.id] }),
      ])
      onSaved(saved)
    },
  })
  const errors = errorsOf(fields, tenant !== undefined)
  const shown = (field: keyof TenantFields) => (tried ? errors[field] : undefined)
  const set = (change: Partial<TenantFields>) => {
    setFields((current) => ({ ...current, ...change }))
    onEdited?.()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(errors).length === 0) save.mutate()
    else {
      if (errors.authUrl || errors.apiUrl) openAdvanced()
      // After the errors are shown, to the first field that has one.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    }
  }
  const uuidField = (field: 'environmentId' | 'clientId') => ({
    value: fields[field],
    error: shown(field) ?? typingError(fields[field]),
    onChange: (event: { currentTarget: { value: string } }) => set({ [field]: event.currentTarget.value }),
    onBlur: () => set({ [field]: tidy(fields[field]) }),
    autoComplete: 'off',
    spellCheck: false,
    styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } },
    placeholder: '00000000-0000-0000-0000-000000000000',
  })
  return (
    <form onSubmit={submit} noValidate ref={form}>
      <Stack gap="md">
        <TextInput
          label={
            <Labelled
              text="Tenant name"
              help="The name by which you choose this organization under Org Root. Any name you like."
            />
          }
          aria-label="Tenant name"
          value={fields.name}
          error={shown('name')}
          maxLength={256}
          placeholder="Example Corp"
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label={
            <Labelled
              text="Environment ID"
              help="The environment in which the worker app lives, usually Administrators. In the PingOne console open that environment, then Settings > Environment Properties, and copy the Environment ID."
            />
          }
          aria-label="Environment ID"
          {...uuidField('environmentId')}
        />
        <TextInput
          label={
            <Labelled
              text="Backend API client ID"
              help="In the PingOne console open Applications > Applications, choose the worker app, and copy the Client ID from its Overview. Use an app of its own for FlightIQ, not the one that people sign in with."
            />
          }
          aria-label="Backend API client ID"
          {...uuidField('clientId')}
        />
        <PasswordInput
          label={
            <Labelled
              text="Backend API client secret"
              help="On the Overview of the same worker app, under Client Secret. It is stored encrypted, and FlightIQ never shows it again."
            />
          }
          aria-label="Backend API client secret"
          description={
            tenant
              ? `Set ${exactTime(tenant.secretSetAt)}${tenant.secretSetBy ? ` by ${tenant.secretSetBy}` : ''}. Leave empty to keep it.`
              : undefined
          }
          value={fields.clientSecret}
          error={shown('clientSecret')}
          autoComplete="new-password"
          placeholder={tenant ? '••••••••••••' : ''}
          onChange={(event) => set({ clientSecret: event.currentTarget.value })}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        />
        <div>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={toggleAdvanced}
            aria-expanded={advanced}
            aria-controls={advancedId}
            leftSection={advanced ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          >
            Advanced: region, hosts and authentication method
          </Button>
          <Collapse expanded={advanced} id={advancedId}>
            <Stack gap="md" pt="sm">
              <Select
                label="Region"
                description="Detected from the environment ID when the credentials are tested."
                value={fields.region}
                allowDeselect={false}
                data={[
                  { value: '', label: 'Detect' },
                  ...regions,
                  { value: 'custom', label: 'Custom hosts: own domain, or the sandbox' },
                ]}
                onChange={(value) => set({ region: (value ?? '') as TenantFields['region'] })}
              />
              {fields.region === 'custom' && (
                <Group grow align="flex-start">
                  <TextInput
                    label="Authentication host"
                    placeholder="https://auth.example.com"
                    value={fields.authUrl}
                    error={shown('authUrl')}
                    onChange={(event) => set({ authUrl: event.currentTarget.value })}
                  />
                  <TextInput
                    label="API host"
                    placeholder="https://api.pingone.eu"
                    value={fields.apiUrl}
                    error={shown('apiUrl')}
                    onChange={(event) => set({ apiUrl: event.currentTarget.value })}
                  />
                </Group>
              )}
              <Select
                label="Token endpoint authentication method"
                description="Must be the one set in the worker app's configuration. Detected when the credentials are tested."
                value={fields.authMethod}
                allowDeselect={false}
                data={[
                  { value: '', label: 'Detect' },
                  { value: 'client_secret_basic', label: 'Client Secret Basic' },
                  { value: 'client_secret_post', label: 'Client Secret Post' },
                ]}
                onChange={(value) => set({ authMethod: (value ?? '') as TenantFields['authMethod'] })}
              />
            </Stack>
          </Collapse>
        </div>
        {tried && Object.keys(errors).length > 0 && (
          <Alert color="red" variant="light" role="alert">
            {Object.values(errors).join(' ')}
          </Alert>
        )}
        {save.isError && <ProblemPanel error={save.error} />}
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          {extraActions}
        </Group>
      </Stack>
    </form>
  )
}

async function saveTenant(tenantId: string | undefined, fields: TenantFields): Promise<Shapes['Tenant']> {
  const body = requestOf(fields)
  if (tenantId) return answerOf(api.PUT('/api/tenants/{tenantId}', { params: { path: { tenantId } }, body }))
  return answerOf(api.POST('/api/tenants', { body: { ...body, clientSecret: tidy(fields.clientSecret) } }))
}

function Labelled({ text, help }: { text: string; help: string }) {
  return (
    <Group gap={4} component="span" display="inline-flex">
      {text}
      <Popover width={320} withArrow position="top-start">
        <Popover.Target>
          <ActionIcon size="xs" aria-label={`Help: ${text}`}>
            <IconHelpCircle size={15} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm" fw={400}>
            {help}
          </Text>
        </Popover.Dropdown>
      </Popover>
    </Group>
  )
}
