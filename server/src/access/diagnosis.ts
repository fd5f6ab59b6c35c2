import {
  type AccessMatrix,
  type AccessProbe,
  accessMatrix,
  areaOfCall,
  judgeRefusal,
  type KindName,
  kindNames,
  kindOf,
  type NamedArtifact,
  type RefusedCall,
} from '@flightiq/core'
import { type PingOneClient, PingOneError } from '@flightiq/pingone'
import { EnvironmentPlace, MemoryArtifactCache } from '@flightiq/places'
import type { Problem } from '../contract/problem.ts'
import { EnvironmentNotVisibleError } from '../places/not-visible.ts'
import { type AccessKnowledge, unlessRefused } from './knowledge.ts'

export type Diagnosis = NonNullable<Problem['diagnosis']>

/** What a diagnosis can look into. */
export interface DiagnosisSubject {
  client: PingOneClient
  /** As it was a moment ago: many calls can be refused at once. */
  knowledge(): Promise<AccessKnowledge>
  knowledgeAnew(): Promise<AccessKnowledge>
  /** The names of the Org Roots with which FlightIQ has seen an environment. */
  ownersOf(environmentId: string): Promise<string[]>
  tenantName: string
}

/** Answers that a diagnosis is worth for: refusals, what PingOne says of environments that are gone, and broken rules. */
const telling = new Set([400, 401, 403, 404, 409])

/** Whether looking into an error could find out more than it says itself. */
export function isDiagnosable(error: unknown): boolean {
  if (error instanceof EnvironmentNotVisibleError) return true
  if (!(error instanceof PingOneError) || !telling.has(error.status)) return false
  // Of what is wrong in a body PingOne's own words are the best diagnosis.
  return error.status !== 400 || standsAgainst(error)
}

/** Finds out which of the known reasons a refusal has. Throws what the client throws. */
export async function diagnose(error: unknown, subject: DiagnosisSubject): Promise<Diagnosis | undefined> {
  if (error instanceof EnvironmentNotVisibleError) return diagnoseInvisible(error.environmentId, subject)
  if (!(error instanceof PingOneError)) return undefined
  const call = refusedCall(error)
  const meaning = areaOfCall(call)
  const { environmentId } = meaning
  let knowledge = await subject.knowledge()
  const find = () => knowledge.environments.find(({ id }) => id === environmentId)
  const state = find() || environmentId === undefined ? 'visible' : await existence(subject.client, environmentId)
  // Roles were given since: what they are now explains it.
  if (state === 'visible' && environmentId !== undefined && !find()) knowledge = await subject.knowledgeAnew()
  const environment = find()
  const artifacts =
    standsAgainst(error) && environment ? await artifactsAround(call, environment.id, subject.client) : []
  const users = (id: string) => artifacts.flatMap(({ named, uses }) => (uses.has(id) ? [named] : []))
  const refusal = judgeRefusal(call, {
    organizationId: knowledge.organizationId,
    environment: state,
    environmentName: environment?.name,
    davinci: environment?.davinci,
    matrix: environment ? await matrixOf(call, environment.id, knowledge, subject.client) : undefined,
    artifacts: artifacts.map(({ named }) => named),
    usedBy: users,
  })
  const { cause, explanation, nextStep, artifact } = refusal
  const kind = artifact && artifacts.find(({ named }) => named.id === artifact.id)?.kind
  return {
    cause,
    explanation,
    nextStep,
    certain: cause !== 'unknown',
    ...(artifact
      ? { artifact: { kind: kind ?? meaning.area ?? 'artifact', id: artifact.id, name: artifact.name } }
      : {}),
  }
}

/** An environment that isn't in the list: no role reaches it, or it is of another organization. */
async function diagnoseInvisible(environmentId: string, subject: DiagnosisSubject): Promise<Diagnosis> {
  const { client, tenantName } = subject
  const state = await existence(client, environmentId)
  const owners = await subject.ownersOf(environmentId)
  const [owner] = owners
  if (owner !== undefined && !owners.includes(tenantName)) {
    return {
      cause: 'tenantMismatch',
      explanation: `This environment belongs to the Org Root "${owner}", not to "${tenantName}", whose credentials were used.`,
      nextStep: `Choose the Org Root "${owner}" in the header, or another environment.`,
      certain: true,
    }
  }
  const path = `/v1/environments/${environmentId}`
  const knowledge = await subject.knowledge()
  const { cause, explanation, nextStep } = judgeRefusal(
    { method: 'GET', path, status: 403 },
    { environment: state, organizationId: knowledge.organizationId },
  )
  return { cause, explanation, nextStep, certain: cause !== 'unknown' }
}

/** PingOne's word on whether an environment exists: below it it answers 403 even where there is none. */
async function existence(client: PingOneClient, environmentId: string): Promise<'visible' | 'refused' | 'missing'> {
  try {
    await client.environments.get(environmentId)
    return 'visible'
  } catch (error) {
    if (error instanceof PingOneError && error.status === 404) return 'missing'
    if (error instanceof PingOneError && error.status === 403) return 'refused'
    throw error
  }
}

/** The matrix of one environment; where the roles don't tell, what was refused is tried again beside its reading. */
async function matrixOf(
  call: RefusedCall,
  environmentId: string,
  knowledge: AccessKnowledge,
  client: PingOneClient,
): Promise<AccessMatrix> {
  const { area, operation } = areaOfCall(call)
  const { organizationId, assignments, roles } = knowledge
  const environments = knowledge.environments.filter(({ id }) => id === environmentId)
  const asked = area === undefined || operation === undefined ? [] : [...new Set(['read' as const, operation])]
  const probes: AccessProbe[] = await Promise.all(
    asked
      .flatMap((one) => (area === undefined ? [] : [{ environmentId, area, operation: one }]))
      .map(
        async (one): Promise<AccessProbe> => ({
          ...one,
          result: await client.probes.try(environmentId, one.area, one.operation),
        }),
      ),
  )
  return accessMatrix({ organizationId, environments, assignments, roles, probes })
}

function refusedCall(error: PingOneError): RefusedCall {
  const { method = 'GET', path = '', status, code, said, details, contentType } = error
  return { method, path, status, code, message: said, details, ...(contentType === undefined ? {} : { contentType }) }
}

/** Something else in PingOne stands against it: its codes for that, or a refusal with a reason of its own. */
function standsAgainst({ details, said }: PingOneError): boolean {
  return details.some(({ code }) => code === 'CONSTRAINT_VIOLATION') || /policy|in use|used by/i.test(said)
}

/** What lies around the artifact of a call, with what each refers to, to name what stands in the way. */
async function artifactsAround(
  call: RefusedCall,
  environmentId: string,
  client: PingOneClient,
): Promise<{ kind: KindName; named: NamedArtifact; uses: ReadonlySet<string> }[]> {
  const place = new EnvironmentPlace({ client, environmentId, environmentName: '', cache: new MemoryArtifactCache() })
  const { area } = areaOfCall(call)
  const own = kindNames.find((name) => name === area)
  const wanted = new Set<KindName>([...(own ? [own] : []), 'flowPolicy'])
  const lists = await Promise.all([...wanted].map((kind) => unlessRefused(() => place.list(kind))))
  return lists.flatMap((artifacts = []) =>
    artifacts.map(({ kind, id, name, content }) => ({
      kind,
      named: { id, name, label: kindOf(kind).label.one },
      uses: new Set(
        kindOf(kind)
          .references(content)
          .map((reference) => reference.target),
      ),
    })),
  )
}
