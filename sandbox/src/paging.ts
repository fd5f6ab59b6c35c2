import type { FastifyRequest } from 'fastify'
import { queryParameter } from './context.ts'
import { invalidData } from './errors.ts'
import { type Link, originOf, selfLink } from './links.ts'

/** One page of a list, and the links around it. */
export interface Page<T> {
  items: T[]
  links: { self: Link; next?: Link }
}

/**
 * Cuts a page out of a list by `limit` and `cursor`. The cursor holds the sequence of the last item, so that inserts
 * and deletions in between neither repeat nor skip an item. Throws 400 when limit or cursor are not valid.
 */
export function pageOf<T extends { sequence: number }>(
  request: FastifyRequest,
  items: readonly T[],
  limits: { usual: number; most: number },
): Page<T> {
  const limit = limitOf(request, limits)
  const after = cursorOf(request)
  const rest = items.filter(({ sequence }) => sequence > after)
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const links: Page<T>['links'] = { self: selfLink(request) }
  if (last && rest.length > page.length) {
    const url = new URL(request.url, originOf(request))
    url.searchParams.set('limit', String(limit))
    url.searchParams.set('cursor', Buffer.from(`after:${last.sequence}`).toString('base64url'))
    links.next = { href: url.href }
  }
  return { items: page, links }
}

function limitOf(request: FastifyRequest, { usual, most }: { usual: number; most: number }): number {
  const given = queryParameter(request, 'limit')
  if (given === undefined || given === '') return usual
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit
  throw invalidData([
    {
      code: 'OUT_OF_RANGE',
      target: 'limit',
      message: `must be between 1 and ${most}`,
      innerError: { rangeMinimumValue: 1, rangeMaximumValue: most },
    },
  ])
}

function cursorOf(request: FastifyRequest): number {
  const given = queryParameter(request, 'cursor')
  if (given === undefined || given === '') return -1
  const sequence = /^after:(\d+)$/.exec(Buffer.from(given, 'base64url').toString('utf8'))?.[1]
  if (sequence !== undefined) return Number(sequence)
  throw invalidData([{ code: 'INVALID_PARAMETER', target: 'cursor', message: 'The cursor is not valid.' }])
}
