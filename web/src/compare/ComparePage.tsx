import { IconArrowsLeftRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { pairQuery } from '../api/queries.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { TextLink } from '../components/links.tsx'
import { Page } from '../components/Page.tsx'
import { viewOfSlug } from '../kinds/registry.ts'
import { MigrateDialog, type MigrateRequest } from '../plans/MigrateDialog.tsx'
import { useSelection } from '../shell/selection.ts'
import { rowName } from '../workspace/row-filter.ts'
import { PairView } from './PairView.tsx'

const route = getRouteApi('/shell/orchestration/$kind/compare')

/** One pair on a page of its own, to be sent around as a link. */
export function ComparePage() {
  const { kind } = route.useParams()
  const { sourceId, destinationId } = route.useSearch()
  const view = viewOfSlug(kind)
  const { tenantId, from, to } = useSelection()
  const [migrating, setMigrating] = useState<MigrateRequest>()
  const pair = useQuery({
    ...pairQuery(tenantId, from ?? '', to ?? '', { kind: view.name, sourceId, destinationId }),
    enabled: from !== undefined && to !== undefined,
  })
  const title = pair.data ? rowName(pair.data.row) : `Compare ${view.label.one.toLowerCase()}`
  return (
    <Page
      title={title}
      tabTitle={`${title} compared`}
      width={1280}
      summary={
        <TextLink to="/orchestration/$kind" params={{ kind: view.slug }}>
          ← {view.label.many}
        </TextLink>
      }
    >
      {from && to && (sourceId || destinationId) ? (
        <PairView view={view} sourceId={sourceId} destinationId={destinationId} onMigrate={setMigrating} />
      ) : (
        <EmptyState icon={IconArrowsLeftRight} title="Nothing to compare yet">
          Choose a source and a destination in the header, then open a row of {view.label.many}.
        </EmptyState>
      )}
      <MigrateDialog request={migrating} onClose={() => setMigrating(undefined)} />
    </Page>
  )
}
