import { demoTenants } from '../demo/tenants.ts'
import { newSecret } from '../ids.ts'
import { derivedUuid } from '../load/derived-ids.ts'
import {
  firstLoginApplication,
  type LoginApplication,
  type LoginApplicationChange,
  loginApplicationChangeSchema,
} from './login-application.ts'
import {
  firstPeople,
  type NewPerson,
  nameOf,
  newPersonSchema,
  type Person,
  type PersonChange,
  personChangeSchema,
} from './people.ts'
import { SignOnMemory } from './sign-on-memory.ts'

/** What of the sign-on outlives a restart. */
export interface StoredSignOn {
  applications: LoginApplication[]
  people: Person[]
  idTokenLifetimeSeconds: number
}

/** An environment in which people sign on, and where it belongs. */
export interface SignOnTenant {
  name: string
  environmentId: string
}

/** Who can sign on in which environment, and through which applications. Tests change it while the sandbox runs. */
export class SignOnState {
  readonly applications: LoginApplication[]
  readonly people: Person[]
  readonly memory = new SignOnMemory()
  #idTokenLifetimeSeconds: number
  readonly #changed: () => void

  /** Restores what was stored, and gives tenants without a login application a first one, with first people. */
  constructor(stored: StoredSignOn | undefined, tenants: readonly SignOnTenant[], changed: () => void) {
    this.applications = stored?.applications ?? []
    this.people = stored?.people ?? []
    this.#idTokenLifetimeSeconds = stored?.idTokenLifetimeSeconds ?? 3600
    this.#changed = changed
    for (const { name, environmentId } of tenants) {
      if (this.applications.some((one) => one.environmentId === environmentId)) continue
      this.applications.push(firstLoginApplication(environmentId, firstSecret(environmentId)))
      this.people.push(...firstPeople(name, environmentId))
    }
  }

  /** How long an id token is good. */
  get idTokenLifetimeSeconds(): number {
    return this.#idTokenLifetimeSeconds
  }

  set idTokenLifetimeSeconds(seconds: number) {
    this.#idTokenLifetimeSeconds = seconds
    this.#changed()
  }

  /** The login application of a tenant's environment. Throws a RangeError for one that isn't a tenant's. */
  applicationOf(environmentId: string): LoginApplication {
    const found = this.applications.find((application) => application.environmentId === environmentId)
    if (found) return found
    throw new RangeError(`No login application lives in the environment ${environmentId}.`)
  }

  /** A login application that lives in that environment and is switched on, if there is one of that id. */
  enabledApplication(environmentId: string, clientId: string): LoginApplication | undefined {
    return this.applications.find(
      (one) => one.environmentId === environmentId && one.clientId === clientId && one.enabled,
    )
  }

  /** Those who can be chosen on the sign-on page of an environment. */
  peopleOf(environmentId: string): Person[] {
    return this.people.filter((person) => person.environmentId === environmentId)
  }

  /**
   * A person of a tenant by id, e-mail, full name, or as the first of a group (`flightiq-viewers`).
   * Throws a RangeError that names those there are.
   */
  person({ environmentId }: { environmentId: string }, who: string): Person {
    const people = this.peopleOf(environmentId)
    const found =
      people.find((person) => [person.id, person.email, nameOf(person)].includes(who)) ??
      people.find(({ groups }) => groups.includes(who))
    if (found) return found
    throw new RangeError(`Nobody is called ${who}. There are: ${people.map(nameOf).join(', ')}.`)
  }

  /** Adds a person to a tenant. Throws a ZodError when something is missing. */
  addPerson({ environmentId }: { environmentId: string }, person: NewPerson): Person {
    const { givenName, familyName, email, groups = [], claims = {}, enabled = true } = newPersonSchema.parse(person)
    const id = derivedUuid('person', environmentId, email, String(this.people.length))
    const added = { id, environmentId, givenName, familyName, email, groups, claims, enabled }
    this.people.push(added)
    this.#changed()
    return added
  }

  /** Changes a person; it shows in the next token. Throws a RangeError when nobody has that id, or a ZodError. */
  changePerson(id: string, change: PersonChange): Person {
    const person = this.people.find((one) => one.id === id)
    if (!person) throw new RangeError(`Nobody has the id ${id}.`)
    Object.assign(person, personChangeSchema.parse(change))
    this.#changed()
    return person
  }

  /** Changes a login application at once. Throws a RangeError when none has that id, or a ZodError. */
  changeApplication(clientId: string, change: LoginApplicationChange): LoginApplication {
    const application = this.applications.find((one) => one.clientId === clientId)
    if (!application) throw new RangeError(`No login application has the id ${clientId}.`)
    Object.assign(application, loginApplicationChangeSchema.parse(change))
    this.#changed()
    return application
  }

  /** Forgets every session, code and token of the sign-on, as a restart does. */
  endSessions(): void {
    this.memory.clear()
  }

  /** All but the sessions, as data. */
  toStored(): StoredSignOn {
    const { applications, people, idTokenLifetimeSeconds } = this
    return { applications, people, idTokenLifetimeSeconds }
  }
}

/** The demo's secret is the same each time, so that what was configured against it survives a restart. */
function firstSecret(environmentId: string): string {
  const ofDemo = demoTenants.some(({ worker }) => worker.environmentId === environmentId)
  return ofDemo ? `sandbox-only-${derivedUuid('demo', 'login application secret', environmentId)}` : newSecret(48)
}
