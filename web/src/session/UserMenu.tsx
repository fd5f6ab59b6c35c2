import { ActionIcon, Avatar, Menu, Stack, Text } from '@mantine/core'
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
  const signOut = useSignOut()
  const local = caller.kind === 'localAdministrator'
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <ActionIcon size="lg" radius="xl" aria-label={`Signed in as ${caller.name}`}>
          <Avatar size={30} radius="xl" color="accent" {...(local ? {} : { name: caller.name })}>
            {local && <IconUserShield size={18} aria-hidden />}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={2} p="xs">
          <Text size="sm" fw={600} className="long-name">
            {caller.name}
          </Text>
          {caller.email && (
            <Text size="xs" c="dimmed" className="long-name">
              {caller.email}
            </Text>
          )}
          <Roles roles={caller.roles} />
          {caller.expiresAt && (
            <Text size="xs" c="dimmed" mt={6}>
              Signed in until {exactTime(caller.expiresAt)} at the latest
            </Text>
          )}
        </Stack>
        {signOut.isError && <ProblemPanel error={signOut.error} />}
        <Menu.Divider />
        {local && session.signInAvailable && (
          <Menu.Item
            component="a"
            href={signInAddress(`${location.pathname}${location.search}`)}
            leftSection={<IconLogin2 size={16} />}
          >
            Sign in with PingOne
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          closeMenuOnClick={false}
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Roles({ roles }: { roles: Caller['roles'] }) {
  const names = usePlaceNames(roles)
  const lines = [...new Set(roles.map((scope) => `${roleLabel[scope.role]} ${whereInWords(scope, names)}`))]
  return (
    <Stack gap={0} mt={6}>
      {lines.map((line) => (
        <Text key={line} size="xs" className="long-name">
          {line}
        </Text>
      ))}
    </Stack>
  )
}
