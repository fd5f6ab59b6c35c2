import { type AccessOperation, type AreaId, areaOf } from './areas.ts'
import { areaOfCall, type CallMeaning, type PingOneCall } from './calls.ts'
import { type AccessCell, type AccessMatrix, isReadable } from './matrix.ts'
import { lowered } from './needs.ts'

/** A call that PingOne didn't carry out, and what it said. */
export interface RefusedCall extends PingOneCall {
  status: number
  /** PingOne's code, such as ACCESS_FAILED. */
  code?: string | undefined
  message?: string | undefined
  details?: readonly RefusalDetail[] | undefined
}

/** One of PingOne's details. Fields that aren't named here are searched for ids too. */
export interface RefusalDetail {
  code?: string | undefined
  target?: string | undefined
  message?: string | undefined
  [key: string]: unknown
}

/** An artifact by name. */
export interface NamedArtifact {
  id: string
  name: string
  /** What it is, for a sentence: `Flow policy`. */
  label?: string
}

/** What else is known when a call is refused; the more, the better the judgement. */
export interface RefusalKnowledge {
  /** The worker app's organization. */
  organizationId?: string | undefined
  /**
   * The environment of the call: visible (it is listed, or could be read), refused (reading it is answered 403),
   * missing (reading it is answered 404: PingOne's word on whether it exists).
   */
  environment?: 'visible' | 'refused' | 'missing' | undefined
  environmentName?: string | undefined
  /** The organization that the environment belongs to, when it is known from elsewhere. */
  environmentOrganizationId?: string | undefined
  /** Whether DaVinci is among the environment's services. */
  davinci?: boolean | undefined
  matrix?: AccessMatrix | undefined
  /** Artifacts of the environment, to name those whose ids PingOne tells. */
  artifacts?: readonly NamedArtifact[] | undefined
  /** What refers to an artifact, to name what stands in the way of its removal. */
  usedBy?: ((id: string) => readonly NamedArtifact[]) | undefined
}

export type RefusalCause =
  | 'environmentNotCovered'
  | 'domainNotCovered'
  | 'tenantMismatch'
  | 'readOnly'
  | 'policyOrDependency'
  | 'license'
  | 'unknown'

/** Why a call was refused, for a person. */
export interface Refusal {
  cause: RefusalCause
  explanation: string
  nextStep: string
  area?: AreaId
  operation?: AccessOperation
  /** What stands in the way; or else what the call is about. */
  artifact?: NamedArtifact
}

/**
 * Judges why PingOne refused a call. What PingOne says itself (a licence, a dependency) goes first, then whether the
 * environment can be seen at all, then what the access matrix knows of the area. Says `unknown` rather than guess.
 */
export function judgeRefusal(call: RefusedCall, known: RefusalKnowledge = {}): Refusal {
  const meaning = areaOfCall(call)
  const { area, operation } = meaning
  const judged =
    licence(call, known, meaning) ??
    dependency(call, known, meaning) ??
    tenant(call, known, meaning) ??
    environment(call, known, meaning) ??
    permission(call, known, meaning) ??
    undecided(call, meaning)
  const artifact = judged.artifact ?? known.artifacts?.find(({ id }) => id === meaning.id)
  return {
    ...judged,
    ...(area === undefined ? {} : { area }),
    ...(operation === undefined ? {} : { operation }),
    ...(artifact === undefined ? {} : { artifact }),
  }
}

type Judge = (call: RefusedCall, known: RefusalKnowledge, meaning: CallMeaning) => Refusal | undefined

const licenceCodes = new Set(['LICENSE_EXCEEDED', 'QUOTA_EXCEEDED'])

/** PingOne says it in a code, or in one of its sentences (`Organization does not have Ping One DaVinci FF enabled`). */
const licence: Judge = (call, known, { area }) => {
  const exceeded = call.details?.some(({ code }) => code !== undefined && licenceCodes.has(code))
  if (exceeded || textsOf(call).some((text) => /\blicen[cs]e|does not have .* enabled/i.test(text))) {
    return {
      cause: 'license',
      explanation: `The licence of the organization does not allow it${quoted(call)}.`,
      nextStep: "Look at the environment's licence in PingOne: what it includes, and what of it is used up.",
    }
  }
  const inDaVinci = area !== undefined && areaOf(area).domain === 'orchestration'
  if (inDaVinci && known.davinci === false && isRefusal(call)) {
    return {
      cause: 'license',
      explanation: `DaVinci is not among the services of ${place(known)}.`,
      nextStep: 'In PingOne, add DaVinci to the services of the environment, if the licence includes it.',
    }
  }
  return undefined
}

