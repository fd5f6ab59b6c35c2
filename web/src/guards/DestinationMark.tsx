import { Tooltip } from '@mantine/core'
import { IconLink } from '../components/links.tsx'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import { freezeSign, protectionSigns } from './protection.tsx'
import { useGuard } from './queries.ts'
import { obstacleInWords } from './words.ts'

/** Beside the destination in the header: that it is locked, frozen or protected, and the way to its guard. */
export function DestinationMark() {
  const { tenantId, to } = useSelection()
  const guard = useGuard(tenantId, environmentIdOf(to))
  const obstacle = guard && obstacleInWords(guard)
  if (!guard || !obstacle) return null
  const frozen = guard.frozen && guard.protection !== 'locked'
  const { icon: Icon, color } = frozen ? freezeSign : protectionSigns[guard.protection]
  return (
    <Tooltip label={obstacle} events={{ hover: true, focus: true, touch: true }}>
      <IconLink to="/settings/guards" mt={16} variant="light" color={color} aria-label={obstacle}>
        <Icon size={16} stroke={1.8} aria-hidden />
      </IconLink>
    </Tooltip>
  )
}
