import { Alert, Button, PasswordInput, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconLogin2 } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { TextLink } from '../components/links.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { FocusedPage } from './FocusedPage.tsx'
import { safeReturnTo, signInAddress } from './return-to.ts'
import { type Session, sessionQuery } from './session.ts'
import { signInProblem } from './sign-in-problems.ts'

const route = getRouteApi('/sign-in')

/** Where one signs in: through PingOne, and for set-up with the token that the server printed. */
export function SignInPage() {
  const { returnTo, problem } = route.useSearch()
  const session = useQuery(sessionQuery)
  return (
    <FocusedPage tabTitle="Sign in" width={440} centred>
      <section className="card" aria-labelledby="sign-in">
        <Stack p="xl" gap="lg">
          <div>
            <Title order={1} id="sign-in">
              Sign in
            </Title>
            <Text c="dimmed" size="sm" mt={4}>
              Compare PingOne environments, and move what belongs together.
            </Text>
          </div>
          {problem && <SignInProblem code={problem} />}
          {session.isPending && <Skeleton height={36} />}
          {session.isError && <ProblemPanel error={session.error} onRetry={() => void session.refetch()} />}
          {session.data && <Ways session={session.data} returnTo={safeReturnTo(returnTo)} />}
        </Stack>
      </section>
    </FocusedPage>
  )
}

function SignInProblem({ code }: { code: string }) {
  const { what, next } = signInProblem(code)
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle size={18} />} title={what} role="alert">
      <Text size="sm">{next}</Text>
    </Alert>
  )
}

function Ways({ session, returnTo }: { session: Session; returnTo: string }) {
  const { signInAvailable, localAdministrator, caller } = session
  return (
    <>
      {caller && (
        <Text size="sm">
          You are signed in as {caller.name}. <TextLink to="/">Go on as that</TextLink>
        </Text>
      )}
      {signInAvailable && (
        <Button component="a" href={signInAddress(returnTo)} leftSection={<IconLogin2 size={18} />} size="md" fullWidth>
          Sign in with PingOne
        </Button>
      )}
      {!signInAvailable && (
        <Text size="sm">
          Signing in with PingOne is not set up yet.{' '}
          {localAdministrator
            ? 'Whoever sets it up uses the one-time token of the server.'
            : 'The one-time token for setting it up has been used, or is older than a day. Each start of the server prints a new one.'}
        </Text>
      )}
      {localAdministrator && !caller && <LocalAdministrator returnTo={returnTo} alone={!signInAvailable} />}
    </>
  )
}

/** The way in for whoever sets up the console: the token goes to the server once, and is kept nowhere. */
function LocalAdministrator({ returnTo, alone }: { returnTo: string; alone: boolean }) {
  const [token, setToken] = useState('')
  const queryClient = useQueryClient()
  const router = useRouter()
  const signIn = useMutation({
    mutationFn: () => answerOf(api.POST('/api/session/local-administrator', { body: { token: token.trim() } })),
    onSuccess: (session) => {
      setToken('')
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
      queryClient.setQueryData(sessionQuery.queryKey, session)
      router.history.push(returnTo)
    },
    gcTime: 0,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim() !== '') signIn.mutate()
  }
  return (
    <form onSubmit={submit} aria-labelledby="set-up" style={alone ? {} : ruled}>
      <Stack gap="sm">
        <div>
          <Title order={2} id="set-up" size="h3">
            Set-up
          </Title>
          <Text size="sm" c="dimmed">
            Sign in with the one-time token that the server printed when it started.
          </Text>
        </div>
        <PasswordInput
          label="One-time token"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        />
        {signIn.isError && <ProblemPanel error={signIn.error} />}
        <Button
          type="submit"
          variant={alone ? 'filled' : 'default'}
          loading={signIn.isPending}
          disabled={token.trim() === ''}
        >
          Sign in as local administrator
        </Button>
      </Stack>
    </form>
  )
}

const ruled = { borderTop: '1px solid var(--app-border)', paddingTop: 20 }
