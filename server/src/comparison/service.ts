import { setImmediate as turn } from 'node:timers/promises'
import {
  type Comparison,
  type KindName,
  kindNameSchema,
  kindOf,
  kinds,
  matchPlaces,
  type Pair,
  type PlaceDescription,
  type ReadOptions,
  type ReadProgress,
  type SavedMapping,
} from '@flightiq/core'
import type { z } from 'zod'
import type { AccessService } from '../access/service.ts'
import type { Caller } from '../authorization/caller.ts'
import type { ComparisonEvent, ComparisonReport, ComparisonRow, pairComparisonSchema } from '../contract/comparison.ts'
import type { MappingService } from '../mappings/service.ts'
import type { Readings } from '../places/readings.ts'
import type { PlaceService } from '../places/service.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import { dependenciesOf } from './dependencies.ts'
import { compareSides, isShown, rowOf, type Sides } from './rows.ts'
import { streamOf } from './stream.ts'

export type PairReport = z.infer<typeof pairComparisonSchema>

export interface CompareRequest {
  from: string
  to: string
  /** Absent: every kind that can be written. An array, or names separated by commas. */
  kinds?: readonly KindName[] | string | undefined
  refresh?: boolean | undefined
}

export interface PairRequest {
  from: string
  to: string
  /** Id in the source. */
  source?: string | undefined
  /** Id in the destination. */
  destination?: string | undefined
}

/** What compares are made of: the kinds that can be written. References of one lead to others, so all are read. */
const comparable = Object.values(kinds).flatMap((kind) => (kind.writable ? [kind.name] : []))

/** How long comparing may keep others from their turn, in milliseconds. */
const slice = 20

/** Compares places of a tenant, for those who may read both. */
export class ComparisonService {
  readonly #places: PlaceService
  readonly #readings: Readings
  readonly #mappings: MappingService
  readonly #access: Pick<AccessService, 'explain'>

  constructor(
    places: PlaceService,
    readings: Readings,
    mappings: MappingService,
    access: Pick<AccessService, 'explain'>,
  ) {
    this.#places = places
    this.#readings = readings
    this.#mappings = mappings
    this.#access = access
  }

  /** Compares two places. Throws a ProblemError KIND_UNKNOWN, and what opening and reading them throws. */
  async compare(
    caller: Caller,
    tenantId: string,
    request: CompareRequest,
    options: ReadOptions = {},
  ): Promise<ComparisonReport> {
    const wanted = new Set(kindsOf(request.kinds))
    const { sides, source, destination, readAt, requests } = await this.read(caller, tenantId, request, options)
    const rows: ComparisonRow[] = []
    let since = performance.now()
    for (const pair of sides.matching.pairs) {
      if (!wanted.has(pair.kind) || !isShown(pair)) continue
      rows.push(rowOf(pair, compareSides(pair, sides), sides))
      if (performance.now() - since < slice) continue
      await turn()
      options.signal?.throwIfAborted()
      since = performance.now()
    }
    return { source, destination, rows, readAt, requests }
  }

