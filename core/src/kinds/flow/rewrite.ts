import { isObject, type Json, type JsonObject } from '../../json.ts'
import type { Rewriter } from '../../kind.ts'
import type { Reference } from '../../reference.ts'
import { renameExpressions } from '../../templates/expressions.ts'
import { structuralReferences, textReferences } from './references.ts'

/**
 * A copy of a flow with its references rewritten. Labels and names that stand beside an id are copies that drift in
 * real flows anyway: they stay, so that mapping back gives the original. What isn't touched is shared with the input.
 */
export function rewrite(content: JsonObject, rewriter: Rewriter): JsonObject {
  let result = content
  const all = rewriter.comparing
    ? structuralReferences(content)
    : [...structuralReferences(content), ...textReferences(content)]
  // Keys last: renaming one moves what lies below it, and the pointers of values there would no longer fit.
  for (const reference of [...all.filter(({ spot }) => spot !== 'key'), ...all.filter(({ spot }) => spot === 'key')]) {
    const to = rewriter(reference)
    if (to === undefined || to === reference.target) continue
    const steps = stepsOf(reference.pointer)
    result = changeAt(result, steps, (value) => replaced(value, reference, to)) as JsonObject
    if (rewriter.comparing && steps.at(-1) === 'connectionId' && steps.at(-2) === 'data') {
      result = changeAt(result, steps.slice(0, -1), withoutName) as JsonObject
    }
  }
  return result
}

function replaced(value: Json, reference: Reference, to: string): Json {
  if (reference.spot === 'value') return to
  if (reference.spot === 'key') return isObject(value) ? renamedKey(value, reference.target, to) : value
  if (typeof value !== 'string') return value
  if (reference.kind === 'environment')
    return value.replaceAll(`/environments/${reference.target}`, `/environments/${to}`)
  return renameExpressions(value, (expression) => {
    const same = expression.kind === reference.kind && expression.name === reference.target
    return same && expression.context === reference.context ? to : undefined
  })
}

/** The same object with one key called differently, in its old place. */
function renamedKey(value: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key === from ? to : key, item]))
}

function withoutName(data: Json): Json {
  if (!isObject(data)) return data
  const { name: _copy, ...rest } = data
  return rest
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Copies the way down to a spot and changes what stands there. */
function changeAt(value: Json, steps: readonly string[], change: (value: Json) => Json): Json {
  const [step, ...rest] = steps
  if (step === undefined) return change(value)
  if (Array.isArray(value)) {
    const copy = [...value]
    copy[Number(step)] = changeAt(copy[Number(step)] ?? null, rest, change)
    return copy
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value
  return { ...value, [step]: changeAt(value[step] ?? null, rest, change) }
}
