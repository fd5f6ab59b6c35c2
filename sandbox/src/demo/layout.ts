import { derivedHexId } from '../load/derived-ids.ts'

/** A line from one node to another. */
export interface Line {
  source: string
  target: string
}

const column = 150
const row = 120
const origin = { x: 240, y: 360 }

/**
 * Lays a graph out from left to right: the first way on from a node stays in its row, each other one gets a row of its
 * own, and every part that starts by itself begins below the one before, with room for a heading.
 */
export function layOut(ids: readonly string[], lines: readonly Line[]): Map<string, { x: number; y: number }> {
  const ways = Map.groupBy(lines, ({ source }) => source)
  const reached = new Set(lines.map(({ target }) => target))
  const positions = new Map<string, { x: number; y: number }>()
  let lowest = 0
  const place = (id: string, depth: number, at: number): void => {
    positions.set(id, { x: origin.x + depth * column, y: origin.y + at * row + byHand(id) })
    lowest = Math.max(lowest, at)
    let first = true
    for (const { target } of ways.get(id) ?? []) {
      if (positions.has(target)) continue
      place(target, depth + 1, first ? at : lowest + 1)
      first = false
    }
  }
  // Parts that something leads to come after those that nothing does; a circle starts where it was built first.
  for (const id of [...ids.filter((one) => !reached.has(one)), ...ids]) {
    if (positions.has(id)) continue
    place(id, 0, positions.size === 0 ? 0 : lowest + 2)
  }
  return positions
}

/** Some nodes were dragged, and stand a little off the grid, as they do in flows that people draw. */
function byHand(id: string): number {
  const number = Number.parseInt(derivedHexId('position', id).slice(0, 8), 16)
  return number % 7 === 0 ? (number % 1000) / 77 : 0
}
