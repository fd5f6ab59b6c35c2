import { Button, Popover, Stack, Text } from '@mantine/core'
import { IconLockOpen2 } from '@tabler/icons-react'
import { TextLink } from '../components/links.tsx'

/** Says, quietly, that nobody has to sign in to this console, what that means, and where to change it. */
export function NoSignInBadge() {
  return (
    <Popover width={320} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="light"
          color="gray"
          size="compact-sm"
          fw={500}
          leftSection={<IconLockOpen2 size={15} aria-hidden />}
        >
          No sign-in
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            Nobody has to sign in here
          </Text>
          <Text size="sm">
            Whoever can open this address is administrator of this console, and acts with the rights of its worker apps.
            That is meant for a trial on your own machine. Once a login app is set up, everybody signs in with PingOne
            and gets roles.
          </Text>
          <TextLink to="/settings/login-app">Set up sign-in</TextLink>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
