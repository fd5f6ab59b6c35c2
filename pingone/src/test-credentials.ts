import { Engine } from './engine.ts'
import { ConnectionError, PingOneClientError, PingOneError, TokenError } from './errors.ts'
import { checkHost, type Hosts, hostsOfRegion, type Region, regions } from './hosts.ts'
import { RateBudget } from './rate-budget.ts'
import { environmentsResource } from './resources/environments.ts'
import { type AuthMethod, authMethods, type Credentials, mintToken, TokenSource } from './token.ts'
import { createTransport, type Timeouts, type Transport } from './transport.ts'

/** One thing that was tried. */
export interface CredentialsCheck {
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  detail: string
}

/** The likely cause of a failure. */
export type CredentialsCause =
  | 'none'
  | 'disabled'
  /** Client id or secret: PingOne doesn't tell which. */
  | 'credentials'
  | 'clientId'
  | 'secret'
  | 'authMethod'
  | 'grant'
  | 'environmentId'
  | 'region'
  | 'unreachable'
  | 'other'

/** What a test of credentials found, for a person. */
export interface CredentialsTest {
  ok: boolean
  checks: CredentialsCheck[]
  cause: CredentialsCause
  explanation: string
  nextStep?: string
  region?: Region
  authMethod?: AuthMethod
  /** How many environments the worker app can see. */
  environments?: number
}

export interface CredentialsTestOptions extends Credentials {
  /** Absent, and no hosts: every region is asked whether it knows the environment id. */
  region?: Region | undefined
  hosts?: Hosts | undefined
  /** Absent: both are tried. */
  authMethod?: AuthMethod | undefined
  signal?: AbortSignal | undefined
  timeouts?: Partial<Timeouts>
  /** Where the regions are; PingOne's own unless given. */
  regionHosts?: (region: Region) => Hosts
}

type Verdict = Omit<CredentialsTest, 'checks'>
type Failure = { method: AuthMethod; error: TokenError }
type Knowledge = 'known' | 'unknown' | 'unclear' | 'unreachable'

/** Refusals after which the other method can still tell more. */
const saysLittle = new Set<TokenError['code']>(['TOKEN_AUTH_METHOD', 'TOKEN_CREDENTIALS', 'TOKEN_REFUSED'])

const methodNames: Record<AuthMethod, string> = {
  client_secret_basic: 'Client Secret Basic',
  client_secret_post: 'Client Secret Post',
}

/**
 * Finds out whether a worker app's credentials work, and if not, why. The secret is sent only to the region (or host)
 * that knows the environment id. Never throws for what PingOne answers; throws the signal's reason when cancelled, and
 * a ConfigurationError for hosts that are not allowed.
 */
export async function testCredentials(options: CredentialsTestOptions): Promise<CredentialsTest> {
  const test = new Test(options)
  try {
    const verdict = await test.run()
    return { ...verdict, checks: test.checks }
  } finally {
    test.close()
  }
}

class Test {
  readonly checks: CredentialsCheck[] = []
  readonly #options: CredentialsTestOptions
  readonly #transports: Transport[] = []

  constructor(options: CredentialsTestOptions) {
    this.#options = options
  }

  async run(): Promise<Verdict> {
    const { hosts, region } = this.#options
    if (hosts !== undefined) return this.#tryHosts(hosts, undefined)
    if (region !== undefined) return this.#tryRegion(region)
    const found = await this.#findRegion(regions)
    return 'cause' in found ? found : this.#tryHosts(this.#hostsOf(found.region), found.region)
  }

  close(): void {
    for (const transport of this.#transports) transport.close()
  }

  /** A region that was given: if it doesn't know the environment, the others are asked. */
  async #tryRegion(region: Region): Promise<Verdict> {
    const knowledge = await this.#asksAbout(this.#hostsOf(region))
    if (knowledge !== 'unknown') return this.#tryHosts(this.#hostsOf(region), region)
    this.#check(`Environment ID is known in ${region}`, 'failed', 'PingOne knows no such environment in this region.')
    const other = await this.#findRegion(regions.filter((candidate) => candidate !== region))
    if ('cause' in other) return other
    return {
      ok: false,
      cause: 'region',
      explanation: `The environment id belongs to region ${other.region}, not to ${region}.`,
      nextStep: `Choose region ${other.region}, or leave the region to be detected.`,
      region: other.region,
    }
  }

