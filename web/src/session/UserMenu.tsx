import { ActionIcon, Avatar, Button, Divider, Popover, Stack, Text } from '@mantine/core'
import { IconLogin2, IconLogout, IconUserShield } from '@tabler/icons-react'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { exactTime } from '../components/time.tsx'
import { NoSignInBadge } from './NoSignInBadge.tsx'
import { usePlaceNames } from './place-names.ts'
import { signInAddress } from './return-to.ts'
import { roleLabel, whereInWords } from './role-words.ts'
import { type Caller, type Session, useSession } from './session.ts'
import { useSignOut } from './sign-out.ts'

/** Who is signed in, as what, until when, and the way out. */
export function UserMenu() {
  const { session, caller } = useSession()
  if (!session || !caller) return null
  if (caller.kind === 'openConsole') return <NoSignInBadge />
  return <Signed session={session} caller={caller} />
}

function Signed({ session, caller }: { session: Session; caller: Caller }) {
  const local = caller.kind === 'localAdministrator'
  return (
    <Popover position="bottom-end" width={300} withArrow trapFocus>
      <Popover.Target>
        <ActionIcon size="lg" radius="xl">
          <Avatar size={30} radius="xl" color="accent" aria-hidden {...(local ? {} : { name: caller.name })}>
            {local && <IconUserShield size={18} aria-hidden />}
          </Avatar>
          <span className="visually-hidden">Signed in as {caller.name}</span>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Who is signed in">
        <Stack gap="xs">
          <div>
            <Text size="sm" fw={600} className="long-name">
              {caller.name}
            </Text>
            {caller.email && (
              <Text size="xs" c="dimmed" className="long-name">
                {caller.email}
              </Text>
            )}
          </div>
          <Roles roles={caller.roles} />
          {caller.expiresAt && (
            <Text size="xs" c="dimmed">
              Signed in until {exactTime(caller.expiresAt)} at the latest
            </Text>
          )}
          <Divider />
          {local && session.signInAvailable && (
            <Button
              {...item}
              component="a"
              href={signInAddress(`${location.pathname}${location.search}`)}
              leftSection={<IconLogin2 size={16} />}
            >
              Sign in with PingOne
            </Button>
          )}
          <SignOut />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

const item = { variant: 'subtle', color: 'gray', size: 'xs', justify: 'flex-start', fullWidth: true } as const

function SignOut() {
  const signOut = useSignOut()
  return (
    <>
      <Button
        {...item}
        leftSection={<IconLogout size={16} />}
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        Sign out
      </Button>
      {signOut.isError && <ProblemPanel error={signOut.error} />}
    </>
  )
}

function Roles({ roles }: { roles: Caller['roles'] }) {
  const names = usePlaceNames(roles)
  const lines = [...new Set(roles.map((scope) => `${roleLabel[scope.role]} ${whereInWords(scope, names)}`))]
  return (
    <div>
      {lines.map((line) => (
        <Text key={line} size="xs" className="long-name">
          {line}
        </Text>
      ))}
    </div>
  )
}
