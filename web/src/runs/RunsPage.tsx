import { Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconListCheck, IconProgressCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Shapes } from '../api/client.ts'
import { plansQuery, runsQuery } from '../api/queries.ts'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { isolated } from '../components/name.ts'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago, duration } from '../components/time.tsx'
import { useSelection } from '../shell/selection.ts'
import { RunState } from './RunState.tsx'
import classes from './runs.module.css'

/** All runs and all plans of the tenant, newest first. */
export function RunsPage() {
  const { tenantId } = useSelection()
  const runs = useQuery({ ...runsQuery(tenantId), refetchInterval: 5000 })
  const plans = useQuery(plansQuery(tenantId))
  return (
    <Page
      title="Runs"
      summary="What was brought from one place to another, operation by operation, and the plans made for it."
      width={1100}
    >
      <Tabs defaultValue="runs" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="runs">Runs{runs.data ? ` (${runs.data.length})` : ''}</Tabs.Tab>
          <Tabs.Tab value="plans">Plans{plans.data ? ` (${plans.data.length})` : ''}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="runs">
          {runs.isError && <ProblemPanel error={runs.error} onRetry={() => void runs.refetch()} />}
          {runs.isPending && <Skeleton height={160} />}
          {runs.data && <RunList runs={runs.data} />}
        </Tabs.Panel>
        <Tabs.Panel value="plans">
          {plans.isError && <ProblemPanel error={plans.error} onRetry={() => void plans.refetch()} />}
          {plans.data && <PlanList plans={plans.data} />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** Runs as a list of links. */
export function RunList({ runs }: { runs: Shapes['Run'][] }) {
  if (runs.length === 0) {
    return (
      <div className="card">
        <EmptyState icon={IconProgressCheck} title="Nothing was run yet">
          Open Flows, select what is to be brought over, and choose Migrate. Nothing is written before you have reviewed
          the plan.
        </EmptyState>
      </div>
    )
  }
  return (
    <ul className={`card ${classes.operations}`} aria-label="Runs">
      {runs.map((run) => {
        const done = run.operations.filter(({ state }) => state === 'done').length
        return (
          <li key={run.id} className={classes.item}>
            <Link className={classes.rowLink} to="/runs/$runId" params={{ runId: run.id }}>
              <RunState state={run.state} />
              <Stack gap={0} miw={0}>
                <Text size="sm" fw={600} truncate>
                  <bdi>{run.source}</bdi> → <bdi>{run.destination}</bdi>
                </Text>
                <Text size="xs" c="dimmed" truncate title={namesOf(run)}>
                  {namesOf(run)}
                </Text>
              </Stack>
              <Text size="xs" c="dimmed">
                {done} of {count(run.operations.length, 'operation')}
                {run.startedAt && run.endedAt ? ` · ${duration(run.startedAt, run.endedAt)}` : ''}
              </Text>
              <Text size="xs" c="dimmed" ta="right">
                <Ago at={run.createdAt} />
              </Text>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

function namesOf(run: Shapes['Run']): string {
  const flows = run.operations.filter(({ kind, action }) => kind === 'flow' && action !== 'deploy')
  const names = [...new Set((flows.length > 0 ? flows : run.operations).map(({ name }) => isolated(name)))]
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
}

function PlanList({ plans }: { plans: Shapes['PlanSummary'][] }) {
  if (plans.length === 0) {
    return (
      <div className="card">
        <EmptyState icon={IconListCheck} title="No plan was made yet" />
      </div>
    )
  }
  return (
    <ul className={`card ${classes.operations}`} aria-label="Plans">
      {plans.map((plan) => (
        <li key={plan.id} className={classes.item}>
          <Link className={classes.rowLink} to="/plans/$planId" params={{ planId: plan.id }}>
            <Text size="sm" c={plan.blockers > 0 ? 'var(--state-warning)' : 'dimmed'}>
              {plan.blockers > 0 ? count(plan.blockers, 'blocker') : plan.runIds.length > 0 ? 'Run' : 'Ready'}
            </Text>
            <Text size="sm" fw={600} truncate>
              <bdi>{plan.source}</bdi> → <bdi>{plan.destination}</bdi>
            </Text>
            <Text size="xs" c="dimmed">
              {count(plan.operations, 'operation')}
            </Text>
            <Text size="xs" c="dimmed" ta="right">
              <Ago at={plan.createdAt} />
            </Text>
          </Link>
        </li>
      ))}
    </ul>
  )
}