  /** Asks regions, all at once and without any secret, which of them knows the environment. */
  async #findRegion(candidates: readonly Region[]): Promise<{ region: Region } | Verdict> {
    const answers = await Promise.all(
      candidates.map(async (region) => ({ region, knowledge: await this.#asksAbout(this.#hostsOf(region)) })),
    )
    for (const { region, knowledge } of answers) {
      this.#check(`Environment ID is known in ${region}`, outcomeOf[knowledge], explanationOf[knowledge])
    }
    const known = answers.find(({ knowledge }) => knowledge === 'known')
    if (known !== undefined) return { region: known.region }
    const unclear = answers.filter(({ knowledge }) => knowledge === 'unclear')
    if (unclear.length === 1 && unclear[0] !== undefined) return { region: unclear[0].region }
    this.#skip('Client ID and secret are right', 'Grant Client Credentials is allowed', 'Environments can be listed')
    if (answers.every(({ knowledge }) => knowledge === 'unreachable')) {
      return unreachable('No region of PingOne can be reached from here.')
    }
    return unknownEnvironment('No region of PingOne knows this environment id.')
  }

  /** Whether the hosts know the environment, by its public discovery document. */
  async #asksAbout(hosts: Hosts): Promise<Knowledge> {
    const { environmentId, signal } = this.#options
    const below = hosts.environmentInAuthPath === false ? '' : `/${encodeURIComponent(environmentId)}`
    const target = `${below}/as/.well-known/openid-configuration`
    try {
      const answer = await this.#transport(hosts.authUrl, hosts).exchange({
        method: 'GET',
        target,
        headers: {},
        signal,
      })
      if (answer.status === 200) return 'known'
      return answer.status === 404 || answer.status === 400 ? 'unknown' : 'unclear'
    } catch (error) {
      if (error instanceof ConnectionError) return 'unreachable'
      throw error
    }
  }

  /** Tries one or both methods, then looks what the worker app can see. */
  async #tryHosts(hosts: Hosts, region: Region | undefined): Promise<Verdict> {
    const place = region ?? new URL(hosts.authUrl).host
    const { authMethod, signal, environmentId, clientId, clientSecret } = this.#options
    const methods =
      authMethod === undefined ? authMethods : [authMethod, ...authMethods.filter((m) => m !== authMethod)]
    const failures: Failure[] = []
    for (const method of methods) {
      const name = `Secret sent with ${methodNames[method]}`
      try {
        await mintToken(this.#transport(hosts.authUrl, hosts), {
          environmentId,
          clientId,
          clientSecret,
          method,
          environmentInPath: hosts.environmentInAuthPath ?? true,
          signal,
          retry: { tries: 2 },
        })
        this.#check(name, 'passed', 'PingOne gave a token.')
        return this.#accepted(hosts, place, region, method)
      } catch (error) {
        if (!(error instanceof PingOneClientError)) throw error
        this.#check(name, 'failed', error.message)
        if (!(error instanceof TokenError)) {
          // What the first method said counts; the second would only have told more.
          if (failures.some((failure) => failure.error.code === 'TOKEN_CREDENTIALS')) break
          return this.#noToken(error)
        }
        failures.push({ method, error })
        if (error.code === 'TOKEN_ENVIRONMENT') return this.#refused(error, place, undefined)
        if (!saysLittle.has(error.code)) return this.#refused(error, place, method, region)
      }
    }
    const wrong = failures.find(({ error }) => error.code === 'TOKEN_CREDENTIALS')
    if (wrong) return this.#wrongCredentials(failures, wrong, place, region)
    const unlike = failures.find(({ error }) => error.code !== 'TOKEN_AUTH_METHOD')
    return this.#refused((unlike ?? failures[0])?.error, place, undefined, region)
  }

  /**
   * Tells an unknown client id from a wrong secret. PingOne checks the method before the secret, so for a client that it
   * knows one of the two methods is unsupported, while for one that it doesn't know both are answered as wrong
   * credentials (PingOne API reference, token errors; the latter is inferred).
   */
  #wrongCredentials(failures: Failure[], { method, error }: Failure, place: string, region?: Region): Verdict {
    const methodKnown = failures.some((failure) => failure.error.code === 'TOKEN_AUTH_METHOD')
    const bothWrong = failures.filter((failure) => failure.error.code === 'TOKEN_CREDENTIALS').length === 2
    const verdict = this.#refused(error, place, methodKnown ? method : undefined, region)
    if (methodKnown) return { ...verdict, ...secretIsWrong }
    return bothWrong ? { ...verdict, ...clientIdIsUnknown } : verdict
  }

  async #accepted(hosts: Hosts, place: string, region: Region | undefined, method: AuthMethod): Promise<Verdict> {
    const { authMethod } = this.#options
    const detected = { authMethod: method, ...(region === undefined ? {} : { region }) }
    this.#check('Environment ID belongs to the worker app', 'passed', `PingOne (${place}) knows it.`)
    this.#check('Application is enabled', 'passed', 'PingOne gave it a token.')
    this.#check('Client ID and secret are right', 'passed', 'PingOne gave a token for them.')
    this.#check('Grant Client Credentials is allowed', 'passed', 'PingOne gave a token for it.')
    if (authMethod !== undefined && authMethod !== method) {
      this.#skip('Environments can be listed')
      return {
        ok: false,
        cause: 'authMethod',
        explanation: `The worker app takes ${methodNames[method]}, but ${methodNames[authMethod]} is set here.`,
        nextStep: `Set the token endpoint authentication method to ${methodNames[method]}.`,
        ...detected,
      }
    }
    return { ...(await this.#looksAround(hosts, method)), ...detected }
  }

  async #looksAround(hosts: Hosts, method: AuthMethod): Promise<Verdict> {
    const name = 'Environments can be listed'
    const environmentInPath = hosts.environmentInAuthPath ?? true
    const tokens = new TokenSource(this.#transport(hosts.authUrl, hosts), {
      ...this.#options,
      authMethod: method,
      environmentInPath,
      retry: { tries: 2 },
    })
    const budget = new RateBudget({ concurrency: 1, requestsPerMinute: null, requestsPerSecond: null })
    const engine = new Engine(this.#transport(hosts.apiUrl, hosts), tokens, budget, { tries: 2 })
    try {
      const environments = (await environmentsResource(engine).list({ signal: this.#options.signal })).length
      const seen = environments === 1 ? '1 environment' : `${environments} environments`
      if (environments > 0) {
        this.#check(name, 'passed', `It sees ${seen}.`)
        return {
          ok: true,
          cause: 'none',
          explanation: `The credentials work. The worker app sees ${seen}.`,
          environments,
        }
      }
      this.#check(name, 'failed', 'It sees none.')
      return {
        ok: false,
        cause: 'other',
        explanation: 'The credentials work, but the worker app sees no environment.',
        nextStep: 'Give the worker app roles on the environments, such as DaVinci Admin.',
        environments,
      }
    } catch (error) {
      if (!(error instanceof PingOneClientError)) throw error
      this.#check(name, 'failed', error.message)
      if (error instanceof ConnectionError) return unreachable(error.message)
      const explanation =
        error instanceof PingOneError && (error.status === 403 || error.status === 401)
          ? 'The credentials work, but the worker app may not list environments.'
          : `The credentials work, but listing the environments failed: ${error.message}`
      return { ok: false, cause: 'other', explanation, nextStep: error.nextStep ?? 'Try again later.' }
    }
  }

  /** PingOne refused a token: what that passes, fails and leaves open. */
  #refused(error: TokenError | undefined, place: string, method?: AuthMethod, region?: Region): Verdict {
    const code = error?.code ?? 'TOKEN_REFUSED'
    const said = error?.message ?? 'PingOne gave no token.'
    const known = code === 'TOKEN_ENVIRONMENT' ? 'failed' : 'passed'
    this.#check(
      'Environment ID belongs to the worker app',
      known,
      known === 'failed' ? said : `PingOne (${place}) knows it.`,
    )
    if (code === 'TOKEN_DISABLED') this.#check('Application is enabled', 'failed', said)
    else this.#skip('Application is enabled')
    if (code === 'TOKEN_CREDENTIALS') this.#check('Client ID and secret are right', 'failed', said)
    else if (code === 'TOKEN_GRANT') this.#check('Client ID and secret are right', 'passed', 'PingOne checked them.')
    else this.#skip('Client ID and secret are right')
    if (code === 'TOKEN_GRANT') this.#check('Grant Client Credentials is allowed', 'failed', said)
    else this.#skip('Grant Client Credentials is allowed')
    this.#skip('Environments can be listed')
    return {
      ok: false,
      ...verdictOf[code],
      ...(method === undefined ? {} : { authMethod: method }),
      ...(region === undefined ? {} : { region }),
    }
  }

  #noToken(error: PingOneClientError): Verdict {
    this.#skip('Client ID and secret are right', 'Grant Client Credentials is allowed', 'Environments can be listed')
    if (error instanceof ConnectionError) return unreachable(error.message)
    return { ok: false, cause: 'other', explanation: error.message, nextStep: error.nextStep ?? 'Try again later.' }
  }

  #transport(url: string, hosts: Hosts): Transport {
    const host = checkHost(url, hosts.allowPrivateAddresses ?? false)
    const known = this.#transports.find(({ origin }) => origin === host.origin)
    if (known !== undefined) return known
    const timeouts = { connect: 8_000, headers: 15_000, whole: 30_000, ...this.#options.timeouts }
    const transport = createTransport(host, { concurrency: 1, timeouts })
    this.#transports.push(transport)
    return transport
  }

  #hostsOf(region: Region): Hosts {
    return (this.#options.regionHosts ?? hostsOfRegion)(region)
  }

  #check(name: string, outcome: CredentialsCheck['outcome'], detail: string): void {
    this.checks.push({ name, outcome, detail })
  }

  #skip(...names: string[]): void {
    for (const name of names) this.#check(name, 'skipped', 'PingOne stopped before this could be told.')
  }
}

