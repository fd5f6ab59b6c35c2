import { isObject, stringAt } from '@flightiq/core'
import type { PingOneClient } from '@flightiq/pingone'
import type { ChecklistEvent, ChecklistItem } from '../contract/access.ts'
import type { TenantTest } from '../contract/tenants.ts'
import type { ApplicationRecord } from './knowledge.ts'

type Item = Omit<ChecklistItem, 'id' | 'title'>
type Cause = ChecklistItem['causes'][number]

/** The seven checks, in the order in which an administrator goes through them. */
const titles: Record<ChecklistItem['id'], string> = {
  enabled: 'The worker app is enabled',
  grant: 'It has the grant type Client Credentials',
  credentials: 'Environment ID, client ID and client secret are right',
  token: 'A token can be minted',
  roles: 'Roles are assigned to it',
  read: 'A workspace loads',
  write: 'A write succeeds in an environment that is not for production',
}

const pages = {
  overview:
    'PingOne: environment of the worker app > Applications > Applications > the worker app (the switch beside its name)',
  configuration: 'PingOne: Applications > Applications > the worker app > Configuration',
  roles: 'PingOne: Applications > Applications > the worker app > Roles > Grant Roles',
  tenant: 'FlightIQ: Settings > Access & Authentication > Tenant Configuration',
} as const

/** What the checklist looks at. The functions may throw what the client throws. */
export interface ChecklistSubject {
  testCredentials(): Promise<TenantTest>
  /** The worker app's own record, or undefined where it may not read it. */
  readApplication(): Promise<ApplicationRecord | undefined>
  listEnvironments(): Promise<{ id: string; name: string; davinci: boolean }[]>
  /** How many role assignments it has, or undefined where it may not read them. */
  countAssignments(): Promise<number | undefined>
  /** Lists flows of an environment; answers how many there are. */
  readFlows(environmentId: string): Promise<number>
  /** Why a call was refused, in a sentence, with where to mend it. */
  explain(error: unknown): Promise<Cause & { detail: string }>
}

/** Goes through the checklist, but for the trial write. A check that needs an earlier one which failed is skipped. */
export async function* runChecklist(subject: ChecklistSubject): AsyncGenerator<ChecklistEvent> {
  let ok = true
  const item = (id: ChecklistItem['id'], found: Item): ChecklistEvent => {
    if (found.outcome === 'failed') ok = false
    return { type: 'item', item: { id, title: titles[id], ...found } }
  }
  yield { type: 'running', id: 'enabled' }
  const test = await subject.testCredentials()
  const application = test.ok ? await subject.readApplication() : undefined
  yield item('enabled', enabledOf(test, application))
  yield { type: 'running', id: 'grant' }
  yield item('grant', grantOf(test, application))
  yield { type: 'running', id: 'credentials' }
  yield item('credentials', credentialsOf(test))
  yield { type: 'running', id: 'token' }
  yield item('token', tokenOf(test))
  if (!test.ok) {
    yield item('roles', skipped('Without a token nothing can be read.'))
    yield item('read', skipped('Without a token nothing can be read.'))
  } else {
    yield { type: 'running', id: 'roles' }
    const environments = await subject.listEnvironments()
    yield item('roles', rolesOf(environments, await subject.countAssignments()))
    yield { type: 'running', id: 'read' }
    yield item('read', await readOf(subject, environments))
  }
  yield item('write', skipped('Choose an environment below and try it. Nothing is written before you do.'))
  yield { type: 'end', ok }
}

function enabledOf(test: TenantTest, application: ApplicationRecord | undefined): Item {
  if (test.cause === 'disabled') {
    return failed(test.explanation, [
      { cause: 'The worker app is switched off.', where: pages.overview, certain: true },
    ])
  }
  if (application?.enabled === true) return passed('Its own record says so.')
  if (test.ok) return passed('PingOne gave it a token, which it does for enabled apps only.')
  return byHand('PingOne gave no token, so FlightIQ cannot see it.', pages.overview)
}

function grantOf(test: TenantTest, application: ApplicationRecord | undefined): Item {
  if (test.cause === 'grant') {
    const cause = 'The grant type Client Credentials is not ticked in the worker app.'
    return failed(test.explanation, [{ cause, where: pages.configuration, certain: true }])
  }
  const others = application?.grantTypes?.filter((grant) => grant !== 'CLIENT_CREDENTIALS') ?? []
  if (test.ok && others.length > 0)
    return passed(`Yes. It also has ${others.join(', ')}, which FlightIQ does not need.`)
  if (test.ok) return passed('PingOne gave it a token by this grant.')
  return byHand('PingOne gave no token, so FlightIQ cannot see it.', pages.configuration)
}

