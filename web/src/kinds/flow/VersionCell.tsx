import { Group, Text } from '@mantine/core'
import type { Side } from '../kind-view.ts'

/** The current version of a flow, and how what runs stands to it. */
export function VersionCell({ side }: { side: Side | undefined }) {
  if (!side) {
    return (
      <Text span size="sm" c="dimmed">
        –
      </Text>
    )
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Text span size="sm" ff="monospace">
        {side.version === undefined ? '?' : `v${side.version}`}
      </Text>
      <Text span size="xs" c={side.enabled === false ? 'var(--state-warning)' : 'dimmed'} truncate>
        {deploymentOf(side)}
      </Text>
    </Group>
  )
}

/** Whether the current version runs, for a person. */
export function deploymentOf(side: Side): string {
  if (side.enabled === false) return 'switched off'
  if (side.publishedVersion === undefined) return 'not deployed'
  return side.publishedVersion === side.version ? 'deployed' : `v${side.publishedVersion} deployed`
}