/** PingOne's sentences on things that are in use, as seen in live answers. Its codes don't tell them from other rules. */
const dependencySentences =
  /\bis in an? \b|\bin use\b|\bmust not be in use\b|\bused by\b|\breferenced\b|\bmust contain at least one\b|\bdepend/i

/** Another artifact, or a rule of PingOne, stands in the way. Nobody's role changes that. */
const dependency: Judge = (call, known, { id, operation }) => {
  if (call.status !== 400 && call.status !== 403 && call.status !== 409) return undefined
  const detail = call.details?.find(
    ({ code, message }) =>
      code === 'CONSTRAINT_VIOLATION' || (message !== undefined && dependencySentences.test(message)),
  )
  const said = detail ? true : dependencySentences.test(call.message ?? '')
  if (!said) return undefined
  const named = artifactsIn(call, known.artifacts ?? []).filter((artifact) => artifact.id !== id)
  const users = named.length > 0 || id === undefined ? named : (known.usedBy?.(id) ?? [])
  const [first] = users
  const own = known.artifacts?.find((artifact) => artifact.id === id)
  const what = own ? capitalised(titled(own)) : 'What the call is about'
  const where = users.length > 0 ? ` It is used by ${users.slice(0, 3).map(titled).join(', ')}.` : ''
  return {
    cause: 'policyOrDependency',
    explanation: `${what} cannot be ${verbs[operation ?? 'update']} as things stand${quoted(call)}.${where}`,
    nextStep: first
      ? `Take it out of ${titled(first)} first. PingOne lets go of it a moment later, so try again then.`
      : 'In PingOne, look what uses it, and take it out there first.',
    ...(first ? { artifact: first } : {}),
  }
}

/** The worker app belongs to another organization than what it was asked for. */
const tenant: Judge = (call, known, { environmentId }) => {
  const { organizationId, environmentOrganizationId } = known
  const asked = environmentId === undefined ? organizationIn(call.path) : environmentOrganizationId
  const differs = organizationId !== undefined && asked !== undefined && organizationId !== asked
  const gone = environmentId !== undefined && known.environment === 'missing'
  if (!differs && !gone) return undefined
  const subject = environmentId === undefined ? 'This organization' : capitalised(place(known))
  return {
    cause: 'tenantMismatch',
    explanation: differs
      ? `${subject} does not belong to the organization of the worker app.`
      : `PingOne knows no such environment for this worker app: it was removed, or belongs to another organization.`,
    nextStep:
      'Check that the Org Root chosen here and its credentials belong together: environment ID, client ID and region in Settings > Access & Authentication.',
  }
}

/** No role reaches the environment. */
const environment: Judge = (call, known, { environmentId }) => {
  if (!isRefusal(call) || environmentId === undefined) return undefined
  const here = known.matrix?.environments.find(({ id }) => id === environmentId)
  const hidden = known.environment === 'refused'
  const rolesElsewhere =
    known.matrix?.rolesKnown === true && known.environment !== 'visible' && here?.roles.length === 0
  if (!hidden && !rolesElsewhere) return undefined
  return {
    cause: 'environmentNotCovered',
    explanation: `No role of the worker app covers ${place(known)}.`,
    nextStep: `In PingOne, open the worker app > Roles > Grant Roles, and give it a role on ${place(known)}.`,
  }
}

