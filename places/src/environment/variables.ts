import { type Artifact, type JsonObject, objectAt, stringAt } from '@flightiq/core'
import { PingOneError } from '@flightiq/pingone'
import type { KindAccess, Reach } from './access.ts'
import { wholeLists } from './whole-lists.ts'

const whole = wholeLists('variable', (client) => client.variables)

/** Access to variables. */
export const variables: KindAccess = {
  ...whole,

  /**
   * PingOne makes variables of flow context by itself when it saves the flow that uses them
   * (PingOne API reference, variables): then the one that is there is brought in line.
   */
  async create(reach, content) {
    try {
      return await whole.create(reach, content)
    } catch (error) {
      const taken = error instanceof PingOneError && error.hasDetail('UNIQUENESS_VIOLATION')
      const existing = taken ? await madeWithFlow(reach, content) : undefined
      if (existing === undefined) throw error
      return whole.replace(reach, existing.id, content)
    }
  },
}

async function madeWithFlow(reach: Reach, wanted: JsonObject): Promise<Artifact | undefined> {
  if (stringAt(wanted, 'context') !== 'flow') return undefined
  const flowOf = (content: JsonObject) => stringAt(objectAt(content, 'flow'), 'id')
  return (await whole.list(reach)).find(
    ({ name, content }) =>
      name === stringAt(wanted, 'name') &&
      stringAt(content, 'context') === 'flow' &&
      flowOf(content) === flowOf(wanted),
  )
}
