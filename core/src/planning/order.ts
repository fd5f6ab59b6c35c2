/** A group of keys that must be handled together, because they refer to each other in a circle (or just one key). */
export type Group = string[]

/**
 * Orders keys so that what is pointed to comes first (Tarjan's strongly connected components). Keys that refer to
 * each other in a circle come as one group; `self` tells which single keys refer to themselves.
 */
export function orderGroups(keys: readonly string[], edges: (key: string) => Iterable<string>): Group[] {
  const groups: Group[] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const known = new Set(keys)

  const enter = (key: string) => {
    index.set(key, index.size)
    low.set(key, index.get(key) ?? 0)
    stack.push(key)
    onStack.add(key)
    return { key, targets: [...edges(key)].filter((target) => known.has(target)), next: 0 }
  }

  for (const start of keys) {
    if (index.has(start)) continue
    // An explicit stack: subflows can be nested deeper than the call stack is.
    const visits = [enter(start)]
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const target = visit.targets[visit.next]
      if (target !== undefined) {
        visit.next += 1
        if (!index.has(target)) visits.push(enter(target))
        else if (onStack.has(target)) low.set(visit.key, Math.min(low.get(visit.key) ?? 0, index.get(target) ?? 0))
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent) low.set(parent.key, Math.min(low.get(parent.key) ?? 0, low.get(visit.key) ?? 0))
      if (low.get(visit.key) === index.get(visit.key)) groups.push(pop(stack, onStack, visit.key))
    }
  }
  return groups
}

function pop(stack: string[], onStack: Set<string>, until: string): Group {
  const group = stack.splice(stack.lastIndexOf(until))
  for (const key of group) onStack.delete(key)
  return group
}
