import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { type Caller, readSession, sessionQuery } from './session.ts'
import { sessionIsBack, useSessionEnded } from './session-ended.ts'
import { useAway } from './use-away.ts'

/** Lies over any page once a call was refused because the session is over. What was typed beneath it stays. */
export function SessionEndedDialog() {
  const problem = useSessionEnded()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const lastCaller = useLastCaller(problem !== undefined)
  if (!problem || path === '/sign-in') return null
  return <SignInAgain reason={problem.detail} lastCaller={lastCaller} />
}

/** Whoever this page was read for last. `ended`: their session is over, so nobody else takes their place yet. */
function useLastCaller(ended: boolean): Caller | undefined {
  const away = useAway()
  // Roles can change while one works; the one place that asks again and again.
  const { data: session } = useQuery({ ...sessionQuery, refetchInterval: away ? false : 60_000 })
  const last = useRef<Caller>(undefined)
  if (session?.caller && !ended) last.current = session.caller
  return last.current
}

function SignInAgain({ reason, lastCaller }: { reason: string; lastCaller: Caller | undefined }) {
  const address = useRouterState({ select: ({ location }) => location.href })
  const queryClient = useQueryClient()
  // Signing in happens in another tab: look now and then whether it is done.
  const session = useQuery({
    queryKey: [...sessionQuery.queryKey, 'again'],
    queryFn: ({ signal }) => readSession(signal),
    refetchInterval: 2000,
    gcTime: 0,
  })
  const caller = session.data?.caller
  useEffect(() => {
    if (!caller) return
    // Somebody else must not see what was read for the one before; an open console was nobody's.
    if (lastCaller && lastCaller.kind !== 'openConsole' && caller.id !== lastCaller.id) return location.reload()
    sessionIsBack()
    // The same person goes on where they were: what failed meanwhile is asked again.
    void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
    void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }, [caller, lastCaller, queryClient])
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      zIndex={1000}
      title={
        <Text span fw={600} size="lg">
          Your session has ended
        </Text>
      }
    >
      <Stack>
        <Text size="sm">{reason}</Text>
        <Text size="sm">
          Sign in again in a new tab, then go on here: this page, and what you have typed in it, stays as it is.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" component="a" href={`/sign-in?${new URLSearchParams({ returnTo: address })}`}>
            Sign in here
          </Button>
          <Button
            component="a"
            href="/sign-in?returnTo=%2Fsigned-in"
            target="_blank"
            rel="noopener"
            leftSection={<IconExternalLink size={16} />}
            data-autofocus
          >
            Sign in in a new tab
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          “Sign in here” comes back to this address, but leaves behind what is typed and not saved.
        </Text>
      </Stack>
    </Modal>
  )
}
