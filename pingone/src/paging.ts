import { z } from 'zod'
import type { CallOptions, Engine } from './engine.ts'
import { UnexpectedAnswerError } from './errors.ts'
import type { JsonObject } from './json.ts'

/** More pages than any collection has: a server that never ends is stopped here. */
const mostPages = 10_000

interface Page {
  _links?: { next?: { href?: string } }
  _embedded?: Record<string, JsonObject[]>
}

/** An answer without items is an empty collection only when it says so itself. */
function pageSchema(plural: string, item: z.ZodType): z.ZodType {
  const links = z.looseObject({ next: z.looseObject({ href: z.string().optional() }).optional() }).optional()
  return z
    .looseObject({
      _links: links,
      _embedded: z.looseObject({ [plural]: z.array(item).optional() }).optional(),
      count: z.number().optional(),
      size: z.number().optional(),
    })
    .refine((page) => Array.isArray(page._embedded?.[plural]) || page.count === 0 || page.size === 0, {
      path: ['_embedded', plural],
      message: 'there is no list',
    })
}

/**
 * The items of a collection, page by page, following `_links.next` on the same host only.
 * Takes the path, the name of the list below `_embedded`, and the schema of what is relied on in each item.
 * Throws as Engine.call does.
 */
export async function* collection<T>(
  engine: Engine,
  request: { path: string; plural: string; item: z.ZodType; query?: Record<string, string | number | undefined> },
  options: CallOptions = {},
): AsyncGenerator<T, void, undefined> {
  const schema = pageSchema(request.plural, request.item)
  let target = { path: request.path, query: request.query ?? {} }
  const seen = new Set<string>()
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await engine.call<Page>({ method: 'GET', ...target }, schema, options)
    for (const item of answer._embedded?.[request.plural] ?? []) yield item as T
    const href = answer._links?.next?.href
    if (href === undefined) return
    if (seen.has(href)) throw strayPage(request.path, 'it leads in a circle')
    seen.add(href)
    target = nextTarget(engine.origin, href, request.path)
  }
  throw strayPage(request.path, `there are more than ${mostPages} pages`)
}

function nextTarget(origin: string, href: string, path: string): { path: string; query: Record<string, string> } {
  const url = URL.canParse(href, origin) ? new URL(href, origin) : undefined
  if (url === undefined || url.origin !== origin) throw strayPage(path, 'it leads to another host')
  if (url.pathname !== path) throw strayPage(path, 'it leads to another path')
  return { path: url.pathname, query: Object.fromEntries(url.searchParams) }
}

function strayPage(path: string, why: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError({
    code: 'PAGING_REFUSED',
    message: `The link to the next page of ${path} isn't followed: ${why}.`,
    nextStep: 'Check that the API address is the one PingOne itself names in its answers.',
    call: { method: 'GET', path },
  })
}

/** All items of a collection in one array. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = []
  for await (const item of items) result.push(item)
  return result
}
