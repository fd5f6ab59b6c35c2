import { Button, List, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { leave, stay } from '../session/session-ended.ts'
import type { LoginApp } from './login-app.ts'

/** Takes sign-in away again, after saying what that means. */
export function RemoveLoginApp({ loginApp }: { loginApp: LoginApp }) {
  const [opened, { open, close }] = useDisclosure(false)
  const remove = useMutation({
    mutationFn: () => {
      leave()
      return answerOf(api.DELETE('/api/login-app'))
    },
    // A new page: who one is, and what one may see, is another thing from here on.
    onSuccess: () => location.assign('/'),
    onError: stay,
  })
  return (
    <>
      <Button variant="subtle" color="gray" onClick={open}>
        Remove…
      </Button>
      <ConfirmDialog
        opened={opened}
        title="Remove the login app?"
        confirm="Remove login app"
        keep="Keep it"
        doing={remove}
        onConfirm={() => remove.mutate()}
        onClose={close}
      >
        <List size="sm" spacing={4}>
          <List.Item>Nobody can sign in with PingOne any more, and all who are signed in are signed out now.</List.Item>
          <List.Item>
            A console that listens on its own machine alone is then open again: whoever sits there is its administrator.
            Otherwise only the local administrator gets in, with a one-time token of the server.
          </List.Item>
          <List.Item>Its client secret is deleted. People and their roles stay saved.</List.Item>
        </List>
        <Text size="sm" c="dimmed" className="long-name">
          Nothing changes in PingOne: the application {loginApp.clientId} stays there.
        </Text>
      </ConfirmDialog>
    </>
  )
}
