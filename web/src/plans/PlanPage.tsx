import { Alert, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { environmentsQuery, planQuery } from '../api/queries.ts'
import { PlanApproval } from '../approvals/PlanApproval.tsx'
import { useRunPermission } from '../approvals/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { count } from '../components/count.ts'
import { TextLink } from '../components/links.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useRefusal } from '../session/use-may.ts'
import { useSelection } from '../shell/selection.ts'
import { Notes } from './Notes.tsx'
import { Operations } from './Operations.tsx'
import classes from './plans.module.css'
import { References } from './References.tsx'
import { RunConfirmation } from './RunConfirmation.tsx'
import { Unresolved } from './Unresolved.tsx'

const route = getRouteApi('/shell/plans/$planId')

/** The review of a plan: what to decide, what will be done, what each reference will point to, and the way to run it. */
export function PlanPage() {
  const { planId } = route.useParams()
  const { tenantId } = useSelection()
  const record = useQuery(planQuery(tenantId, planId))
  const names = record.data ? `${record.data.plan.source.name} → ${record.data.plan.destination.name}` : ''
  return (
    <Page
      key={planId}
      title="Plan"
      tabTitle={names ? `Plan ${names}` : 'Plan'}
      width={1200}
      summary={
        record.data && (
          <>
            {names} · made <Ago at={record.data.createdAt} /> · {optionsInWords(record.data.plan.options)}
          </>
        )
      }
    >
      {record.isError && <ProblemPanel error={record.error} onRetry={() => void record.refetch()} />}
      {record.isPending && (
        <Stack>
          <Skeleton height={72} />
          <Skeleton height={280} />
        </Stack>
      )}
      {record.data && <Review key={record.data.id} record={record.data} />}
    </Page>
  )
}

function Review({ record }: { record: Shapes['PlanRecord'] }) {
  const { plan, tenantId } = record
  const [confirming, setConfirming] = useState(false)
  const { data: environments = [] } = useQuery(environmentsQuery(tenantId))
  const production = environments.find(({ id }) => id === plan.destination.environmentId)?.type === 'PRODUCTION'
  const blockers = plan.notes.filter(({ severity }) => severity === 'blocker').length
  const missingRole = useRefusal('run', { tenantId, environmentId: plan.destination.environmentId })
  const permission = useRunPermission(record)
  const reason =
    missingRole ??
    (blockers > 0
      ? `${count(blockers, 'blocker')} must be settled first.`
      : plan.operations.length === 0
        ? 'There is nothing to do.'
        : !plan.destination.writable
          ? 'The destination cannot be written to.'
          : permission.isPending
            ? 'Looking whether something stands in the way…'
            : obstacleToRun(permission.data))
  return (
    <Stack gap="md">
      {record.runIds.length > 0 && (
        <Alert color="accent" variant="light">
          <Group gap="xs">
            <Text size="sm">
              This plan was run {record.runIds.length === 1 ? 'once' : `${record.runIds.length} times`}.
            </Text>
            <TextLink to="/runs/$runId" params={{ runId: record.runIds.at(-1) ?? '' }}>
              Look at the last run
            </TextLink>
          </Group>
        </Alert>
      )}
      <Totals plan={plan} />
      <Notes notes={plan.notes} />
      <Unresolved record={record} />
      <section className="card" aria-labelledby="operations">
        <Title order={2} id="operations" p="md" pb="xs">
          What will be done, in order
        </Title>
        <Operations operations={plan.operations} />
      </section>
      <section className="card" aria-labelledby="references">
        <Title order={2} id="references" p="md" pb={0}>
          What each reference will point to
        </Title>
        <References references={plan.references} />
      </section>
      <PlanApproval record={record} />
      <div className={`card ${classes.footer}`}>
        <Text size="sm" style={{ flex: 1 }} id="what-stops-the-run">
          {reason ??
            `Everything else in ${plan.destination.name} stays untouched${
              plan.totals.unchanged > 0 ? `; ${count(plan.totals.unchanged, 'artifact')} looked at already agree` : ''
            }.`}
        </Text>
        <ActionButton
          refusal={reason}
          toldBy="what-stops-the-run"
          leftSection={<IconPlayerPlay size={16} />}
          onClick={() => setConfirming(true)}
        >
          Run…
        </ActionButton>
      </div>
      <RunConfirmation
        record={record}
        production={production}
        opened={confirming}
        onClose={() => setConfirming(false)}
      />
    </Stack>
  )
}

/** The weightiest of what keeps the plan from being run; all of it, with what to do, stands in its own section. */
function obstacleToRun(permission: Shapes['RunPermission'] | undefined): string | undefined {
  const [first] = permission?.obstacles ?? []
  if (first?.code !== 'PLAN_ALREADY_RUN') return first?.detail
  return 'This plan was carried out. A new one starts from what is there now.'
}

function Totals({ plan }: { plan: Shapes['Plan'] }) {
  const { totals } = plan
  const cells = [
    ['To create', totals.create],
    ['To update', totals.update],
    ['To deploy', totals.deploy],
    ['Already agree', totals.unchanged],
    ['Requests', totals.requests],
  ] as const
  return (
    <div className={`card ${classes.totals}`}>
      {cells.map(([label, value]) => (
        <div key={label} className={classes.total}>
          <div className="eyebrow">{label}</div>
          <Text fw={600} size="xl" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Text>
        </div>
      ))}
    </div>
  )
}

function optionsInWords(options: Shapes['PlanOptions']): string {
  return [
    options.mode === 'copy' ? 'copied as new' : 'upgraded in place',
    options.withSubflows ? 'with subflows' : 'without subflows that differ',
    options.deploy ? 'deployed' : 'left staged',
    options.updateVariables ? 'variables updated' : 'variables that differ stay',
  ].join(', ')
}
