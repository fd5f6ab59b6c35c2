import { Alert, Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { IconInfoCircle, IconRefresh, IconTestPipe } from '@tabler/icons-react'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useSelection } from '../shell/selection.ts'
import { AccessTable } from './AccessTable.tsx'
import { Advice } from './Advice.tsx'
import { useMatrix } from './matrix-reading.ts'
import { noEnvironmentSeen } from './no-environment.ts'

/** Settings > Access Matrix: what the worker app may do where, and which roles it needs at least. */
export function AccessPage() {
  const { tenantId } = useSelection()
  const { matrix, progress, error, read, cancel } = useMatrix(tenantId)
  return (
    <Page
      title="Access Matrix"
      summary="What the worker app of this tenant may do in PingOne, environment by environment, and how that is known. Finding out changes nothing there."
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconTestPipe size={16} />}
            disabled={progress !== undefined}
            onClick={() => read('all')}
          >
            Confirm by trials
          </Button>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            disabled={progress !== undefined}
            onClick={() => read('reads')}
          >
            Read again
          </Button>
        </>
      }
    >
      <Stack>
        {progress && (
          <Group className="card" p="md" role="status">
            <Text size="sm" style={{ flex: 1 }}>
              {progress.step}
              {progress.total > 0 ? ` (${progress.done} of ${progress.total})` : ''}…
            </Text>
            <Progress
              value={progress.total > 0 ? (100 * progress.done) / progress.total : 100}
              animated={progress.total === 0}
              w={220}
              aria-label="Progress"
            />
            <Button size="xs" variant="subtle" onClick={cancel}>
              Cancel
            </Button>
          </Group>
        )}
        {error !== undefined && <ProblemPanel error={error} onRetry={() => read('reads')} />}
        {!matrix && progress && <Skeleton height={240} />}
        {matrix && (
          <>
            {!matrix.rolesKnown && (
              <Alert color="accent" variant="light" icon={<IconInfoCircle size={18} />} title="Roles could not be read">
                <Text size="sm">{matrix.rolesNote}</Text>
              </Alert>
            )}
            {matrix.environments.length === 0 ? (
              <ProblemPanel problem={noEnvironmentSeen} onRetry={() => read('reads')} />
            ) : (
              <AccessTable matrix={matrix} />
            )}
            <Text size="xs" c="dimmed">
              Read <Ago at={matrix.readAt} />. Trials are requests that cannot succeed: a replacement or removal of
              something that does not exist, a creation of what is no object. PingOne tells by its refusal whether a
              role is missing.
            </Text>
            <Advice tenantId={tenantId} environments={matrix.environments} />
          </>
        )}
      </Stack>
    </Page>
  )
}
