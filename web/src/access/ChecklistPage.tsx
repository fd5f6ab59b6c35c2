import { Badge, Group, List, Loader, Select, Stack, Text, Title } from '@mantine/core'
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconExternalLink,
  IconEye,
  IconPlayerPlay,
} from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { eventStream } from '../api/event-stream.ts'
import { environmentsQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { useRefusal } from '../session/use-may.ts'
import { useSelection } from '../shell/selection.ts'

type Item = Shapes['ChecklistItem']
type Event = Shapes['ChecklistEvent']
type Id = Item['id']

const waiting: { id: Id; title: string }[] = [
  { id: 'enabled', title: 'The worker app is enabled' },
  { id: 'grant', title: 'It has the grant type Client Credentials' },
  { id: 'credentials', title: 'Environment ID, client ID and client secret are right' },
  { id: 'token', title: 'A token can be minted' },
  { id: 'roles', title: 'Roles are assigned to it' },
  { id: 'read', title: 'A workspace loads' },
  { id: 'write', title: 'A write succeeds in an environment that is not for production' },
]

/** Settings > Validation Checklist: each check of a worker app, live, with the likely causes of what fails. */
export function ChecklistPage() {
  const { tenantId } = useSelection()
  const refusal = useRefusal('configure', { tenantId })
  const [items, setItems] = useState<ReadonlyMap<Id, Item>>(new Map())
  const [running, setRunning] = useState<Id>()
  const [error, setError] = useState<unknown>()
  const going = useRef<AbortController>(undefined)
  const put = (item: Item) => setItems((before) => new Map(before).set(item.id, item))
  const start = () => {
    going.current?.abort()
    const controller = new AbortController()
    going.current = controller
    setItems(new Map())
    setError(undefined)
    setRunning('enabled')
    const follow = async () => {
      const address = `/api/tenants/${tenantId}/checklist/events`
      for await (const event of eventStream<Event>(address, controller.signal)) {
        if (event.type === 'running') setRunning(event.id)
        else if (event.type === 'item') put(event.item)
      }
    }
    follow()
      .catch((thrown: unknown) => {
        if (!controller.signal.aborted) setError(thrown)
      })
      .finally(() => {
        if (going.current === controller) setRunning(undefined)
      })
  }
  const passed = [...items.values()].filter(({ outcome }) => outcome === 'passed').length
  return (
    <Page
      title="Validation Checklist"
      summary="Goes through what a worker app needs, one check after the other, and says for each failure what is likely behind it and where in PingOne to mend it."
      width={880}
      actions={
        <ActionButton
          leftSection={<IconPlayerPlay size={16} />}
          loading={running !== undefined}
          onClick={start}
          refusal={refusal}
        >
          {items.size > 0 ? 'Go through it again' : 'Go through it'}
        </ActionButton>
      }
    >
      <Stack>
        {error !== undefined && <ProblemPanel error={error} onRetry={start} />}
        <section className="card" aria-label="Checks" aria-busy={running !== undefined}>
          <Stack component="ol" gap={0} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {waiting.map(({ id, title }) => (
              <Check key={id} title={title} item={items.get(id)} running={running === id} />
            ))}
          </Stack>
        </section>
        <Text size="sm" c="dimmed" role="status">
          {items.size > 0 && running === undefined ? `${passed} of ${waiting.length} passed.` : ''}
        </Text>
        <TrialWrite tenantId={tenantId} onResult={put} />
      </Stack>
    </Page>
  )
}

const outcomes: Record<Item['outcome'], string> = {
  passed: 'Passed',
  failed: 'Failed',
  skipped: 'Not tried',
  byHand: 'Look in PingOne',
}

function Check({ title, item, running }: { title: string; item: Item | undefined; running: boolean }) {
  return (
    <Group
      component="li"
      align="flex-start"
      wrap="nowrap"
      gap="sm"
      p="md"
      style={{ borderBottom: '1px solid var(--app-border)' }}
    >
      <Sign outcome={item?.outcome} running={running} />
      <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {title}
          </Text>
          {item?.outcome === 'byHand' && <Badge variant="light">Look in PingOne</Badge>}
        </Group>
        {item && (
          <Text size="sm" c={item.outcome === 'failed' ? 'var(--mantine-color-text)' : 'dimmed'}>
            {item.detail}
          </Text>
        )}
        {item && item.causes.length > 0 && (
          <List size="sm" spacing={6} mt={4}>
            {item.causes.map((cause) => (
              <List.Item key={cause.cause}>
                {item.detail.includes(cause.cause) ? null : `${signal(item, cause)}${cause.cause}`}
                <Text size="xs" c="dimmed">
                  <IconExternalLink size={12} aria-hidden style={{ verticalAlign: -1, marginRight: 4 }} />
                  {cause.where}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Group>
  )
}

const signal = ({ outcome }: Item, { certain }: Item['causes'][number]) =>
  outcome === 'failed' ? (certain ? 'Cause: ' : 'Likely: ') : ''

function Sign({ outcome, running }: { outcome: Item['outcome'] | undefined; running: boolean }) {
  const style = { flexShrink: 0, marginTop: 1 }
  if (running && !outcome) return <Loader size={18} aria-label="Checking" />
  if (outcome === 'passed') {
    return <IconCircleCheck size={20} color="var(--state-identical)" style={style} role="img" aria-label="Passed" />
  }
  if (outcome === 'failed') {
    return <IconCircleX size={20} color="var(--state-ambiguous)" style={style} role="img" aria-label="Failed" />
  }
  const label = outcome ? outcomes[outcome] : 'Not tried yet'
  const Icon = outcome === 'byHand' ? IconEye : IconCircleDashed
  return <Icon size={20} color="var(--mantine-color-dimmed)" style={style} role="img" aria-label={label} />
}

function TrialWrite({ tenantId, onResult }: { tenantId: string; onResult: (item: Item) => void }) {
  const environments = useQuery(environmentsQuery(tenantId))
  const refusal = useRefusal('configure', { tenantId })
  const fit = environments.data?.filter(({ type }) => type !== 'PRODUCTION') ?? []
  const [environmentId, setEnvironmentId] = useState<string | null>(null)
  const attempt = useMutation({
    mutationFn: (id: string) =>
      answerOf(
        api.POST('/api/tenants/{tenantId}/checklist/write', {
          params: { path: { tenantId } },
          body: { environmentId: id },
        }),
      ),
    onSuccess: onResult,
  })
  const name = fit.find(({ id }) => id === environmentId)?.name
  return (
    <section className="card" aria-labelledby="trial">
      <Stack p="md" gap="sm">
        <div>
          <Title order={2} id="trial">
            Try a write
          </Title>
          <Text size="sm" c="dimmed">
            Makes one variable named flightiqTrialWrite… and removes it again. Only where it is not production.
          </Text>
        </div>
        {environments.isError && (
          <ProblemPanel error={environments.error} onRetry={() => void environments.refetch()} />
        )}
        {attempt.isError && <ProblemPanel error={attempt.error} />}
        <Group align="flex-end">
          <Select
            label="Environment"
            placeholder={environments.isPending ? 'Reading…' : 'Choose one'}
            data={fit.map((one) => ({ value: one.id, label: one.name }))}
            value={environmentId}
            onChange={setEnvironmentId}
            searchable
            w={280}
          />
          <ActionButton
            variant="default"
            disabled={environmentId === null}
            loading={attempt.isPending}
            onClick={() => environmentId && attempt.mutate(environmentId)}
            refusal={refusal}
          >
            {name ? `Write to ${name} and undo it` : 'Write and undo it'}
          </ActionButton>
        </Group>
      </Stack>
    </section>
  )
}
