import { type AccessOperation, type AreaId, permissionsFor } from './areas.ts'

/** A call of PingOne. */
export interface PingOneCall {
  method: string
  /** `/v1/environments/…`, with or without a query. */
  path: string
  contentType?: string | undefined
}

/** What a call is about. Without an area it belongs to none that FlightIQ knows. */
export interface CallMeaning {
  environmentId?: string
  area?: AreaId
  operation?: AccessOperation
  /** The id of the artifact that it is about. */
  id?: string
}

type Operations = Partial<Record<string, AccessOperation>>

interface Pattern {
  /** Steps below the environment; `*` is any, `:id` the artifact's. */
  steps: string
  area: AreaId
  /** The operation by method. */
  operations: Operations
  /** The operation of a POST by the action that its media type names. */
  actions?: Operations
}

const collection: Operations = { GET: 'read', POST: 'create' }
const item: Operations = { GET: 'read', PUT: 'update', PATCH: 'update', DELETE: 'delete' }

/** The paths of PingOne by area (PingOne API reference, 2026). The first that fits counts. */
const patterns: readonly Pattern[] = [
  { steps: 'flows', area: 'flow', operations: collection },
  {
    steps: 'flows/:id',
    area: 'flow',
    operations: item,
    // A check of a graph saves nothing, and yet takes the permission to create.
    actions: { deploy: 'deploy', clone: 'create', validate: 'create' },
  },
  { steps: 'flows/:id/enabled', area: 'flow', operations: { GET: 'read', PUT: 'update' } },
  { steps: 'flows/:id/versions', area: 'flowVersion', operations: { GET: 'read' } },
  {
    steps: 'flows/:id/versions/*',
    area: 'flowVersion',
    operations: item,
    actions: { export: 'export', revert: 'update' },
  },
  { steps: 'flows/:id/versions/*/details', area: 'flowVersion', operations: { GET: 'read' } },
  { steps: 'flows/:id/versions/*/alias', area: 'flowVersion', operations: { PUT: 'update' } },
  { steps: 'connectors', area: 'connector', operations: { GET: 'read' } },
  { steps: 'connectors/:id', area: 'connector', operations: { GET: 'read' } },
  { steps: 'connectors/:id/details', area: 'connector', operations: { GET: 'read' } },
  { steps: 'connectorInstances', area: 'connectorInstance', operations: collection },
  { steps: 'connectorInstances/:id', area: 'connectorInstance', operations: item, actions: { clone: 'create' } },
  { steps: 'variables', area: 'variable', operations: collection },
  { steps: 'variables/:id', area: 'variable', operations: item },
  { steps: 'davinciApplications', area: 'application', operations: collection },
  { steps: 'davinciApplications/:id', area: 'application', operations: item },
  { steps: 'davinciApplications/:id/key', area: 'application', operations: { POST: 'update' } },
  { steps: 'davinciApplications/:id/secret', area: 'application', operations: { POST: 'update' } },
  { steps: 'davinciApplications/*/flowPolicies', area: 'flowPolicy', operations: collection },
  { steps: 'davinciApplications/*/flowPolicies/:id', area: 'flowPolicy', operations: item },
  { steps: 'davinciApplications/*/flowPolicies/:id/events', area: 'flowPolicy', operations: { GET: 'read' } },
  { steps: 'forms', area: 'form', operations: collection },
  { steps: 'forms/:id', area: 'form', operations: item },
  { steps: 'templates', area: 'notificationTemplate', operations: { GET: 'read' } },
  { steps: 'templates/:id', area: 'notificationTemplate', operations: { GET: 'read' } },
  // PATCH and DELETE of the collection rename and remove a whole variant.
  {
    steps: 'templates/*/contents',
    area: 'notificationTemplate',
    operations: { ...collection, PATCH: 'update', DELETE: 'delete' },
  },
  { steps: 'templates/*/contents/:id', area: 'notificationTemplate', operations: item },
  { steps: 'schemas', area: 'attribute', operations: { GET: 'read' } },
  { steps: 'schemas/*', area: 'attribute', operations: { GET: 'read' } },
  { steps: 'schemas/*/attributes', area: 'attribute', operations: collection },
  { steps: 'schemas/*/attributes/:id', area: 'attribute', operations: item },
  { steps: 'certificates', area: 'certificate', operations: collection },
  { steps: 'certificates/:id', area: 'certificate', operations: { GET: 'read', DELETE: 'delete' } },
  { steps: 'keys', area: 'key', operations: collection },
  { steps: 'keys/:id', area: 'key', operations: item },
  { steps: 'languages', area: 'language', operations: collection },
  { steps: 'languages/:id', area: 'language', operations: item },
  { steps: 'populations', area: 'population', operations: collection },
  { steps: 'populations/:id', area: 'population', operations: item },
  { steps: 'applications', area: 'pingOneApplication', operations: collection },
  { steps: 'applications/:id', area: 'pingOneApplication', operations: item },
  { steps: 'applications/*/roleAssignments', area: 'roleAssignment', operations: collection },
  {
    steps: 'applications/*/roleAssignments/:id',
    area: 'roleAssignment',
    operations: { GET: 'read', DELETE: 'delete' },
  },
]

/** Which area and operation a call of PingOne means, and which artifact it is about. */
export function areaOfCall({ method, path, contentType }: PingOneCall): CallMeaning {
  const [, environmentId, below] = /^\/v1\/environments\/([^/?#]+)(?:\/([^?#]*))?/.exec(path) ?? []
  if (environmentId === undefined) return {}
  const meaning: CallMeaning = { environmentId: decoded(environmentId) }
  const steps = (below ?? '').split('/').filter((step) => step !== '')
  const pattern = patterns.find((candidate) => fits(candidate.steps.split('/'), steps))
  if (!pattern) return meaning
  const id = steps[pattern.steps.split('/').indexOf(':id')]
  const operation = operationOf(pattern, method.toUpperCase(), contentType)
  return {
    ...meaning,
    area: pattern.area,
    ...(operation === undefined || permissionsFor(pattern.area, operation).length === 0 ? {} : { operation }),
    ...(id === undefined ? {} : { id: decoded(id) }),
  }
}

function operationOf(pattern: Pattern, method: string, contentType = ''): AccessOperation | undefined {
  // `application/vnd.pingidentity.flow.deploy+json`; an import names its sort behind it.
  const action = /^application\/vnd\.pingidentity\.\w+\.([\w.]+)\+json/.exec(contentType)?.[1]
  return (action === undefined ? undefined : pattern.actions?.[action]) ?? pattern.operations[method]
}

function fits(wanted: readonly string[], steps: readonly string[]): boolean {
  return wanted.length === steps.length && wanted.every((step, index) => step === steps[index] || /^[*:]/.test(step))
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step // no valid encoding: then it stands for itself
  }
}
