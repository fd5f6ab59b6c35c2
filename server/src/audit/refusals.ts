import type { NewAuditEntry } from './entry.ts'

/** How long refusals of one sort are counted into one entry, in milliseconds. */
const window = 60_000

/** How many sorts of refusals are told apart within a window; what is beyond is counted together. */
const mostSorts = 500

interface Counted {
  first: NewAuditEntry
  since: Date
  /** How many came after the first, which has an entry of its own. */
  more: number
  timer: NodeJS.Timeout
}

/**
 * Keeps a flood of refusals from filling the log. The first of a sort is written at once; those like it within a minute
 * are counted, and their number is written when the minute is over. Nobody's refusals are of one sort when address, event and
 * code are the same; those of somebody known when what they wanted is, too.
 */
export class RepeatedRefusals {
  readonly #counted = new Map<string, Counted>()
  readonly #write: (entry: NewAuditEntry) => void

  /** `write` gets the entries that tell numbers. */
  constructor(write: (entry: NewAuditEntry) => void) {
    this.#write = write
  }

  /** Counts an entry where one like it was written just now. Tells whether it did: then there is nothing to write. */
  counts(entry: NewAuditEntry): boolean {
    if (entry.outcome !== 'refused') return false
    const known = sortOf(entry)
    const sort = this.#counted.has(known) || this.#counted.size < mostSorts ? known : 'beyond'
    const present = this.#counted.get(sort)
    if (present) {
      present.more += 1
      return true
    }
    const timer = setTimeout(() => this.#end(sort), window)
    // A process that has nothing else to do writes what it has counted when it closes.
    timer.unref()
    this.#counted.set(sort, { first: sort === 'beyond' ? ofMany(entry) : entry, since: new Date(), more: 0, timer })
    return false
  }

  /** Writes every number that is still open. */
  flush(): void {
    for (const sort of [...this.#counted.keys()]) this.#end(sort)
  }

  #end(sort: string): void {
    const counted = this.#counted.get(sort)
    if (!counted) return
    clearTimeout(counted.timer)
    this.#counted.delete(sort)
    const { first, since, more } = counted
    if (more === 0) return
    this.#write({ ...first, details: { ...first.details, repeated: more, since: since.toISOString() } })
  }
}

function sortOf({ actor, event, details, tenantId, environmentId, subject }: NewAuditEntry): string {
  const anybody = [actor.from, event, details?.code]
  if (actor.id === 'anonymous') return JSON.stringify(anybody)
  return JSON.stringify([...anybody, actor.kind, actor.id, tenantId, environmentId, subject?.id])
}

/** What stands for refusals of so many sorts that they are no longer told apart. */
function ofMany({ actor, outcome }: NewAuditEntry): NewAuditEntry {
  return {
    event: 'refusals.many',
    outcome,
    actor: { kind: actor.kind, id: 'anonymous', name: 'Many', from: 'many addresses' },
  }
}
