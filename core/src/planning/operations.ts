import type { Inventory, KindName } from '../artifact.ts'
import { fingerprint } from '../compare-pair.ts'
import { type JsonObject, numberAt, stringAt } from '../json.ts'
import { kindOf, kinds } from '../kinds/registry.ts'
import type { Operation, PlanOptions } from '../plan.ts'
import type { Reference } from '../reference.ts'
import { type Collection, keyOf, type Taken } from './collect.ts'
import { orderGroups } from './order.ts'

type Draft = Omit<Operation, 'id'>

/**
 * The operations for what is taken, in the order they must run: what is pointed to exists first; artifacts that
 * refer to each other in a circle get their names first and their content afterwards; and everything is written
 * before the first deploy, so that a failure half way leaves what people use untouched.
 */
export function operationsFor(
  collection: Collection,
  destination: Inventory,
  options: PlanOptions,
): { operations: Operation[]; createdBy: Map<string, Operation> } {
  const writes: Draft[] = []
  const switches: Draft[] = []
  const deploys: Draft[] = []
  const last: Draft[] = []
  for (const group of orderGroups([...collection.taken.keys()], edgesOf(collection))) {
    const members = group.flatMap((key) => collection.taken.get(key) ?? [])
    const placeholders = members.filter((taken) => !taken.destination && isCircular(taken, group))
    for (const taken of placeholders) {
      const { placeholder } = kindOf(taken.artifact.kind)
      if (placeholder) writes.push({ ...draft(taken, destination, options, 'create'), ...shell(taken, placeholder) })
    }
    for (const taken of members) {
      const filled = placeholders.includes(taken) && kindOf(taken.artifact.kind).placeholder !== undefined
      const action = taken.destination || filled ? 'update' : 'create'
      const written = draft(taken, destination, options, action)
      if (onlySwitch(taken)) switches.push(...switchesOf(taken, written))
      else {
        const queue = needsDeployed(taken) ? last : writes
        queue.push(filled ? { ...written, reason: 'Filled in now that all flows of the circle exist' } : written)
        switches.push(...switchesOf(taken, written))
        if (options.deploy && deployable(taken))
          deploys.push(deployOf(written, 'Makes the written version the running one'))
      }
    }
  }
  for (const artifact of options.deploy ? collection.unchanged : []) {
    const pending = undeployed(collection, artifact)
    if (pending) deploys.push(pending)
  }
  return numbered([...writes, ...switches, ...deploys, ...last])
}

function numbered(drafts: Draft[]): { operations: Operation[]; createdBy: Map<string, Operation> } {
  const operations = drafts.map((operation, index) => ({ id: `op-${index + 1}`, ...operation }))
  const creates = operations.filter((operation) => operation.action === 'create')
  return {
    operations,
    createdBy: new Map(creates.map((operation) => [keyOf(operation.kind, operation.sourceId), operation])),
  }
}

/** Which taken artifacts must be written before one. A variable of a flow comes after the flow, though the flow names it. */
function edgesOf(collection: Collection): (key: string) => string[] {
  const namesOwn = (key: string, reference: Reference, target: string) =>
    reference.by === 'name' &&
    collection.taken.get(target)?.references.some((back) => keyOf(back.kind, back.target) === key) === true
  const variables = Map.groupBy(
    [...collection.taken.values()].filter(({ artifact }) => artifact.kind === 'variable'),
    ({ artifact }) => artifact.name,
  )
  return (key) =>
    (collection.taken.get(key)?.references ?? []).flatMap((reference) => {
      if (reference.by === 'id') return [keyOf(reference.kind, reference.target)]
      return (variables.get(reference.target) ?? [])
        .map(({ artifact }) => keyOf(artifact.kind, artifact.id))
        .filter((target) => reference.kind === 'variable' && !namesOwn(key, reference, target))
    })
}

function isCircular(taken: Taken, group: readonly string[]): boolean {
  return taken.references.some(({ by, kind, target }) => by === 'id' && group.includes(keyOf(kind, target)))
}

