import { Alert, Badge, Button, Group, Modal, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconHandStop, IconPencil, IconShieldCheck, IconSnowflake } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useRefusal } from '../session/use-may.ts'
import { useSelection } from '../shell/selection.ts'
import { GuardForm } from './GuardForm.tsx'
import { freezeSign, protectionSigns } from './protection.tsx'
import { guardsQuery, writeStopQuery } from './queries.ts'
import { freezeInWords, protectionInWords, toTheMinute } from './words.ts'

type Guard = Shapes['Guard']

/** Settings > Environment Guards: what may be written where, and when not. */
export function GuardsPage() {
  const { tenantId } = useSelection()
  const guards = useQuery(guardsQuery(tenantId))
  const [editing, setEditing] = useState<Guard>()
  return (
    <Page
      title="Environment Guards"
      summary="What may be written to which environment: locks, approvals of a second person, and times in which nothing is written."
      width={960}
    >
      <Stack>
        <WriteStop />
        {guards.isError && <ProblemPanel error={guards.error} onRetry={() => void guards.refetch()} />}
        {guards.isPending && <Skeleton height={200} />}
        {guards.data?.length === 0 && (
          <div className="card">
            <EmptyState icon={IconShieldCheck} title="No environment to guard">
              The worker app of this tenant sees none, or none that you may see.
            </EmptyState>
          </div>
        )}
        {guards.data?.map((guard) => (
          <GuardCard key={guard.environmentId} guard={guard} onEdit={() => setEditing(guard)} />
        ))}
      </Stack>
      <Modal
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
        size={620}
        title={<Text fw={600}>Guard of {editing?.environmentName}</Text>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {editing && <GuardForm tenantId={tenantId} guard={editing} onSaved={() => setEditing(undefined)} />}
      </Modal>
    </Page>
  )
}

function GuardCard({ guard, onEdit }: { guard: Guard; onEdit: () => void }) {
  const sign = protectionSigns[guard.protection]
  const { tenantId } = useSelection()
  const refusal = useRefusal('configure', { tenantId })
  return (
    <section className="card" aria-label={guard.environmentName}>
      <Stack p="md" gap="xs">
        <Group justify="space-between" align="flex-start">
          <Group gap="sm">
            <Title order={2}>{guard.environmentName}</Title>
            <Badge color={sign.color} variant="light" leftSection={<sign.icon size={12} />}>
              {sign.label}
            </Badge>
            {guard.frozen && (
              <Badge color={freezeSign.color} variant="light" leftSection={<IconSnowflake size={12} />}>
                Frozen until {toTheMinute(guard.frozen.until)}
              </Badge>
            )}
            {guard.environmentType === 'PRODUCTION' && <Badge color="orange">Production</Badge>}
          </Group>
          <ActionButton
            variant="default"
            size="xs"
            leftSection={<IconPencil size={14} />}
            onClick={onEdit}
            refusal={refusal}
            aria-label={`Change the guard of ${guard.environmentName}`}
          >
            Change
          </ActionButton>
        </Group>
        <Text size="sm">{protectionInWords(guard)}</Text>
        {guard.reason && (
          <Text size="sm" c="dimmed">
            {guard.reason}
          </Text>
        )}
        {guard.freezes.length > 0 && (
          <Stack gap={4} component="ul" style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label="Freezes">
            {guard.freezes.map((freeze) => (
              <Group component="li" key={JSON.stringify(freeze)} gap={6} wrap="nowrap">
                <IconSnowflake size={14} aria-hidden />
                <Text size="sm">
                  {freezeInWords(freeze)}: {freeze.reason}
                </Text>
              </Group>
            ))}
          </Stack>
        )}
        <Text size="xs" c="dimmed">
          {guard.byDefault ? (
            'As it is by default; nobody has set it.'
          ) : (
            <>
              Set by {guard.setBy} <Ago at={guard.setAt} />
            </>
          )}
        </Text>
      </Stack>
    </section>
  )
}

/** The switch for everything: nothing is written anywhere while it is on. */
function WriteStop() {
  const queryClient = useQueryClient()
  const stop = useQuery(writeStopQuery)
  const everywhereRefusal = useRefusal('configure')
  const [confirming, setConfirming] = useState(false)
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: (stopped: boolean) =>
      answerOf(api.PUT('/api/write-stop', { body: { stopped, ...(stopped && reason ? { reason } : {}) } })),
    onSuccess: async () => {
      setConfirming(false)
      setReason('')
      await queryClient.invalidateQueries({ queryKey: writeStopQuery.queryKey })
    },
  })
  if (stop.isPending) return null
  if (stop.isError) return <ProblemPanel error={stop.error} />
  const { stopped, by, at } = stop.data
  return (
    <>
      {stopped ? (
        <Alert color="red" icon={<IconHandStop size={18} />} title="All writes are stopped" role="alert">
          <Stack gap="xs">
            <Text size="sm">
              {stop.data.reason ? `${stop.data.reason} ` : ''}Stopped by {by} <Ago at={at} />. No run starts, in no
              tenant; runs that were under way have stopped after their operation and can be resumed.
            </Text>
            <Group>
              <ActionButton
                size="xs"
                loading={change.isPending}
                onClick={() => change.mutate(false)}
                refusal={everywhereRefusal}
              >
                Let writes go on
              </ActionButton>
            </Group>
          </Stack>
        </Alert>
      ) : (
        <Group justify="space-between" className="card" p="md">
          <Text size="sm">Something goes wrong? All writes of all tenants can be stopped at once.</Text>
          <ActionButton
            variant="light"
            color="red"
            size="xs"
            leftSection={<IconHandStop size={14} />}
            onClick={() => setConfirming(true)}
            refusal={everywhereRefusal}
          >
            Stop all writes…
          </ActionButton>
        </Group>
      )}
      {change.isError && <ProblemPanel error={change.error} />}
      <Modal
        opened={confirming}
        onClose={() => setConfirming(false)}
        centered
        title={<Text fw={600}>Stop all writes?</Text>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            change.mutate(true)
          }}
        >
          <Stack>
            <Text size="sm">
              No run starts any more, in no tenant. Runs under way stop after the operation that they are at, and can be
              resumed later. Reading, comparing and planning go on.
            </Text>
            <TextInput
              label="Reason"
              description="Shown to everybody who wants to run something."
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.currentTarget.value)}
              data-autofocus
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setConfirming(false)}>
                Not now
              </Button>
              <Button type="submit" color="red.9" loading={change.isPending}>
                Stop all writes
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
