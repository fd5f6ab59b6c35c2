import type { KindName } from '../api/queries.ts'
import { application } from './application/index.ts'
import { connector } from './connector/index.ts'
import { connectorInstance } from './connectorInstance/index.ts'
import { flow } from './flow/index.tsx'
import { flowPolicy } from './flowPolicy/index.ts'
import type { KindView } from './kind-view.ts'
import { variable } from './variable/index.ts'

/** The kinds with a workspace of their own, in the order of the navigation. */
export const kindViews: KindView[] = [flow, connectorInstance, variable, application, flowPolicy, connector]

/** The view of a kind, by its place in the address. */
export const viewOfSlug = (slug: string): KindView => kindViews.find((view) => view.slug === slug) ?? flow

/** The view of a kind, or undefined when it has no workspace. */
export const viewOf = (name: KindName | string): KindView | undefined => kindViews.find((view) => view.name === name)

/** The name of a kind for a person, also of those without a workspace: `riskPolicy` becomes `Risk policy`. */
export function kindLabel(name: string, count: 'one' | 'many' = 'one'): string {
  const view = viewOf(name)
  if (view) return view.label[count]
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
