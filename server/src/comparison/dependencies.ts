import { type Artifact, type KindName, kindOf, kinds, type Reference, stateOf } from '@flightiq/core'
import type { z } from 'zod'
import type { pairComparisonSchema } from '../contract/comparison.ts'
import { compareSides, type Sides } from './rows.ts'

type Dependency = z.infer<typeof pairComparisonSchema>['dependencies'][number]

/** What a source artifact refers to, each target once, and how that stands in the destination. */
export function dependenciesOf(artifact: Artifact, sides: Sides): Dependency[] {
  const found = new Map<string, Dependency>()
  for (const reference of kindOf(artifact.kind).references(artifact.content)) {
    // References between nodes of one flow stay within it.
    if (reference.kind === 'node' || reference.target === '') continue
    for (const dependency of dependencies(artifact, reference, sides)) {
      const key = `${dependency.kind} ${dependency.artifact?.id ?? dependency.target}`
      if (!found.has(key)) found.set(key, dependency)
    }
  }
  return [...found.values()]
}

function dependencies(artifact: Artifact, reference: Reference, sides: Sides): Dependency[] {
  const { kind, target, label } = reference
  const bare = { kind, target, name: label ?? target }
  if (!isKindName(kind) || kinds[kind].writable === false) return [{ ...bare, state: 'notCompared' }]
  const targets = targetsOf(artifact, reference, kind, sides)
  if (targets.length === 0) return [{ ...bare, state: 'stale' }]
  return targets.map((found) => ({
    kind,
    target: found.id,
    name: found.name,
    state: standing(found, sides),
    artifact: { kind, id: found.id },
  }))
}

function targetsOf(from: Artifact, reference: Reference, kind: KindName, { source }: Sides): Artifact[] {
  if (reference.by === 'id') return [source.get(kind, reference.target) ?? []].flat()
  const { answersTo } = kindOf(kind)
  return source
    .list(kind)
    .filter(({ name, content }) => name === reference.target && (answersTo?.(content, reference, from) ?? true))
}

function standing(artifact: Artifact, sides: Sides): Dependency['state'] {
  const pair = sides.matching.pairOf(artifact.kind, artifact.id)
  if (!pair) return 'notCompared'
  const open = stateOf(pair)
  if (open) return open
  // One that an export only names has nothing to be compared: that it is there is all there is to say.
  if (pair.source?.implied || pair.destination?.implied) return 'identical'
  return compareSides(pair, sides)?.state ?? 'notCompared'
}

function isKindName(kind: Reference['kind']): kind is KindName {
  return Object.hasOwn(kinds, kind)
}
