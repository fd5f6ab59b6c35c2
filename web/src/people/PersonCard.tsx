import { Badge, Button, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { answerOf, api } from '../api/client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { count } from '../components/count.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago, exactTime } from '../components/time.tsx'
import type { PlaceNames } from '../session/permissions.ts'
import { type Person, peopleQuery } from './grants.ts'
import { RoleList } from './RoleList.tsx'

interface PersonCardProps {
  person: Person
  names: PlaceNames
  /** Whether that is who looks at it. */
  self: boolean
}

/** One person: roles, when last seen, where signed in, and the ways to end that. */
export function PersonCard({ person, names, self }: PersonCardProps) {
  const [open, { toggle }] = useDisclosure(false)
  const detailsId = useId()
  return (
    <section className="card" aria-label={person.name}>
      <Stack p="md" gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Title order={3} className="long-name">
                {person.name}
              </Title>
              {self && <Badge color="accent">You</Badge>}
              {person.disabled && <Badge color="red">Shut out</Badge>}
            </Group>
            <Text size="sm" c="dimmed" className="long-name">
              {person.email ? `${person.email} · ` : ''}last seen <Ago at={person.lastSeenAt} />
            </Text>
          </div>
          <ShutOut person={person} self={self} />
        </Group>
        {person.roles.length > 0 ? (
          <RoleList roles={person.roles} names={names} />
        ) : (
          <Text size="sm">No role: signing in works, but nothing is shown.</Text>
        )}
        <div>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            ml={-8}
            onClick={toggle}
            aria-expanded={open}
            aria-controls={detailsId}
            leftSection={open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          >
            {count(person.sessions.length, 'session')}, and what PingOne says
          </Button>
          <Collapse expanded={open} id={detailsId}>
            <Stack gap="md" pt="xs">
              <Sessions person={person} />
              <Claims person={person} />
            </Stack>
          </Collapse>
        </div>
      </Stack>
    </section>
  )
}

function useReread() {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey })
}

function Sessions({ person }: { person: Person }) {
  const { id: personId, sessions } = person
  const onSuccess = useReread()
  const end = useMutation({
    mutationFn: (sessionId: string) =>
      answerOf(
        api.DELETE('/api/people/{personId}/sessions/{sessionId}', { params: { path: { personId, sessionId } } }),
      ),
    onSuccess,
  })
  const endAll = useMutation({
    mutationFn: () => answerOf(api.DELETE('/api/people/{personId}/sessions', { params: { path: { personId } } })),
    onSuccess,
  })
  const failed = [end, endAll].find(({ isError }) => isError)
  if (sessions.length === 0) return <Text size="sm">Not signed in at the moment.</Text>
  return (
    <Stack gap="xs">
      {sessions.map((session) => (
        <Group key={session.id} justify="space-between" wrap="nowrap" gap="sm">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" className="long-name">
              {session.browser || 'A browser that does not say what it is'} at {session.address}
            </Text>
            <Text size="xs" c="dimmed">
              Since {exactTime(session.startedAt)}, last seen <Ago at={session.lastSeenAt} />
            </Text>
          </div>
          {session.current ? (
            <Badge color="accent">This browser</Badge>
          ) : (
            <Button
              variant="default"
              size="xs"
              style={{ flexShrink: 0 }}
              loading={end.isPending && end.variables === session.id}
              onClick={() => end.mutate(session.id)}
            >
              End session
            </Button>
          )}
        </Group>
      ))}
      {failed && <ProblemPanel error={failed.error} />}
      {sessions.length > 1 && !sessions.some(({ current }) => current) && (
        <Group>
          <Button variant="default" size="xs" loading={endAll.isPending} onClick={() => endAll.mutate()}>
            End all sessions
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Claims({ person }: { person: Person }) {
  const claims = Object.entries({ iss: [person.issuer], sub: [person.subject], ...person.claims })
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        Claims of the last sign-in, by which roles can be given
      </Text>
      <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '2px 16px', margin: 0 }}>
        {claims.map(([name, values]) => (
          <div key={name} style={{ display: 'contents' }}>
            <Text component="dt" size="xs" c="dimmed" ff="monospace">
              {name}
            </Text>
            <Text component="dd" size="xs" m={0} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {values.join(', ')}
            </Text>
          </div>
        ))}
      </dl>
    </div>
  )
}

function ShutOut({ person, self }: { person: Person; self: boolean }) {
  const [asking, { open, close }] = useDisclosure(false)
  const reread = useReread()
  const change = useMutation({
    mutationFn: (disabled: boolean) =>
      answerOf(api.PATCH('/api/people/{personId}', { params: { path: { personId: person.id } }, body: { disabled } })),
    onSuccess: async () => {
      close()
      await reread()
    },
  })
  if (self) return null
  if (person.disabled) {
    return (
      <Stack gap="xs" align="flex-end">
        <Button variant="default" size="xs" loading={change.isPending} onClick={() => change.mutate(false)}>
          Let in again
        </Button>
        {change.isError && <ProblemPanel error={change.error} />}
      </Stack>
    )
  }
  return (
    <>
      <Button variant="default" size="xs" onClick={open} style={{ flexShrink: 0 }}>
        Shut out…
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Shut out ${person.name}?`}
        confirm="Shut out"
        keep="Leave as it is"
        doing={change}
        onConfirm={() => change.mutate(true)}
        onClose={close}
      >
        <Text size="sm">
          {person.name} can no longer sign in to FlightIQ. Their {count(person.sessions.length, 'session')} and all API
          tokens that they made end at once. Their roles stay, for when they are let in again; the tokens do not come
          back. Nothing changes in PingOne.
        </Text>
      </ConfirmDialog>
    </>
  )
}
