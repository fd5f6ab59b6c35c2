import type { FastifyRequest } from 'fastify'

/** One request the sandbox got: what tests and benches count. */
export interface LoggedRequest {
  method: string
  /** Path with query; an id token in it is left out. */
  path: string
  /** 0 until it is answered. */
  status: number
  /** When it arrived: epoch milliseconds by the sandbox's clock. */
  at: number
}

const most = 200_000

/** Every request but those to the sandbox's own routes, in the order of their arrival. The newest 200,000 are kept. */
export class RequestLog {
  readonly entries: LoggedRequest[] = []
  readonly #open = new WeakMap<FastifyRequest, LoggedRequest>()

  /** Notes a request that arrived. */
  begin(request: FastifyRequest, at: number): void {
    const path = request.url.replace(/(id_token_hint=)[^&]+/, '$1…')
    const entry: LoggedRequest = { method: request.method, path, status: 0, at }
    this.#open.set(request, entry)
    this.entries.push(entry)
    if (this.entries.length > most) this.entries.shift()
  }

  /** Notes how it was answered. */
  end(request: FastifyRequest, status: number): void {
    const entry = this.#open.get(request)
    if (entry) entry.status = status
  }

  /** Forgets everything. */
  reset(): void {
    this.entries.length = 0
  }
}
