import { Text } from '@mantine/core'
import { Ago } from '../../components/time.tsx'
import type { Side } from '../kind-view.ts'
import classes from './VersionCell.module.css'

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
    <div className={classes.cell}>
      <div>
        <span className={classes.version}>{side.version === undefined ? '?' : `v${side.version}`}</span>{' '}
        <span data-off={side.enabled === false} className={classes.deployment}>
          {deploymentOf(side)}
        </span>
      </div>
      <div className={classes.age}>
        <Ago at={side.updatedAt} />
      </div>
    </div>
  )
}

/** Whether the current version runs, for a person. */
export function deploymentOf(side: Side): string {
  if (side.enabled === false) return 'switched off'
  if (side.publishedVersion === undefined) return 'not deployed'
  return side.publishedVersion === side.version ? 'deployed' : `v${side.publishedVersion} deployed`
}