/** What is likely behind each cause that a test of credentials finds, likeliest first. */
const credentialCauses: Partial<Record<TenantTest['cause'], Cause[]>> = {
  clientId: [
    { cause: 'The client ID is of another app, or has a typing mistake.', where: pages.configuration, certain: false },
    {
      cause: 'The worker app lives in another environment than the Environment ID says.',
      where: pages.tenant,
      certain: false,
    },
  ],
  secret: [
    {
      cause: 'The client secret is wrong, or was rotated in PingOne since.',
      where: pages.configuration,
      certain: true,
    },
  ],
  credentials: [
    {
      cause: 'The client secret is wrong, or was rotated in PingOne since.',
      where: pages.configuration,
      certain: false,
    },
    { cause: 'The client ID is of another app.', where: pages.configuration, certain: false },
    {
      cause: 'The worker app lives in another environment than the Environment ID says.',
      where: pages.tenant,
      certain: false,
    },
  ],
  authMethod: [
    {
      cause: 'The token endpoint authentication method here is not the one set in the worker app.',
      where: pages.configuration,
      certain: true,
    },
  ],
  environmentId: [
    { cause: 'There is no environment with this ID in the region that was tried.', where: pages.tenant, certain: true },
  ],
  region: [{ cause: 'The environment belongs to another region.', where: pages.tenant, certain: true }],
  unreachable: [
    {
      cause: 'This server does not reach PingOne.',
      where: 'The network of this server: proxy, firewall, name resolution',
      certain: true,
    },
  ],
}

function credentialsOf(test: TenantTest): Item {
  const causes = credentialCauses[test.cause]
  if (causes) return failed(test.explanation, causes)
  if (test.ok) return passed('PingOne took them.')
  // Which of two is asked first is PingOne's affair: a disabled app says nothing about its secret.
  return byHand('PingOne refused for another reason first.', pages.configuration)
}

function tokenOf(test: TenantTest): Item {
  if (test.ok) {
    const method = test.authMethod === 'client_secret_post' ? 'Client Secret Post' : 'Client Secret Basic'
    return passed(`Minted with ${method}. Tokens last an hour and are renewed by themselves.`)
  }
  const where = test.nextStep ?? pages.configuration
  return failed(test.explanation, [{ cause: test.explanation, where, certain: test.cause !== 'other' }])
}

function rolesOf(environments: readonly { name: string }[], assignments: number | undefined): Item {
  const names = environments.map(({ name }) => name)
  if (names.length === 0) {
    return failed('The worker app sees no environment.', [
      { cause: 'No role is assigned to it, or only on environments that are gone.', where: pages.roles, certain: true },
    ])
  }
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
  const counted = assignments === undefined ? '' : ` by ${assignments} role assignment${assignments === 1 ? '' : 's'}`
  return passed(`It sees ${names.length} environment${names.length === 1 ? '' : 's'}${counted}: ${shown}.`)
}

async function readOf(
  subject: ChecklistSubject,
  environments: readonly { id: string; name: string; davinci: boolean }[],
): Promise<Item> {
  let refused: Item = skipped('It sees no environment to read.')
  // A worker app often has a role without DaVinci on the environment that it lives in: one that loads is enough.
  const ordered = environments.toSorted((left, right) => Number(right.davinci) - Number(left.davinci)).slice(0, 5)
  for (const { id, name } of ordered) {
    try {
      const flows = await subject.readFlows(id)
      return passed(`${flows} flow${flows === 1 ? '' : 's'} listed in ${name}.`)
    } catch (error) {
      const { detail, ...cause } = await subject.explain(error)
      refused = failed(`Flows of ${name} could not be listed: ${detail}`, [cause])
    }
  }
  return refused
}

/** The name that the trial's variable begins with: whoever finds one that was left behind can see where it is from. */
const trialName = 'flightiqTrialWrite'

/**
 * Makes a variable and removes it again. Only for environments that are not for production. Throws nothing that PingOne
 * answers: a refusal is a failed check with its cause.
 */
export async function tryWrite(
  client: Pick<PingOneClient, 'variables'>,
  environment: { id: string; name: string },
  random: string,
  explain: ChecklistSubject['explain'],
): Promise<ChecklistItem> {
  const name = `${trialName}${random}`
  const title = titles.write
  try {
    const content = { name, context: 'company', dataType: 'string', mutable: true, value: 'trial' }
    const made = await client.variables.create(environment.id, content)
    const id = isObject(made) ? stringAt(made, 'id') : undefined
    if (id === undefined) throw new Error('PingOne made a variable and gave no id for it.')
    try {
      await client.variables.remove(environment.id, id)
    } catch (error) {
      const { detail, ...cause } = await explain(error)
      const left = `The variable "${name}" was made in ${environment.name} but could not be removed: ${detail} Remove it by hand.`
      return { id: 'write', title, ...failed(left, [cause]) }
    }
    return { id: 'write', title, ...passed(`A variable was made in ${environment.name} and removed again.`) }
  } catch (error) {
    const { detail, ...cause } = await explain(error)
    return {
      id: 'write',
      title,
      ...failed(`${environment.name} takes no writes from this worker app: ${detail}`, [cause]),
    }
  }
}

function passed(detail: string): Item {
  return { outcome: 'passed', detail, causes: [] }
}

function failed(detail: string, causes: Cause[]): Item {
  return { outcome: 'failed', detail, causes }
}

function skipped(detail: string): Item {
  return { outcome: 'skipped', detail, causes: [] }
}

function byHand(detail: string, where: string): Item {
  return { outcome: 'byHand', detail, causes: [{ cause: 'Look it up there.', where, certain: false }] }
}
