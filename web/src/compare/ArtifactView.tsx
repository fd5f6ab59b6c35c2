import { Loader, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { artifactQuery } from '../api/queries.ts'
import { CopyId } from '../components/CopyId.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import type { KindView } from '../kinds/kind-view.ts'
import { useSelection } from '../shell/selection.ts'

const RawView = lazy(() => import('./RawView.tsx'))

/** One artifact of the source by itself, while there is no destination to compare it with. */
export function ArtifactView({ view, id }: { view: KindView; id: string }) {
  const { tenantId, from = '' } = useSelection()
  const artifact = useQuery(artifactQuery(tenantId, view.name, from, id))
  if (artifact.isError) return <ProblemPanel error={artifact.error} onRetry={() => void artifact.refetch()} />
  if (!artifact.data) return <Skeleton height={320} />
  const { Picture } = view
  return (
    <Stack gap="md">
      <CopyId id={id} label="ID" />
      <Suspense fallback={<Loader size="sm" />}>
        {Picture && <Picture source={artifact.data.content} differences={[]} />}
        <div>
          <Title order={2} mb={4}>
            JSON
          </Title>
          <Text size="xs" c="dimmed" mb="xs">
            As PingOne returned it, secrets taken out.
          </Text>
          <RawView content={artifact.data.content} />
        </div>
      </Suspense>
    </Stack>
  )
}