  /** The same as a stream: progress, then the report or what went wrong. */
  compareEvents(
    caller: Caller,
    tenantId: string,
    request: CompareRequest,
    signal: AbortSignal,
  ): AsyncIterable<ComparisonEvent> {
    return streamOf<ComparisonEvent>(
      async (tell) => {
        try {
          const onProgress = (progress: ReadProgress) => tell({ type: 'progress', progress })
          tell({ type: 'done', report: await this.compare(caller, tenantId, request, { signal, onProgress }) })
        } catch (error) {
          if (signal.aborted) return
          tell({ type: 'failed', problem: await this.#access.explain(caller, tenantId, error) })
        }
      },
      signal,
      (next, waiting) => next.type === 'progress' && waiting.type === 'progress',
    )
  }

  /** One pair, property by property. Throws a ProblemError ARTIFACT_NOT_FOUND. */
  async comparePair(
    caller: Caller,
    tenantId: string,
    kind: KindName,
    request: PairRequest,
    options: ReadOptions = {},
  ): Promise<PairReport> {
    const { sides } = await this.read(caller, tenantId, request, options)
    const pair = findPair(kind, request, sides)
    const comparison = compareSides(pair, sides)
    const { redact } = kindOf(kind)
    const none: Comparison = { state: 'different', differences: [], gist: '', layoutOnly: false }
    return {
      row: rowOf(pair, comparison, sides),
      comparison: comparison ?? none,
      ...(pair.source ? { source: redact(pair.source.content) } : {}),
      ...(pair.destination ? { destination: redact(pair.destination.content) } : {}),
      dependencies: pair.source ? dependenciesOf(pair.source, sides) : [],
    }
  }

  /** Reads both places (or takes recent readings) and matches them, by the remembered mappings first. */
  async read(
    caller: Caller,
    tenantId: string,
    { from, to, refresh }: { from: string; to: string; refresh?: boolean | undefined },
    options: ReadOptions = {},
  ): Promise<{
    sides: Sides
    source: PlaceDescription
    destination: PlaceDescription
    saved: SavedMapping[]
    readAt: string
    requests: number
  }> {
    const [source, destination] = [
      await this.#places.open(caller, tenantId, from, options),
      await this.#places.open(caller, tenantId, to, options),
    ]
    const progress = bothSides(options.onProgress)
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])])
    try {
      const [left, right] = await Promise.all([
        this.#readings.read(tenantId, source, comparable, { ...options, signal, ...progress(0), fresh: refresh }),
        this.#readings.read(tenantId, destination, comparable, { ...options, signal, ...progress(1), fresh: refresh }),
      ])
      const saved = await this.#mappings.list(tenantId, source.description, destination.description)
      const sides = {
        source: left.inventory,
        destination: right.inventory,
        matching: matchPlaces(left.inventory, right.inventory, saved),
      }
      const [readAt = ''] = [left.readAt, right.readAt].sort()
      return {
        sides,
        source: source.description,
        destination: destination.description,
        saved,
        readAt,
        requests: left.requests + right.requests,
      }
    } catch (error) {
      // One side failed: the other needn't be read on.
      stop.abort(error)
      throw error
    }
  }
}

/** Adds the progress of both sides up, so that whoever watches sees one. */
function bothSides(onProgress: ReadOptions['onProgress']): (side: 0 | 1) => Pick<ReadOptions, 'onProgress'> {
  const latest: [ReadProgress?, ReadProgress?] = []
  return (side) => {
    if (!onProgress) return {}
    return {
      onProgress: (progress) => {
        latest[side] = progress
        const other = latest[side === 0 ? 1 : 0]
        onProgress({
          ...progress,
          done: progress.done + (other?.done ?? 0),
          total: progress.total + (other?.total ?? 0),
          requests: progress.requests + (other?.requests ?? 0),
        })
      },
    }
  }
}

function kindsOf(wanted: CompareRequest['kinds']): KindName[] {
  if (wanted === undefined || wanted.length === 0) return comparable
  const names = typeof wanted === 'string' ? wanted.split(',').map((name) => name.trim()) : wanted
  return names.map((name) => {
    const known = kindNameSchema.safeParse(name)
    if (known.success && comparable.includes(known.data)) return known.data
    throw new ProblemError({
      status: 400,
      code: 'KIND_UNKNOWN',
      detail: `"${name}" is no kind that can be compared.`,
      nextStep: `Choose from: ${comparable.join(', ')}.`,
      errors: [{ pointer: '/query/kinds', message: `Not a kind that can be compared: ${name}` }],
    })
  })
}

function findPair(kind: KindName, { source, destination }: PairRequest, sides: Sides): Pair {
  const found = sides.matching.pairs.find(
    (pair) =>
      pair.kind === kind &&
      (source === undefined || pair.source?.id === source) &&
      (destination === undefined || pair.destination?.id === destination),
  )
  if (found && (source !== undefined || destination !== undefined)) return found
  const left = source === undefined ? undefined : sides.source.get(kind, source)
  const right = destination === undefined ? undefined : sides.destination.get(kind, destination)
  // Two that don't stand for each other can still be looked at side by side.
  if (left && right) return { kind, source: left, destination: right }
  throw notFound(
    'ARTIFACT_NOT_FOUND',
    `There is no such ${kindOf(kind).label.one.toLowerCase()} in these places.`,
    'Give the id in the source or the id in the destination; compare again if it is new.',
  )
}
