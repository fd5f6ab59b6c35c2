import { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Provider } from 'oidc-provider'
import { type Context, pathParameter } from '../context.ts'
import { invalidRequest, notFound } from '../errors.ts'
import { originOf } from '../links.ts'
import { messagePage, pageHeaders, signOnPage } from './pages.ts'
import { openidClaims } from './people.ts'

interface RunningProvider {
  provider: Provider
  /** Those it was made to hand out. */
  claims: string
}

/** The sign-on of people, in every environment and under every address at which the sandbox is reached. */
export class SignOn {
  readonly #context: Context
  /** By issuer, made when they are first asked. */
  readonly #running = new Map<string, RunningProvider>()

  constructor(context: Context) {
    this.#context = context
  }

  /** Adds all endpoints below /{environmentId}/as but /token and /jwks, which are workers' too. */
  register(app: FastifyInstance): void {
    const below = '/:environmentId/as'
    const answer = (request: FastifyRequest, reply: FastifyReply) => this.answer(request, reply)
    app.get(`${below}/.well-known/openid-configuration`, answer)
    app.get(`${below}/authorize`, answer)
    app.get(`${below}/authorize/:uid`, answer)
    app.post(`${below}/par`, answer)
    app.route({ url: `${below}/userinfo`, method: ['GET', 'POST'], handler: answer })
    app.get(`${below}/signoff`, answer)
    app.post(`${below}/signoff/confirm`, answer)
    app.get(`${below}/signoff/success`, answer)
    app.get(`${below}/signon/:uid`, (request, reply) => this.#showPeople(request, reply))
    app.post(`${below}/signon/:uid`, (request, reply) => this.#choosePerson(request, reply))
  }

  /** Lets the provider of the environment in the path answer. Throws 404 when there is no such environment. */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { provider, below } = await this.#provider(request)
    const { latencyMilliseconds } = this.#context.settings
    reply.hijack()
    if (latencyMilliseconds > 0) await sleep(latencyMilliseconds)
    await provider.callback()(readAgain(request, below), reply.raw)
    return reply
  }

  async #showPeople(request: FastifyRequest, reply: FastifyReply, problem?: string): Promise<string> {
    const { provider } = await this.#provider(request)
    const { state } = this.#context
    const environmentId = pathParameter(request, 'environmentId')
    try {
      const { params } = await provider.interactionDetails(request.raw, reply.raw)
      const application = state.signOn.enabledApplication(environmentId, String(params.client_id))
      const organizationId = state.environments.get(environmentId)?.head.organizationId
      const tenant = state.organizations.find(({ id }) => id === organizationId)?.name ?? ''
      reply.headers(pageHeaders(String(params.redirect_uri)))
      return signOnPage(application?.name ?? '', tenant, state.signOn.peopleOf(environmentId), problem)
    } catch (error) {
      return this.#expired(error, reply)
    }
  }

  async #choosePerson(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { provider } = await this.#provider(request)
    const form = new URLSearchParams((request.body as Buffer | undefined)?.toString('utf8') ?? '')
    const people = this.#context.state.signOn.peopleOf(pathParameter(request, 'environmentId'))
    const person = people.find(({ id }) => id === form.get('person'))
    const cancelled = form.has('cancel')
    if (!cancelled && !person?.enabled) {
      reply.code(403)
      return this.#showPeople(request, reply, person ? 'This person is disabled.' : 'Choose a person.')
    }
    const result = person?.enabled
      ? { login: { accountId: person.id } }
      : { error: 'access_denied', error_description: 'The sign-on was cancelled.' }
    try {
      return reply.redirect(await provider.interactionResult(request.raw, reply.raw, result), 303)
    } catch (error) {
      return this.#expired(error, reply)
    }
  }

  #expired(error: unknown, reply: FastifyReply): string {
    if (!(error instanceof Error) || error.name !== 'SessionNotFound') throw error
    reply.code(400).headers(pageHeaders())
    return messagePage('This sign-on has expired', 'Go back to the application and sign on again.')
  }

  async #provider(request: FastifyRequest): Promise<{ provider: Provider; below: string }> {
    const { state } = this.#context
    const environmentId = pathParameter(request, 'environmentId')
    if (!state.environments.has(environmentId)) throw notFound(`Unable to find environment with ID: '${environmentId}'`)
    const below = `/${environmentId}/as`
    const origin = originOf(request)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw invalidRequest('The Host header names no host.')
    const issuer = `${origin}${below}`
    const claims = openidClaims(state.signOn.peopleOf(environmentId)).join(' ')
    const running = this.#running.get(issuer)
    if (running?.claims === claims) return { provider: running.provider, below }
    // Loaded when somebody signs on, since most who start a sandbox never do.
    const { signOnProvider } = await import('./provider.ts')
    // What it remembers is kept elsewhere, so that one who knows a new claim can take its place at any time.
    const provider = signOnProvider(issuer, environmentId, state)
    this.#running.set(issuer, { provider, claims })
    return { provider, below }
  }
}

/** A request whose body was read already, as the provider wants it: unread, and with the path below the issuer. */
function readAgain({ raw, body }: FastifyRequest, below: string): IncomingMessage {
  const again = new IncomingMessage(raw.socket)
  const url = raw.url?.slice(below.length)
  Object.assign(again, { method: raw.method, url, headers: raw.headers, complete: true, baseUrl: below })
  if (Buffer.isBuffer(body)) again.push(body)
  again.push(null)
  return again
}
