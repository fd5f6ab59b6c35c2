import {
  ActionIcon,
  Alert,
  Autocomplete,
  Button,
  CopyButton,
  Group,
  PasswordInput,
  Stack,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { tenantsQuery } from '../api/queries.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { exactTime } from '../components/time.tsx'
import { sessionQuery } from '../session/session.ts'
import { tidy } from '../tenants/tenant-fields.ts'
import {
  knownAuthHosts,
  type LoginApp,
  type LoginAppFields,
  loginAppErrorsOf,
  loginAppFieldsOf,
  loginAppQuery,
  loginAppRequestOf,
  redirectUri,
} from './login-app.ts'

interface LoginAppFormProps {
  saved: LoginApp | undefined
  onEdited: (edited: boolean) => void
  /** Before the buttons: what saving brings about. */
  children?: ReactNode
  extraActions?: ReactNode
}

const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }

/** The fields of the login app. Saves them; the secret goes in and never comes out. */
export function LoginAppForm({ saved, onEdited, children, extraActions }: LoginAppFormProps) {
  const queryClient = useQueryClient()
  const { data: tenants } = useQuery(tenantsQuery)
  const [typed, setTyped] = useState<Partial<LoginAppFields>>({})
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  // What isn't typed yet follows from the first tenant, which may be saved on this very page.
  const fields = { ...loginAppFieldsOf(saved, tenants?.[0]), ...typed }
  const save = useMutation({
    mutationFn: () => answerOf(api.PUT('/api/login-app', { body: loginAppRequestOf(fields) })),
    onSuccess: async (loginApp) => {
      setTyped({})
      setTried(false)
      onEdited(false)
      queryClient.setQueryData(loginAppQuery.queryKey, { loginApp })
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    },
    gcTime: 0,
  })
  const errors = loginAppErrorsOf(fields, saved !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(errors).length === 0) save.mutate()
    // After the errors are shown, to the first field that has one.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const set = (field: keyof LoginAppFields, value: string) => {
    setTyped((current) => ({ ...current, [field]: value }))
    onEdited(true)
  }
  const field = (name: keyof LoginAppFields) => ({
    value: fields[name],
    error: tried ? errors[name] : undefined,
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
    onBlur: () => fields[name] !== tidy(fields[name]) && set(name, tidy(fields[name])),
    autoComplete: 'off',
    spellCheck: false,
  })
  return (
    <form onSubmit={submit} noValidate ref={form}>
      <Stack gap="md">
        <Autocomplete
          {...field('authBaseUrl')}
          label="Auth base URL"
          description="Of your region, or your own domain in PingOne."
          placeholder="https://auth.pingone.eu"
          data={knownAuthHosts}
          onChange={(value) => set('authBaseUrl', value)}
        />
        <TextInput
          {...field('environmentId')}
          label="Login environment ID"
          description="Of the environment in which your people have their accounts."
          placeholder="00000000-0000-0000-0000-000000000000"
          styles={monospace}
        />
        <TextInput {...field('clientId')} label="Login app client ID" styles={monospace} />
        <PasswordInput
          {...field('clientSecret')}
          label="Login app client secret"
          description={saved ? `${secretFacts(saved)} Leave empty to keep it.` : undefined}
          placeholder={saved ? '••••••••••••' : ''}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        />
        <TextInput
          label="Redirect URI"
          description={redirectFacts(saved)}
          value={redirectUri()}
          readOnly
          styles={monospace}
          rightSection={<CopyRedirectUri />}
        />
        <TextInput {...field('scopes')} label="Scopes" description="Separated by blanks, openid among them." />
        {children}
        {tried && Object.keys(errors).length > 0 && (
          <Alert color="red" variant="light" role="alert">
            {Object.values(errors).join(' ')}
          </Alert>
        )}
        {save.isError && <ProblemPanel error={save.error} />}
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            {saved ? 'Save login app' : 'Save and require sign-in'}
          </Button>
          {extraActions}
        </Group>
      </Stack>
    </form>
  )
}

function secretFacts({ secretSetAt, secretSetBy }: LoginApp): string {
  return `Set ${exactTime(secretSetAt)}${secretSetBy ? ` by ${secretSetBy}` : ''}.`
}

function redirectFacts(saved: LoginApp | undefined): string {
  return saved && saved.redirectUri !== redirectUri()
    ? `Saved is ${saved.redirectUri}, of another address of this console. Saving changes it to the one below.`
    : 'Follows from the address in use. Enter it in PingOne exactly so.'
}

function CopyRedirectUri() {
  return (
    <CopyButton value={redirectUri()}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy the redirect URI'}>
          <ActionIcon onClick={copy} aria-label={copied ? 'Copied' : 'Copy the redirect URI'}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
