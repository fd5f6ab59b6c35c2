import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconPlayerStop, IconRefresh, IconTransfer } from '@tabler/icons-react'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { noEnvironmentSeen } from '../access/no-environment.ts'
import { type Problem, problemOf, type Shapes } from '../api/client.ts'
import { artifactsQuery, environmentsQuery, kindsQuery } from '../api/queries.ts'
import { CompareDrawer } from '../compare/CompareDrawer.tsx'
import { ActionButton } from '../components/ActionButton.tsx'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'
import { viewOfSlug } from '../kinds/registry.ts'
import { MigrateDialog, type MigrateRequest } from '../plans/MigrateDialog.tsx'
import { useRefusal } from '../session/use-may.ts'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import { useComparison } from './comparison.ts'
import { ReadingProgress } from './ReadingProgress.tsx'
import { WorkspaceRows } from './WorkspaceRows.tsx'

const route = getRouteApi('/shell/orchestration/$kind')

/** The workspace of a kind: what source and destination have of it, how that stands, and the way to bring it over. */
export function WorkspacePage() {
  const { kind } = route.useParams()
  const view = viewOfSlug(kind)
  const { tenantId, from, to } = useSelection()
  // Another kind or other places start afresh: filters and selection belong to what they were made in.
  return <Workspace key={`${view.name} ${tenantId} ${from} ${to}`} view={view} />
}

function Workspace({ view }: { view: KindView }) {
  const { tenantId, from, to } = useSelection()
  const compared = from !== undefined && to !== undefined && view.comparable
  const comparison = useComparison({ tenantId, from, to: compared ? to : undefined, kind: view.name })
  const list = useQuery({ ...artifactsQuery(tenantId, view.name, from ?? ''), enabled: !!from && !compared })
  const kinds = useQuery(kindsQuery)
  const writable = kinds.data?.find((kind) => kind.name === view.name)?.writable ?? false
  const [migrating, setMigrating] = useState<MigrateRequest>()
  const refusal = useRefusal('plan', { tenantId, environmentId: environmentIdOf(to) })
  const rows = useMemo<Row[]>(() => {
    if (compared) return comparison.report?.rows.filter((row) => row.kind === view.name) ?? []
    return (list.data ?? []).map((artifact) => ({
      kind: view.name,
      state: 'onlyInSource',
      source: view.sideOf(artifact),
      gist: '',
      layoutOnly: false,
    }))
  }, [compared, comparison.report, list.data, view])

  const error = compared ? comparison.error : list.error
  const again = compared ? comparison.refresh : () => void list.refetch()
  const environments = useQuery(environmentsQuery(tenantId))
  const hidden = environments.data && hiddenPlace({ from, to: compared ? to : undefined }, environments.data)
  const readAgain = () => {
    if (hidden) void environments.refetch()
    again()
  }
  return (
    <Page
      title={view.label.many}
      summary={view.summary}
      fill
      actions={
        <>
          {compared && comparison.report && (
            <Text size="xs" c="dimmed">
              Read <Ago at={comparison.report.readAt} /> · {count(comparison.report.requests, 'request')}
            </Text>
          )}
          {compared && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} />}
              onClick={comparison.refresh}
              disabled={comparison.reading}
            >
              Refresh
            </Button>
          )}
          {compared && writable && !view.pickable && rows.length > 0 && (
            <ActionButton
              refusal={refusal}
              leftSection={<IconTransfer size={16} />}
              onClick={() => setMigrating({ kinds: [view.name], title: `all ${view.label.many.toLowerCase()}` })}
            >
              Migrate all…
            </ActionButton>
          )}
        </>
      }
    >
      <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
        {!from && <ChooseSource environments={environments} />}
        {from && !to && view.comparable && <ChooseDestination />}
        {compared && comparison.reading && (
          <ReadingProgress progress={comparison.progress} onCancel={comparison.cancel} />
        )}
        {error && !comparison.reading && <Unreadable error={error} hidden={hidden} onRetry={readAgain} />}
        {compared && !comparison.reading && !comparison.report && !error && (
          <EmptyState
            icon={IconPlayerStop}
            title="Reading was cancelled"
            actions={<Button onClick={comparison.refresh}>Read again</Button>}
          >
            Nothing is shown, since half a reading could not be compared.
          </EmptyState>
        )}
        {from && !compared && list.isPending && <Skeleton height={240} />}
        {(compared ? comparison.report : list.data) && (
          <WorkspaceRows view={view} rows={rows} compared={compared} onMigrate={setMigrating} />
        )}
      </Stack>
      {from && <CompareDrawer view={view} rows={rows} compared={compared} onMigrate={setMigrating} />}
      <MigrateDialog request={migrating} onClose={() => setMigrating(undefined)} />
    </Page>
  )
}

/** The problem that PingOne doesn't tell the worker app of a chosen environment: it has no role there, or it is gone. */
function hiddenPlace(
  chosen: { from: string | undefined; to: string | undefined },
  environments: { id: string }[],
): Problem | undefined {
  const isHidden = (place: string | undefined) => {
    const id = environmentIdOf(place)
    return id !== undefined && !environments.some((environment) => environment.id === id)
  }
  const which = isHidden(chosen.from) ? 'source' : isHidden(chosen.to) ? 'destination' : undefined
  if (!which) return undefined
  return {
    type: 'about:blank',
    title: `The worker app does not see the ${which}`,
    status: 403,
    code: 'ENVIRONMENT_NOT_VISIBLE',
    detail: `PingOne shows a worker app only environments that it has a role on. It has none on the chosen ${which}, or that environment is gone.`,
    nextStep: `Give the worker app a role there, such as DaVinci Admin, or choose another ${which}.`,
  }
}

/** Why a place could not be read. What the server found out is better than what its list of environments lets guess. */
function Unreadable({ error, hidden, onRetry }: { error: unknown; hidden: Problem | undefined; onRetry: () => void }) {
  const problem = problemOf(error)
  const { diagnosis } = problem
  return (
    <ProblemPanel
      problem={diagnosis || !hidden ? problem : hidden}
      title={diagnosis ? hidden?.title : undefined}
      onRetry={onRetry}
    />
  )
}

/** Where nothing is chosen yet; when there is nothing to choose, the reason. */
function ChooseSource({ environments }: { environments: UseQueryResult<Shapes['Environment'][]> }) {
  const again = () => void environments.refetch()
  if (environments.isError) return <ProblemPanel error={environments.error} onRetry={again} />
  if (environments.data?.length === 0) return <ProblemPanel problem={noEnvironmentSeen} onRetry={again} />
  return (
    <EmptyState icon={IconArrowRight} title="Choose a source and a destination">
      They are in the header. The source is where things come from, the destination is where they go. Looking at them
      changes nothing.
    </EmptyState>
  )
}

function ChooseDestination() {
  const { tenantId, from, chooseDestination } = useSelection()
  const environments = useQuery(environmentsQuery(tenantId))
  const others = environments.data?.filter(({ id }) => id !== environmentIdOf(from)) ?? []
  return (
    <Group className="card" p="sm" gap="xs">
      <Text size="sm">
        This is what the source has. Choose a destination to compare
        {others.length > 0 && others.length <= 4 ? ' with:' : '.'}
      </Text>
      {others.length <= 4 &&
        others.map(({ id, name }) => (
          <Anchor key={id} component="button" type="button" size="sm" onClick={() => chooseDestination(`env:${id}`)}>
            {name}
          </Anchor>
        ))}
    </Group>
  )
}
