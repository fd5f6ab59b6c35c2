import { Alert, Box, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { answerOf, api, type Problem, type Shapes } from '../api/client.ts'
import { planQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { count } from '../components/count.ts'
import { TextLink } from '../components/links.tsx'
import { isolated } from '../components/name.ts'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago, duration } from '../components/time.tsx'
import { viewOf } from '../kinds/registry.ts'
import { useRefusal } from '../session/use-may.ts'
import { placeOf, useSelection } from '../shell/selection.ts'
import { useLiveRun } from './live-run.ts'
import { RunOperations } from './RunOperations.tsx'
import { hasEnded, RunState } from './RunState.tsx'

const route = getRouteApi('/shell/runs/$runId')

/** One run as it goes on: its operations, and what to do when it ended. */
export function RunPage() {
  const { runId } = route.useParams()
  const { tenantId } = useSelection()
  const run = useLiveRun(tenantId, runId)
  const act = useRunActions(tenantId, runId)
  return (
    <Page
      title="Run"
      tabTitle={run.data ? `Run ${run.data.state}: ${run.data.source} → ${run.data.destination}` : 'Run'}
      width={1100}
      summary={
        run.data && (
          <>
            <bdi>{run.data.source}</bdi> → <bdi>{run.data.destination}</bdi> · started{' '}
            <Ago at={run.data.startedAt ?? run.data.createdAt} /> ·{' '}
            <TextLink underline="always" to="/plans/$planId" params={{ planId: run.data.planId }}>
              its plan
            </TextLink>
          </>
        )
      }
      actions={run.data && <RunActions run={run.data} act={act} />}
    >
      {run.isError && <ProblemPanel error={run.error} onRetry={() => void run.refetch()} />}
      {run.isPending && <Skeleton height={240} />}
      {act.isError && (
        <Box mb="md">
          <ProblemPanel error={act.error} />
        </Box>
      )}
      {run.data && <RunBody run={run.data} stopping={isStopping(run.data, act)} />}
    </Page>
  )
}

type RunAction = 'cancel' | 'resume'

function useRunActions(tenantId: string, runId: string) {
  const queryClient = useQueryClient()
  const path = { tenantId, runId }
  return useMutation({
    mutationFn: (action: RunAction) =>
      answerOf(
        action === 'cancel'
          ? api.POST('/api/tenants/{tenantId}/runs/{runId}/cancel', { params: { path } })
          : api.POST('/api/tenants/{tenantId}/runs/{runId}/resume', { params: { path } }),
      ),
    onSuccess: (changed) => queryClient.setQueryData(['run', tenantId, runId], changed),
  })
}

type Acting = ReturnType<typeof useRunActions>

/** Whether it was asked to stop, and hasn't yet: the operation under way is brought to its end. */
const isStopping = (run: Shapes['Run'], act: Acting): boolean =>
  act.variables === 'cancel' && !act.isError && (run.state === 'running' || run.state === 'queued')

function RunActions({ run, act }: { run: Shapes['Run']; act: Acting }) {
  const stopping = isStopping(run, act)
  const refusal = useRunRefusal('run', run)
  const waiting = (action: RunAction) => act.isPending && act.variables === action
  const resumable = run.state === 'failed' || run.state === 'cancelled' || run.state === 'interrupted'
  return (
    <>
      {!hasEnded(run.state) && (
        <ActionButton
          refusal={refusal ?? (stopping ? 'It stops after the operation that is under way.' : undefined)}
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={waiting('cancel')}
          onClick={() => act.mutate('cancel')}
        >
          {stopping ? 'Stopping…' : 'Cancel run'}
        </ActionButton>
      )}
      {resumable && (
        <ActionButton
          refusal={refusal}
          leftSection={<IconPlayerPlay size={16} />}
          loading={waiting('resume')}
          onClick={() => act.mutate('resume')}
        >
          Resume
        </ActionButton>
      )}
    </>
  )
}

/** Why whoever is signed in may not do this where the run writes to. */
function useRunRefusal(permission: 'plan' | 'run', { tenantId, planId }: Shapes['Run']): string | undefined {
  const { data: record } = useQuery(planQuery(tenantId, planId))
  return useRefusal(permission, { tenantId, environmentId: record?.plan.destination.environmentId })
}

function RunBody({ run, stopping }: { run: Shapes['Run']; stopping: boolean }) {
  return (
    <Stack gap="md">
      <RunProgress run={run} stopping={stopping} />
      {run.state === 'failed' && <Failure run={run} />}
      {run.state === 'interrupted' && (
        <Alert color="orange" variant="light" icon={<IconPlugConnectedX size={18} />} title="Its process was lost">
          <Text size="sm">
            Nothing is lost: the journal says what was done, and an operation that was under way is looked up before
            anything is sent again. The run is taken up by itself as soon as a process is free, or by Resume.
          </Text>
        </Alert>
      )}
      {run.state === 'cancelled' && run.problem && <StoppedByGuard problem={run.problem} />}
      {run.state === 'cancelled' && !run.problem && (
        <Alert color="orange" variant="light" icon={<IconPlayerStop size={18} />} title="Stopped as you asked">
          <Text size="sm">
            What is marked done was written; the rest is untouched. Resume goes on where it stopped.
          </Text>
        </Alert>
      )}
      {run.state === 'done' && <Outcome run={run} />}
      <section className="card" aria-labelledby="operations">
        <Title order={2} id="operations" p="md" pb="xs">
          Operations
        </Title>
        {run.state === 'failed' && (
          <Text size="sm" c="dimmed" px="md" pb="xs">
            What is marked done was written; what comes after the failed one was not touched.
          </Text>
        )}
        <RunOperations operations={run.operations} state={run.state} />
      </section>
    </Stack>
  )
}

/** How far the run is: for the eye at once, for the ear every few seconds and when the state changes. */
function RunProgress({ run, stopping }: { run: Shapes['Run']; stopping: boolean }) {
  const done = run.operations.filter(({ state }) => state === 'done').length
  const total = run.operations.length
  const sum = `${done} of ${count(total, 'operation')}`
  const told = `Run ${stopping ? 'stopping' : run.state}: ${sum} done`
  const toldSlowly = useThrottledValue(told, 3000)
  const box = useRef<HTMLDivElement>(null)
  const shown = useRef(run.state)
  useEffect(() => {
    if (shown.current === run.state) return
    shown.current = run.state
    // The button that had the focus is gone with the state it belonged to.
    if (!document.activeElement || document.activeElement === document.body) box.current?.focus({ preventScroll: true })
  }, [run.state])
  return (
    <div className="card" ref={box} tabIndex={-1} style={{ outline: 'none' }}>
      <Stack p="md" gap="xs">
        <Group justify="space-between">
          <RunState state={run.state} />
          <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {sum}
            {run.startedAt && run.endedAt ? ` · ${duration(run.startedAt, run.endedAt)}` : ''}
          </Text>
        </Group>
        <Progress
          value={total === 0 ? 100 : (done / total) * 100}
          size="sm"
          color={colors[run.state] ?? 'accent'}
          animated={run.state === 'running'}
          aria-label="Operations done"
        />
        {run.state === 'running' && (
          <Text size="xs" c="dimmed" truncate>
            {stopping ? 'Stops after what is under way. ' : ''}
            {underWay(run)}
          </Text>
        )}
        <div className="visually-hidden" role="status">
          {run.state === 'running' && !stopping ? toldSlowly : told}
        </div>
      </Stack>
    </div>
  )
}

const colors: Partial<Record<Shapes['RunState'], string>> = {
  failed: 'red',
  done: 'green',
  cancelled: 'orange',
  interrupted: 'orange',
}

function underWay({ operations }: Shapes['Run']): string {
  const number = operations.findIndex(({ state }) => state === 'sending')
  const operation = operations[number]
  if (operation) return `Now operation ${number + 1}: ${isolated(operation.name)}`
  return operations.every(({ state }) => state === 'done')
    ? 'Now reading back what was written, to compare it'
    : 'Getting ready for the next operation'
}

/** What was set against it while it ran: a lock, a freeze, the stop of all writes, or an approval that holds no more. */
function StoppedByGuard({ problem }: { problem: Problem }) {
  return (
    <ProblemPanel problem={problem} title={stopped[problem.code] ?? 'Stopped by a guard of the environment'}>
      <Text size="sm">What is marked done was written; the rest is untouched. Resume goes on where it stopped.</Text>
    </ProblemPanel>
  )
}

const stopped: Record<string, string> = {
  WRITES_STOPPED: 'Stopped: all writes were stopped',
  ENVIRONMENT_LOCKED: 'Stopped: the environment was locked',
  ENVIRONMENT_FROZEN: 'Stopped: the environment is frozen',
  APPROVAL_VOID: 'Stopped: its approval is void',
  APPROVAL_DECLINED: 'Stopped: its approval was taken back',
}

/** Where a run stopped and why; the way to a new plan of the same, since what is there may have changed. */
function Failure({ run }: { run: Shapes['Run'] }) {
  const number = run.operations.findIndex(({ state }) => state === 'failed')
  const failed = run.operations[number]
  const problem = failed?.problem ?? run.problem
  if (!problem) return null
  return (
    <ProblemPanel
      problem={problem}
      title={
        failed ? (
          <>
            Stopped at operation {number + 1}: <bdi>{failed.name}</bdi>
          </>
        ) : (
          'Stopped before anything was sent'
        )
      }
    >
      <NewPlan run={run} />
    </ProblemPanel>
  )
}

function NewPlan({ run }: { run: Shapes['Run'] }) {
  const { tenantId } = run
  const record = useQuery(planQuery(tenantId, run.planId))
  const refusal = useRunRefusal('plan', run)
  const navigate = useNavigate()
  const make = useMutation({
    mutationFn: ({ source, destination, selection, options }: Shapes['Plan']) =>
      answerOf(
        api.POST('/api/tenants/{tenantId}/plans', {
          params: { path: { tenantId } },
          body: { from: source.spec, to: destination.spec, selection, options },
        }),
      ),
    onSuccess: (made) => void navigate({ to: '/plans/$planId', params: { planId: made.id } }),
  })
  if (!record.data) return null
  const { plan } = record.data
  return (
    <>
      <ActionButton
        refusal={refusal}
        size="xs"
        variant="default"
        loading={make.isPending}
        onClick={() => make.mutate(plan)}
      >
        Make a new plan of the same
      </ActionButton>
      {make.isError && <ProblemPanel error={make.error} />}
    </>
  )
}

/** What a run came to: whether what was written reads back the same, and the ways on from there. */
function Outcome({ run }: { run: Shapes['Run'] }) {
  const plan = useQuery(planQuery(run.tenantId, run.planId))
  const { verification, problem } = run
  const different = verification?.different ?? []
  const good = verification !== undefined && different.length === 0
  return (
    <>
      {problem && <ProblemPanel problem={problem} title="Done, but it could not be read back" />}
      <Alert
        color={good ? 'green' : 'orange'}
        variant="light"
        icon={good ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
        title={
          good ? 'Verified' : verification ? 'Done, but not all of it reads back the same' : 'Done, but not verified'
        }
      >
        <Stack gap="xs">
          <Text size="sm">
            {verification
              ? `What was written was read back and compared: ${verification.identical} identical${
                  different.length > 0 ? `, ${different.length} different` : ''
                }.`
              : 'Everything was written. Compare the places again to see that it agrees.'}
          </Text>
          {different.map(({ name, gist }) => (
            <Text size="sm" key={name} className="long-name">
              <bdi style={{ fontWeight: 600 }}>{name}</bdi>: {gist}
            </Text>
          ))}
          {plan.data && <WaysBack plan={plan.data.plan} />}
        </Stack>
      </Alert>
    </>
  )
}

/** To the workspaces of what was written, pointed at the places of the plan. */
function WaysBack({ plan }: { plan: Shapes['Plan'] }) {
  const views = [...new Set(plan.operations.map(({ kind }) => kind))].flatMap((kind) => viewOf(kind) ?? [])
  const followUps = plan.operations.flatMap((operation) =>
    operation.followUp.map((step) => ({ step, name: operation.name })),
  )
  const spec = (place: Shapes['PlaceDescription']) => (place.environmentId ? placeOf(place.environmentId) : place.spec)
  return (
    <>
      {followUps.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            Left to do by hand in {plan.destination.name}
          </Text>
          {followUps.map(({ step, name }) => (
            <Text size="sm" key={`${name} ${step}`} className="long-name">
              <bdi>{name}</bdi>: {step}
            </Text>
          ))}
        </div>
      )}
      <Group gap="md">
        {views.map((view) => (
          <TextLink
            key={view.slug}
            to="/orchestration/$kind"
            params={{ kind: view.slug }}
            search={(previous) => ({
              ...previous,
              from: spec(plan.source),
              to: spec(plan.destination),
            })}
          >
            See {view.label.many.toLowerCase()} compared
          </TextLink>
        ))}
      </Group>
    </>
  )
}
