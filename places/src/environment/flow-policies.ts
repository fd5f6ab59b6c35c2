import { type Artifact, type JsonObject, kindOf, objectAt, stringAt } from '@flightiq/core'
import { NotFoundError, PlaceError } from '../errors.ts'
import { artifactOf, type KindAccess, labelOf, type Reach, requestOf } from './access.ts'
import { applications } from './applications.ts'

/** Access to flow policies, which PingOne keeps below their application: one list for each. */
export const flowPolicies: KindAccess = {
  async list(reach) {
    const all = await applications.list(reach)
    const lists = await Promise.all(
      all.map((application) =>
        reach.reading.step(labelOf(kindOf('flowPolicy'), reach), async () => {
          const calls = reach.reading.calls
          const policies = await reach.client.flowPolicies.list(reach.environmentId, application.id, calls)
          return policies.map((content) => policyOf(reach, application.id, content))
        }),
      ),
    )
    return lists.flat()
  },

  async get(reach, id) {
    const applicationId = await applicationOf(reach, id)
    const { client, environmentId, reading } = reach
    return policyOf(
      reach,
      applicationId,
      await client.flowPolicies.get(environmentId, applicationId, id, reading.calls),
    )
  },

  async create(reach, content) {
    const applicationId = stringAt(objectAt(content, 'application'), 'id')
    if (applicationId === undefined) {
      throw new PlaceError({
        code: 'CONTENT_INVALID',
        message: `The flow policy "${stringAt(content, 'name') ?? ''}" doesn't say which application it belongs to.`,
        nextStep: 'Set application.id in its content.',
      })
    }
    const { client, environmentId, reading } = reach
    const body = bodyOf(content)
    const made = await client.flowPolicies.create(environmentId, applicationId, body, reading.calls)
    return policyOf(reach, applicationId, made)
  },

  async replace(reach, id, content) {
    const applicationId = await applicationOf(reach, id)
    const { client, environmentId, reading } = reach
    const body = bodyOf(content)
    const kept = await client.flowPolicies.replace(environmentId, applicationId, id, body, reading.calls)
    return policyOf(reach, applicationId, kept)
  },

  async remove(reach, id) {
    const applicationId = await applicationOf(reach, id)
    await reach.client.flowPolicies.remove(reach.environmentId, applicationId, id, reach.reading.calls)
    reach.applicationOfPolicy.delete(id)
  },
}

/** The application stands in the path, not in the body. */
function bodyOf(content: JsonObject): JsonObject {
  const { application: _inPath, ...body } = requestOf('flowPolicy', content)
  return body
}

/** A policy whose content doesn't name its application, though its path does, gets it added. */
function policyOf(reach: Reach, applicationId: string, content: JsonObject): Artifact {
  const named = stringAt(objectAt(content, 'application'), 'id') !== undefined
  const artifact = artifactOf('flowPolicy', named ? content : { ...content, application: { id: applicationId } })
  reach.applicationOfPolicy.set(artifact.id, applicationId)
  return artifact
}

async function applicationOf(reach: Reach, policyId: string): Promise<string> {
  if (!reach.applicationOfPolicy.has(policyId)) await flowPolicies.list(reach)
  const applicationId = reach.applicationOfPolicy.get(policyId)
  if (applicationId !== undefined) return applicationId
  throw new NotFoundError({
    message: `There is no flow policy ${policyId} in ${reach.environmentName}.`,
    nextStep: 'List the flow policies again.',
  })
}