const outcomeOf = { known: 'passed', unknown: 'failed', unclear: 'skipped', unreachable: 'failed' } as const
const explanationOf: Record<Knowledge, string> = {
  known: 'PingOne knows it there.',
  unknown: 'PingOne knows no such environment there.',
  unclear: 'PingOne gave no clear answer.',
  unreachable: "The region's host can't be reached.",
}

const verdictOf: Record<TokenError['code'], Pick<CredentialsTest, 'cause' | 'explanation' | 'nextStep'>> = {
  TOKEN_ENVIRONMENT: unknownEnvironment('PingOne knows no environment with this id there.'),
  TOKEN_CREDENTIALS: {
    cause: 'credentials',
    explanation: 'The client id and the client secret are not a pair that PingOne knows in this environment.',
    nextStep:
      'In PingOne, open the worker app in exactly this environment and copy its client id and secret again. A rotated secret, or a worker app of another environment, is answered the same way.',
  },
  TOKEN_DISABLED: {
    cause: 'disabled',
    explanation: 'The worker app is disabled.',
    nextStep: 'In PingOne, switch the worker app on.',
  },
  TOKEN_GRANT: {
    cause: 'grant',
    explanation: 'The worker app may not use the Client Credentials grant.',
    nextStep: "In PingOne, choose Client Credentials among the worker app's grant types.",
  },
  TOKEN_AUTH_METHOD: {
    cause: 'authMethod',
    explanation: 'The worker app takes neither Client Secret Basic nor Client Secret Post.',
    nextStep: "In PingOne, set the worker app's token endpoint authentication method to Client Secret Basic.",
  },
  TOKEN_REFUSED: {
    cause: 'disabled',
    explanation: 'PingOne refused the worker app without a reason that is known. Most likely it is disabled.',
    nextStep: 'In PingOne, look whether the worker app is enabled, then check client id and secret.',
  },
}

const secretIsWrong = {
  cause: 'secret' as const,
  explanation: 'PingOne knows the client id, but the client secret is wrong.',
  nextStep:
    'In PingOne, open the worker app > Configuration and copy its client secret again: it may have been rotated since.',
}

const clientIdIsUnknown = {
  cause: 'clientId' as const,
  explanation: 'PingOne knows no application with this client id in this environment.',
  nextStep:
    'In PingOne, copy the client id of the worker app again, and the environment id of the environment that it lives in.',
}

function unknownEnvironment(explanation: string) {
  return {
    ok: false,
    cause: 'environmentId' as const,
    explanation,
    nextStep: 'Copy the environment id from the environment that the worker app lives in (its Properties page).',
  }
}

function unreachable(explanation: string): Verdict {
  return {
    ok: false,
    cause: 'unreachable',
    explanation,
    nextStep: 'Check the address, and that this machine may reach it.',
  }
}
