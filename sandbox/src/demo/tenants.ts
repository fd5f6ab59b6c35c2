import { derivedUuid } from '../load/derived-ids.ts'
import type { RoleGrant } from '../roles/grants.ts'
import type { WorkerApplication } from '../state/records.ts'

/** A tenant of the demo: an organization with its environments and the worker application that FlightIQ uses. */
export interface DemoTenant {
  name: string
  description: string
  organizationId: string
  licenceId: string
  region: 'NA' | 'EU'
  worker: DemoWorker
  environments: DemoEnvironmentHead[]
}

/** The worker application of a tenant. */
export interface DemoWorker {
  name: string
  clientId: string
  /** Of an application that exists in the emulator alone: not a secret, and still treated as one. */
  clientSecret: string
  tokenEndpointAuthMethod: WorkerApplication['tokenEndpointAuthMethod']
  /** The environment that it lives in. */
  environmentId: string
  roles: readonly RoleGrant[]
}

/** An environment of a tenant, before anything is in it. */
export interface DemoEnvironmentHead {
  id: string
  name: string
  type: 'PRODUCTION' | 'SANDBOX'
  subtype?: 'DEV' | 'QA' | 'STAGING' | 'TESTING' | 'UAT'
}

function tenant(
  name: string,
  description: string,
  region: DemoTenant['region'],
  method: DemoWorker['tokenEndpointAuthMethod'],
  environments: Omit<DemoEnvironmentHead, 'id'>[],
  roles: readonly RoleGrant[] = [],
): DemoTenant {
  const id = (...words: string[]) => derivedUuid('demo', name, ...words)
  return {
    name,
    description,
    organizationId: id('organization'),
    licenceId: id('licence'),
    region,
    worker: {
      name: `${name} worker`,
      clientId: id('worker'),
      clientSecret: `sandbox-only-${id('worker secret')}`,
      tokenEndpointAuthMethod: method,
      environmentId: id('environment', 'Administrators'),
      // Without a role on the environment it lives in, it can't read its own roles.
      roles: [...environments.map((one) => ({ role: 'DaVinci Admin', scope: one.name })), ...roles],
    },
    environments: environments.map((environment) => ({ id: id('environment', environment.name), ...environment })),
  }
}

/** The tenants of the demo. Their ids and credentials are the same each time, so that settings survive a restart. */
export const demoTenants: readonly [DemoTenant, DemoTenant] = [
  tenant(
    'Lumenfjord Ferries',
    'A ferry line with customers, crew and three environments.',
    'EU',
    'CLIENT_SECRET_BASIC',
    [
      { name: 'Development', type: 'SANDBOX', subtype: 'DEV' },
      { name: 'Test', type: 'SANDBOX', subtype: 'TESTING' },
      { name: 'Production', type: 'PRODUCTION' },
    ],
  ),
  tenant(
    'Quillhaven Libraries',
    'A small public library, whose application sends its secret in the body.',
    'NA',
    'CLIENT_SECRET_POST',
    [
      { name: 'Staging', type: 'SANDBOX', subtype: 'STAGING' },
      { name: 'Live', type: 'PRODUCTION' },
    ],
    [{ role: 'Client Application Developer', scope: 'Administrators' }],
  ),
]

/** The worker application of the first tenant. */
export const demoWorker: DemoWorker = demoTenants[0].worker
