import type { z } from 'zod'
import type { RouteDeclaration } from '../contract/route.ts'

type Output<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise

/** What a handler gets: the parsed parts of the request. */
export interface HandlerRequest<Route extends RouteDeclaration> {
  params: Output<Route['schema']['params'], undefined>
  query: Output<Route['schema']['querystring'], undefined>
  body: Output<Route['schema']['body'], undefined>
  /** Aborted when the caller hangs up. */
  signal: AbortSignal
}

/** What a handler answers: for a stream its events, otherwise what the contract says. */
type Answer<Route extends RouteDeclaration> = Route extends { events: z.ZodType }
  ? AsyncIterable<z.input<Route['events']>>
  : Promise<z.input<Route['schema']['response'][keyof Route['schema']['response']] & z.ZodType>> | AnswerNow<Route>

type AnswerNow<Route extends RouteDeclaration> = z.input<
  Route['schema']['response'][keyof Route['schema']['response']] & z.ZodType
>

export type Handler<Route extends RouteDeclaration> = (request: HandlerRequest<Route>) => Answer<Route>

/** One handler for each route of a part of the contract: a missing or an undeclared one is a type error. */
export type Handlers<Routes extends Record<string, RouteDeclaration>> = {
  [Name in keyof Routes]: Handler<Routes[Name]>
}
