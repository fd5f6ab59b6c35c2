import type { JsonObject } from '@flightiq/core'
import { type DemoApplication, ferryApplications, libraryApplications } from './applications.ts'
import { type DemoInstance, ferryInstances } from './connector-instances.ts'
import type { FlowSpec } from './flow-builder.ts'
import type { FlowKey } from './flow-names.ts'
import { customerJourneys } from './flows/customer-journeys.ts'
import { enrolment } from './flows/enrolment.ts'
import { libraryFlows } from './flows/library.ts'
import { otherJourneys } from './flows/other-journeys.ts'
import { customerSignOn } from './flows/sign-on.ts'
import { subflows } from './flows/subflows.ts'
import { verification } from './flows/verification.ts'
import { ferryForms } from './forms.ts'
import { type DemoVariable, ferryVariables, libraryVariables } from './variables.ts'

/** A version of a flow that was replaced since. */
export interface EarlierVersion {
  without: string[]
  alias?: string
}

/** How a flow stands in one environment. */
export interface DemoFlow {
  spec: FlowSpec
  /** The number of the version that was deployed last. */
  version: number
  /** The versions before it that are still kept, oldest first. */
  earlier?: EarlierVersion[]
  /** What newer versions have and this one doesn't. */
  without?: string[]
  logLevel?: number
  disabled?: true
  /** Nodes stand elsewhere: someone tidied up the drawing. */
  moved?: true
  /** A later version is saved and not deployed: the version that runs is without these. */
  stagedWith?: string[]
}

/** What an environment of the demo holds. */
export interface DemoEnvironment {
  flows: DemoFlow[]
  variables: DemoVariable[]
  instances: DemoInstance[]
  forms: JsonObject[]
  applications: DemoApplication[]
}

const ferryFlows = [customerSignOn, ...customerJourneys, ...otherJourneys, ...verification, ...enrolment, ...subflows]

/** Version numbers in Development; the others lag. */
const versions: Partial<Record<FlowKey, number>> = {
  'sign-on': 24,
  registration: 17,
  profile: 12,
  'staff-sign-on': 9,
  'step-up': 11,
  'mfa-enrolment': 14,
}

const history: Partial<Record<FlowKey, EarlierVersion[]>> = {
  'sign-on': [{ without: ['remember-device'], alias: 'Summer season' }],
  registration: [{ without: ['renamed-verification'] }],
  profile: [{ without: ['bookings-on-profile'], alias: 'Before bookings' }],
}

function development(): DemoFlow[] {
  return ferryFlows
    .filter(({ key }) => key !== 'newsletter')
    .map((spec) => ({ spec, version: versions[spec.key] ?? 4, earlier: history[spec.key] ?? [] }))
}

/** What Production does differently from Development, in ways that really happen. */
const inProduction: Partial<Record<FlowKey, Partial<DemoFlow>>> = {
  // An older page, without the node that remembers the device.
  'sign-on': { version: 18, without: ['remember-device'], logLevel: 2 },
  // The subflow was renamed in Development, and the label here is still the old one.
  registration: { version: 15, without: ['renamed-verification'], logLevel: 2 },
  // A new version waits to be deployed.
  profile: { version: 11, stagedWith: ['bookings-on-profile'], logLevel: 1 },
  'staff-sign-on': { version: 6 },
  // Only the drawing differs.
  'account-recovery': { version: 5, moved: true },
  'inactive-review': { version: 2, disabled: true },
}

const inTest: Partial<Record<FlowKey, Partial<DemoFlow>>> = {
  'sign-on': { version: 22, without: ['remember-device'] },
  registration: { version: 16 },
  profile: { version: 12 },
  'inactive-review': { version: 3, disabled: true },
}

const onlyInDevelopment = new Set<FlowKey>(['passkey-sign-on', 'passkey-enrolment'])

function lagging(changes: Partial<Record<FlowKey, Partial<DemoFlow>>>): DemoFlow[] {
  return development()
    .filter(({ spec }) => !onlyInDevelopment.has(spec.key))
    .map((flow) => ({ ...flow, version: Math.max(1, flow.version - 2), earlier: [], ...changes[flow.spec.key] }))
}

function production(): DemoFlow[] {
  const newsletter = ferryFlows.filter(({ key }) => key === 'newsletter').map((spec) => ({ spec, version: 31 }))
  return [...lagging(inProduction), ...newsletter]
}

/** Production counts wrong passwords with a variable of another type, and has more of them before it holds an account. */
function productionVariables(): DemoVariable[] {
  const older: Record<string, Partial<DemoVariable>> = {
    maxSignOnAttempts: { dataType: 'string', value: '8' },
    sessionLengthMinutes: { value: '60' },
    passwordlessEnabled: { value: 'false' },
  }
  return ferryVariables('Production')
    .filter(({ name }) => name !== 'lastPasskeyPrompt')
    .map((variable) => ({ ...variable, ...older[variable.name] }))
}

function ferry(name: string, flows: DemoFlow[], variables: DemoVariable[]): DemoEnvironment {
  return { flows, variables, instances: ferryInstances(name), forms: ferryForms, applications: ferryApplications(name) }
}

function library(name: string, flows: DemoFlow[]): DemoEnvironment {
  return { flows, variables: libraryVariables(name), instances: [], forms: [], applications: libraryApplications(name) }
}

/** What each environment holds, by tenant and environment name. */
export function demoEnvironment(name: string): DemoEnvironment | undefined {
  switch (name) {
    case 'Development':
      return ferry(name, development(), ferryVariables(name))
    case 'Test':
      return ferry(name, lagging(inTest), ferryVariables(name))
    case 'Production':
      return ferry(name, production(), productionVariables())
    case 'Staging':
      return library(
        name,
        libraryFlows.map((spec) => ({ spec, version: 3 })),
      )
    case 'Live':
      return library(
        name,
        libraryFlows
          .filter(({ key }) => key !== 'library-notice')
          .map((spec) => ({ spec, version: 2, without: ['notice'] })),
      )
    default:
      return undefined
  }
}
