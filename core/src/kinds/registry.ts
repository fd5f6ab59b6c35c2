import type { KindName } from '../artifact.ts'
import type { Kind } from '../kind.ts'
import { application } from './application/index.ts'
import { connector } from './connector/index.ts'
import { connectorInstance } from './connectorInstance/index.ts'
import { flow } from './flow/index.ts'
import { flowPolicy } from './flowPolicy/index.ts'
import { flowVersion } from './flowVersion/index.ts'
import { variable } from './variable/index.ts'

/** Every kind. Adding one means adding its folder and its line here (and its name in artifact.ts). */
export const kinds: Record<KindName, Kind> = {
  connector,
  connectorInstance,
  flow,
  variable,
  flowVersion,
  application,
  flowPolicy,
}

/** The kind of that name. */
export function kindOf(name: KindName): Kind {
  return kinds[name]
}