function draft(taken: Taken, destination: Inventory, options: PlanOptions, action: 'create' | 'update'): Draft {
  const kind = kindOf(taken.artifact.kind)
  const name = taken.destination ? taken.artifact.name : freeName(taken, destination, options)
  const content = kind.redact({ ...taken.artifact.content, ...(name === taken.artifact.name ? {} : { name }) })
  return {
    action,
    kind: kind.name,
    name,
    sourceId: taken.artifact.id,
    ...(taken.destination
      ? { destinationId: taken.destination.id, replaces: proof(taken.destination.content, taken) }
      : {}),
    content,
    differences: taken.comparison?.differences ?? [],
    reason: taken.reason,
    followUp: action === 'create' ? (kind.followUp?.(taken.artifact.content) ?? []) : [],
  }
}

/** A copy beside an original of the same name is told apart, or nobody could match them afterwards. */
function freeName(taken: Taken, destination: Inventory, options: PlanOptions): string {
  const { name, kind } = taken.artifact
  if (options.mode !== 'copy' || !deployable(taken)) return name
  const used = new Set(destination.list(kind).map((artifact) => artifact.name))
  if (!used.has(name)) return name
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? ' - Copy' : ` - Copy ${count}`
    const candidate = `${name.slice(0, 256 - suffix.length)}${suffix}`
    if (!used.has(candidate)) return candidate
  }
}

function proof(content: JsonObject, taken: Taken): NonNullable<Operation['replaces']> {
  const updatedAt = stringAt(content, 'updatedAt')
  const version = numberAt(content, 'currentVersion')
  return {
    fingerprint: fingerprint(taken.artifact.kind, content),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(version === undefined ? {} : { version }),
  }
}

function shell(taken: Taken, placeholder: (content: JsonObject) => JsonObject): Partial<Draft> {
  return {
    content: placeholder(taken.artifact.content),
    placeholder: true,
    reason: 'Takes the name first: it belongs to flows that call each other in a circle',
    followUp: [],
  }
}

function deployable(taken: Taken): boolean {
  return kindOf(taken.artifact.kind).deployment !== undefined
}

/** What sends people to a version, as a flow policy does, is written when that version runs. */
function needsDeployed(taken: Taken): boolean {
  const { kind, content } = taken.artifact
  if (deployable(taken) || kindOf(kind).ownerOf?.(content)) return false
  return taken.references.some(
    ({ kind: target }) => Object.hasOwn(kinds, target) && kinds[target as KindName].deployment,
  )
}

/** Nothing but being switched on or off differs: its content needs no write. */
function onlySwitch(taken: Taken): boolean {
  const { differences } = taken.comparison ?? { differences: [] }
  return deployable(taken) && differences.length === 1 && differences[0]?.id === 'enabled'
}

function switchesOf(taken: Taken, written: Draft): Draft[] {
  const deployment = kindOf(taken.artifact.kind).deployment
  if (!deployment) return []
  const wanted = deployment(taken.artifact.content).enabled
  const present = taken.destination ? deployment(taken.destination.content).enabled : true
  if (wanted === present) return []
  const { replaces: _replaces, ...rest } = withoutContent(written)
  return [
    { ...rest, action: wanted ? 'enable' : 'disable', reason: `It is switched ${wanted ? 'on' : 'off'} in the source` },
  ]
}

function deployOf(written: Draft, reason: string): Draft {
  const { replaces: _replaces, ...rest } = withoutContent(written)
  return { ...rest, action: 'deploy', reason }
}

function withoutContent(written: Draft): Draft {
  const { content: _content, placeholder: _placeholder, ...rest } = written
  return { ...rest, differences: [], followUp: [] }
}

/** A selected artifact that agrees already, but whose agreeing version is not the one that runs. */
function undeployed(collection: Collection, artifact: Collection['unchanged'][number]): Draft | undefined {
  const { deployment } = kindOf(artifact.kind)
  const there = collection.matchOf(artifact)
  if (!deployment || !there || !collection.selected.has(keyOf(artifact.kind, artifact.id))) return undefined
  const from = deployment(artifact.content)
  const to = deployment(there.content)
  if (from.publishedVersion === undefined || to.publishedVersion === to.currentVersion) return undefined
  return {
    action: 'deploy',
    kind: artifact.kind,
    name: there.name,
    sourceId: artifact.id,
    destinationId: there.id,
    differences: [],
    reason: 'Its content agrees, but that version is not the running one',
    followUp: [],
  }
}
