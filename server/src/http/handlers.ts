import type { ReadOptions } from '@flightiq/core'
import type { z } from 'zod'
import type { AuditFacts } from '../audit/entry.ts'
import type { Caller } from '../authorization/caller.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import type { SessionCookies } from './cookies.ts'

type Output<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise

/** What a handler gets: the parsed parts of the request, and who sent it. */
export interface HandlerRequest<Route extends RouteDeclaration> {
  params: Output<Route['schema']['params'], undefined>
  query: Output<Route['schema']['querystring'], undefined>
  body: Output<Route['schema']['body'], undefined>
  /** Has the permission that the route declares, where it declares it. What is about one environment asks further. */
  caller: Caller
  /** Aborted when the caller hangs up. */
  signal: AbortSignal
  /** How reading goes on, where the caller is in this process. */
  onProgress?: ReadOptions['onProgress']
  /** For log, audit and PingOne's own log: the same id in all three. */
  requestId: string
  cookies: SessionCookies
  /** What the browser says of itself, shortened. */
  browser: string
  /** Adds to the entry that the route leaves in the audit log. Never a secret. */
  audit(facts: AuditFacts): void
  /** The address that the caller used for this console: `https://flightiq.example.com`. */
  origin: string
}

/** A file to save, in pieces. */
export interface Download {
  fileName: string
  contentType: string
  chunks: AsyncIterable<string>
}

/** What a handler answers: for a stream its events, for a page address where to go, otherwise what the contract says. */
type Answer<Route extends RouteDeclaration> = Route extends { events: z.ZodType }
  ? AsyncIterable<z.input<Route['events']>>
  : Route extends { redirects: true }
    ? Promise<{ location: string }>
    : Route extends { download: true }
      ? Promise<Download>
      : Promise<AnswerNow<Route>> | AnswerNow<Route>

type AnswerNow<Route extends RouteDeclaration> = z.input<
  Route['schema']['response'][keyof Route['schema']['response']] & z.ZodType
>

export type Handler<Route extends RouteDeclaration> = (request: HandlerRequest<Route>) => Answer<Route>

/** One handler for each route of a part of the contract: a missing or an undeclared one is a type error. */
export type Handlers<Routes extends Record<string, RouteDeclaration>> = {
  [Name in keyof Routes]: Handler<Routes[Name]>
}
