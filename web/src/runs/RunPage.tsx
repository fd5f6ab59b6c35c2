import { Alert, Button, Group, Progress, Skeleton, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { planQuery } from '../api/queries.ts'
import { count } from '../components/count.ts'
import { TextLink } from '../components/links.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago, duration } from '../components/time.tsx'
import { viewOf } from '../kinds/registry.ts'
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
  return (
    <Page
      title="Run"
      tabTitle={run.data ? `Run ${run.data.state}: ${run.data.source} → ${run.data.destination}` : 'Run'}
      width={1100}
      summary={
        run.data && (
          <>
            {run.data.source} → {run.data.destination} · started <Ago at={run.data.startedAt ?? run.data.createdAt} /> ·{' '}
            <TextLink underline="always" to="/plans/$planId" params={{ planId: run.data.planId }}>
              its plan
            </TextLink>
          </>
        )
      }
      actions={run.data && <RunActions run={run.data} />}
    >
      {run.isError && <ProblemPanel error={run.error} onRetry={() => void run.refetch()} />}
      {run.isPending && <Skeleton height={240} />}
      {run.data && <RunBody run={run.data} />}
    </Page>
  )
}

function RunActions({ run }: { run: Shapes['Run'] }) {
  const queryClient = useQueryClient()
  const path = { tenantId: run.tenantId, runId: run.id }
  const act = useMutation({
    mutationFn: (action: 'cancel' | 'resume') =>
      answerOf(
        action === 'cancel'
          ? api.POST('/api/tenants/{tenantId}/runs/{runId}/cancel', { params: { path } })
          : api.POST('/api/tenants/{tenantId}/runs/{runId}/resume', { params: { path } }),
      ),
    onSuccess: (changed) => queryClient.setQueryData(['run', run.tenantId, run.id], changed),
  })
  const resumable = run.state === 'failed' || run.state === 'cancelled' || run.state === 'interrupted'
  return (
    <>
      {(run.state === 'running' || run.state === 'queued') && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={act.isPending}
          onClick={() => act.mutate('cancel')}
        >
          Cancel
        </Button>
      )}
      {resumable && (
        <Button leftSection={<IconPlayerPlay size={16} />} loading={act.isPending} onClick={() => act.mutate('resume')}>
          Resume
        </Button>
      )}
      {act.isError && <ProblemPanel error={act.error} />}
    </>
  )
}

function RunBody({ run }: { run: Shapes['Run'] }) {
  const done = run.operations.filter(({ state }) => state === 'done').length
  const total = run.operations.length
  return (
    <Stack gap="md">
      <div className="card">
        <Stack p="md" gap="xs">
          <Group justify="space-between">
            <div role="status" aria-live="polite">
              <RunState state={run.state} />
            </div>
            <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {done} of {count(total, 'operation')}
              {run.startedAt && run.endedAt ? ` · ${duration(run.startedAt, run.endedAt)}` : ''}
            </Text>
          </Group>
          <Progress
            value={total === 0 ? 100 : (done / total) * 100}
            size="sm"
            color={run.state === 'failed' ? 'red' : run.state === 'done' ? 'green' : 'accent'}
            animated={!hasEnded(run.state)}
            aria-label="Operations done"
          />
        </Stack>
      </div>
      {run.state === 'failed' && <Failure run={run} />}
      {run.state === 'interrupted' && (
        <Alert color="orange" variant="light" icon={<IconPlugConnectedX size={18} />} title="Its process was lost">
          <Text size="sm">
            Nothing is lost: the journal says what was done. It is taken up again by a running process, or by Resume.
          </Text>
        </Alert>
      )}
      {run.state === 'cancelled' && (
        <Alert color="orange" variant="light" title="Stopped as you asked">
          <Text size="sm">
            What is marked done was written; the rest is untouched. Resume goes on where it stopped.
          </Text>
        </Alert>
      )}
      {run.state === 'done' && <Verification run={run} />}
      <section className="card" aria-labelledby="operations">
        <Title order={2} id="operations" p="md" pb="xs">
          Operations
        </Title>
        <RunOperations operations={run.operations} ended={hasEnded(run.state)} />
      </section>
    </Stack>
  )
}

/** Where a run stopped and why; the way to a new plan of the same, since what is there may have changed. */
function Failure({ run }: { run: Shapes['Run'] }) {
  const number = run.operations.findIndex(({ problem }) => problem !== undefined)
  const failed = run.operations[number]
  if (!failed) return run.problem ? <ProblemPanel problem={run.problem} /> : null
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={`Stopped at operation ${number + 1}: ${failed.name}`}
    >
      <Stack gap="xs">
        <Text size="sm">
          Why, and what to do, stands below. What is marked done was written; what comes after it was not touched.
        </Text>
        <NewPlan run={run} />
      </Stack>
    </Alert>
  )
}

function NewPlan({ run }: { run: Shapes['Run'] }) {
  const { tenantId } = run
  const record = useQuery(planQuery(tenantId, run.planId))
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
      <Group>
        <Button size="xs" variant="default" loading={make.isPending} onClick={() => make.mutate(plan)}>
          Make a new plan of the same
        </Button>
      </Group>
      {make.isError && <ProblemPanel error={make.error} />}
    </>
  )
}

function Verification({ run }: { run: Shapes['Run'] }) {
  const plan = useQuery(planQuery(run.tenantId, run.planId))
  const different = run.verification?.different ?? []
  return (
    <Alert
      color={different.length > 0 ? 'orange' : 'green'}
      variant="light"
      icon={<IconCircleCheck size={18} />}
      title={different.length > 0 ? 'Done, but not all of it reads back the same' : 'Verified'}
    >
      <Stack gap="xs">
        <Text size="sm">
          {run.verification
            ? `What was written was read back and compared: ${run.verification.identical} identical${
                different.length > 0 ? `, ${different.length} different` : ''
              }.`
            : 'Everything was written.'}
        </Text>
        {different.map(({ name, gist }) => (
          <Text size="sm" key={name}>
            <strong>{name}</strong>: {gist}
          </Text>
        ))}
        {plan.data && <WaysBack plan={plan.data.plan} />}
      </Stack>
    </Alert>
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
            <Text size="sm" key={`${name} ${step}`}>
              {name}: {step}
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
