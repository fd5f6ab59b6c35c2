import { Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconArrowRight, IconCircle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { noEnvironmentSeen } from '../access/no-environment.ts'
import type { Shapes } from '../api/client.ts'
import { environmentsQuery, runsQuery, tenantsQuery } from '../api/queries.ts'
import { TextLink } from '../components/links.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { matchStates, StateBadge } from '../components/StateBadge.tsx'
import type { KindView } from '../kinds/kind-view.ts'
import { kindViews } from '../kinds/registry.ts'
import { RunList } from '../runs/RunsPage.tsx'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import { countByState } from '../workspace/row-filter.ts'
import classes from './HomePage.module.css'

/** Where one starts: what is chosen, the way to each kind, and the last runs. */
export function HomePage() {
  const { tenantId, from, to } = useSelection()
  const tenants = useQuery(tenantsQuery)
  const environments = useQuery(environmentsQuery(tenantId))
  const runs = useQuery(runsQuery(tenantId))
  const tenant = tenants.data?.find(({ id }) => id === tenantId)
  return (
    <Page
      title={tenant?.name ?? 'Home'}
      tabTitle="Home"
      summary="Compare two environments, then bring over what should be the same."
      width={1160}
    >
      <Stack gap="xl">
        {environments.isError ? (
          <ProblemPanel error={environments.error} onRetry={() => void environments.refetch()}>
            <TextLink to="/settings/tenants">To Tenant Configuration</TextLink>
          </ProblemPanel>
        ) : environments.data?.length === 0 ? (
          <ProblemPanel problem={noEnvironmentSeen} onRetry={() => void environments.refetch()}>
            <TextLink to="/settings/access">See the access matrix</TextLink>
          </ProblemPanel>
        ) : (
          <Steps from={from} to={to} environments={environments.data ?? []} runs={runs.data ?? []} />
        )}
        <section aria-labelledby="orchestration">
          <Title order={2} id="orchestration" mb="sm">
            Orchestration
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
            {kindViews.map((view) => (
              <KindCard key={view.name} view={view} />
            ))}
          </SimpleGrid>
        </section>
        <section aria-labelledby="runs">
          <Group justify="space-between" mb="sm">
            <Title order={2} id="runs">
              Last runs
            </Title>
            <TextLink to="/runs">All runs</TextLink>
          </Group>
          {runs.isPending && <Skeleton height={120} />}
          {runs.isError && <ProblemPanel error={runs.error} onRetry={() => void runs.refetch()} />}
          {runs.data && <RunList runs={runs.data.slice(0, 5)} />}
        </section>
      </Stack>
    </Page>
  )
}

interface StepsProps {
  from: string | undefined
  to: string | undefined
  environments: Shapes['Environment'][]
  runs: Shapes['Run'][]
}

/** The way to a first migration, with what is done of it. Gone once something was run. */
function Steps({ from, to, environments, runs }: StepsProps) {
  if (runs.some(({ state }) => state === 'done')) return null
  const name = (spec: string | undefined) => environments.find(({ id }) => id === environmentIdOf(spec))?.name
  const steps = [
    { done: from !== undefined, text: 'Choose the source in the header', detail: name(from) },
    { done: to !== undefined, text: 'Choose the destination beside it', detail: name(to) },
    { done: false, text: 'Open Flows, look at what differs, and choose Migrate', detail: undefined },
    { done: false, text: 'Review the plan, then run it', detail: undefined },
  ]
  return (
    <section className="card" aria-labelledby="steps">
      <Stack p="md" gap="sm">
        <Title order={2} id="steps">
          Your first migration
        </Title>
        <ol className={classes.steps}>
          {steps.map(({ done, text, detail }) => (
            <li key={text}>
              <Group gap={8} wrap="nowrap">
                {done ? (
                  <IconCircleCheck size={18} color="var(--state-identical)" role="img" aria-label="Done" />
                ) : (
                  <IconCircle size={18} color="var(--app-border-strong)" aria-hidden />
                )}
                <Text size="sm">{text}</Text>
                {detail && (
                  <Text size="sm" c="dimmed">
                    {detail}
                  </Text>
                )}
              </Group>
            </li>
          ))}
        </ol>
        {from && to && (
          <TextLink to="/orchestration/$kind" params={{ kind: 'flows' }}>
            Open Flows
          </TextLink>
        )}
      </Stack>
    </section>
  )
}

/** The way to a workspace, with the counts of the last comparison where there was one. */
function KindCard({ view }: { view: KindView }) {
  const { tenantId, from, to } = useSelection()
  const report = useQueryClient().getQueryData<Shapes['ComparisonReport']>([
    'comparison',
    tenantId,
    from,
    to,
    view.name,
  ])
  const counts = countByState(report?.rows ?? [])
  const Icon = view.icon
  return (
    <Link className={`card ${classes.kind}`} to="/orchestration/$kind" params={{ kind: view.slug }}>
      <Group gap={10} wrap="nowrap">
        <Icon size={20} stroke={1.6} aria-hidden />
        <Text fw={600}>{view.label.many}</Text>
        <IconArrowRight size={16} className={classes.arrow} aria-hidden />
      </Group>
      {report && report.rows.length > 0 ? (
        <Group gap={6}>
          {matchStates
            .filter((state) => counts[state])
            .map((state) => (
              <Group key={state} gap={4}>
                <StateBadge state={state} />
                <Text size="xs" fw={600}>
                  {counts[state]}
                </Text>
              </Group>
            ))}
        </Group>
      ) : (
        <Text size="xs" c="dimmed">
          {report ? 'None on either side.' : view.summary}
        </Text>
      )}
    </Link>
  )
}
