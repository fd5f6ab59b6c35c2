import type { Difference } from '../../difference.ts'
import { equal, isObject, type Json, type JsonObject } from '../../json.ts'
import { readable } from '../../properties.ts'
import { compareGraphs } from './compare-graphs.ts'
import { fieldChanges, keysOf } from './properties.ts'

/**
 * The differences of two comparable flows (see normaliseFlow): nodes, lines, settings, inputs, outputs, trigger and
 * everything else, unknown fields included. The source is what the destination should become.
 */
export function compareFlows(source: JsonObject, destination: JsonObject): Difference[] {
  const differences: Difference[] = []
  for (const key of keysOf(destination, source)) {
    const before = destination[key]
    const after = source[key]
    if (before === after) continue
    if (key === 'graphData') differences.push(...compareGraphs(objectOr(after), objectOr(before)))
    else if (key === 'variables' && (before === undefined || after === undefined)) continue
    else if (Object.hasOwn(sections, key)) differences.push(...compareSection(sections[key] ?? key, key, before, after))
    else differences.push(...compareField(key, before, after))
  }
  return differences
}

/** Fields whose own fields are told one by one. */
const sections: Readonly<Record<string, string>> = {
  settings: 'settings',
  inputSchema: 'inputSchema',
  variables: 'variable',
}
const wholes: Readonly<Record<string, string>> = { outputSchema: 'outputSchema', trigger: 'trigger' }

function objectOr(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function compareField(key: string, before: Json | undefined, after: Json | undefined): Difference[] {
  if (equal(before, after)) return []
  const section = Object.hasOwn(wholes, key) ? (wholes[key] ?? key) : 'general'
  return [
    {
      section,
      change: changeOf(before, after),
      id: key,
      label: readable(key),
      properties: fieldChanges(before, after, key),
    },
  ]
}

function compareSection(section: string, key: string, before: Json | undefined, after: Json | undefined): Difference[] {
  if ((before !== undefined && !isObject(before)) || (after !== undefined && !isObject(after))) {
    return compareField(key, before, after)
  }
  const from = objectOr(before)
  const to = objectOr(after)
  return keysOf(from, to).flatMap((id): Difference[] => {
    if (equal(from[id], to[id])) return []
    return [
      {
        section,
        change: changeOf(from[id], to[id]),
        id,
        label: labels[section]?.(id) ?? readable(id),
        properties: fieldChanges(from[id], to[id], id),
      },
    ]
  })
}

const labels: Readonly<Record<string, (id: string) => string>> = {
  inputSchema: (id) => `Input "${id}"`,
  variable: (id) => `Variable "${id.slice(id.indexOf('/') + 1)}" (${id.slice(0, id.indexOf('/'))})`,
}

/** What became of a part on the way from the destination's form to the source's. */
export function changeOf(before: Json | undefined, after: Json | undefined): 'added' | 'removed' | 'changed' {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
}

const names: Readonly<Record<string, [one: string, many: string]>> = {
  node: ['node', 'nodes'],
  edge: ['edge', 'edges'],
  settings: ['setting', 'settings'],
  inputSchema: ['input', 'inputs'],
  variable: ['variable', 'variables'],
}
const verbs = ['added', 'removed', 'changed', 'moved'] as const

/** One line: `3 nodes changed, 1 edge added, name changed`. */
export function flowGist(differences: readonly Difference[]): string {
  const bySection = Map.groupBy(differences, (difference) => difference.section)
  const parts: string[] = []
  for (const section of new Set([...Object.keys(names), ...bySection.keys()])) {
    const found = bySection.get(section) ?? []
    const name = Object.hasOwn(names, section) ? names[section] : undefined
    for (const verb of verbs) {
      const those = found.filter((difference) => difference.change === verb)
      if (name && those.length > 0) parts.push(`${those.length} ${name[those.length === 1 ? 0 : 1]} ${verb}`)
      if (!name) for (const difference of those) parts.push(toldOf(difference, verb))
    }
  }
  return parts.join(', ')
}

function toldOf({ id, label, properties }: Difference, verb: string): string {
  // The source's value comes second: it is what the destination would become.
  if (id === 'enabled')
    return properties[0]?.after === false ? 'switched off in the source' : 'switched off in the destination'
  return `${label.toLowerCase()} ${verb}`
}