/** The environment can be seen: the roles on it, or something stronger than roles, decide. */
const permission: Judge = (call, known, { environmentId, area, operation }) => {
  if (!isRefusal(call) || area === undefined || operation === undefined) return undefined
  const cells = known.matrix?.environments.find(({ id }) => id === environmentId)?.cells[area]
  const cell = cells?.[operation]
  const what = lowered(areaOf(area).label)
  if (cell?.state === 'granted') {
    return {
      cause: 'policyOrDependency',
      explanation: `The roles of the worker app allow it to ${operation} ${what} in ${place(known)}, so something else in PingOne forbids this call${quoted(call)}.`,
      nextStep:
        'Look for a policy or a dependency in PingOne. If roles were changed or the environment was made just now, try again in a minute.',
    }
  }
  if (cell?.state === 'partial') return onlyAPart(cell, what, known)
  if (cell?.state !== 'denied') return undefined
  if (cell.conflict) {
    return {
      cause: 'policyOrDependency',
      explanation: `The roles of the worker app allow it to ${operation} ${what} in ${place(known)}, and yet PingOne refuses it, in a trial too.`,
      nextStep:
        'New roles take a moment: try again in a minute. After that, look for a policy in PingOne that forbids it.',
    }
  }
  if (operation !== 'read' && isReadable(cells?.read)) {
    return {
      cause: 'readOnly',
      explanation: `The worker app may read ${what} in ${place(known)}, but not ${operation} them.`,
      nextStep: `In PingOne, open the worker app > Roles, and give it a role on ${place(known)} that holds ${cell.permissions.join(' and ')}.`,
    }
  }
  return {
    cause: 'domainNotCovered',
    explanation: `The worker app has roles on ${place(known)}, but none that lets it ${operation} ${what}.`,
    nextStep: `In PingOne, open the worker app > Roles, and give it a role on ${place(known)} that holds ${cell.permissions.join(' and ')}.`,
  }
}

function onlyAPart({ parts = [] }: AccessCell, what: string, known: RefusalKnowledge): Refusal {
  return {
    cause: 'domainNotCovered',
    explanation: `The roles of the worker app cover only some ${what} of ${place(known)}: ${parts.join(', ')}.`,
    nextStep: `In PingOne, give it the role on all of ${place(known)}, or choose what it covers.`,
  }
}

function undecided(call: RefusedCall, { area, operation }: CallMeaning): Refusal {
  const what = area === undefined || operation === undefined ? '' : ` to ${operation} ${lowered(areaOf(area).label)}`
  if (isRefusal(call)) {
    return {
      cause: 'unknown',
      explanation: `PingOne refused${what}${quoted(call)}.`,
      nextStep: 'Open the access matrix and confirm it by trials: it shows what the worker app may do there.',
    }
  }
  return {
    cause: 'unknown',
    explanation: `PingOne did not carry it out${quoted(call)}.`,
    nextStep: 'Mend what PingOne names, then try again.',
  }
}

const verbs: Record<AccessOperation, string> = {
  read: 'read',
  create: 'created',
  update: 'changed',
  delete: 'removed',
  deploy: 'deployed',
  export: 'exported',
}

/** PingOne refuses with 403; older services, and calls for environments that are gone, also with 401 and 404. */
function isRefusal({ status, details = [] }: RefusedCall): boolean {
  const permissions = details.some(({ code }) => code === 'INSUFFICIENT_PERMISSIONS')
  return status === 403 || (status === 401 && permissions)
}

function organizationIn(path: string): string | undefined {
  return /^\/v1\/organizations\/([^/?#]+)/.exec(path)?.[1]
}

function textsOf({ message, details = [] }: RefusedCall): string[] {
  return [message, ...details.map((detail) => detail.message)].filter((text) => text !== undefined)
}

/** The artifacts whose ids stand somewhere in the details, such as in `innerError.referencedValues`. */
function artifactsIn({ message, details = [] }: RefusedCall, artifacts: readonly NamedArtifact[]): NamedArtifact[] {
  const text = JSON.stringify([message, details])
  const words = new Set(text.match(/[A-Za-z0-9-]{8,}/g))
  return artifacts.filter(({ id }) => words.has(id))
}

/** PingOne's own words, where they say more than that access failed. */
function quoted({ message, details = [] }: RefusedCall): string {
  const [first] = details.map((detail) => detail.message).filter((text) => text !== undefined && text !== '')
  const text = first ?? message
  return text === undefined || text === '' ? '' : ` (PingOne: "${text}")`
}

function titled({ label, name }: NamedArtifact): string {
  return label === undefined ? `"${name}"` : `${lowered(label)} "${name}"`
}

function place({ environmentName }: RefusalKnowledge): string {
  return environmentName ?? 'this environment'
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
