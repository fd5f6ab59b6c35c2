import { stringAt } from '@flightiq/core'
import { artifactOf, type KindAccess, requestOf } from './access.ts'
import { wholeLists } from './whole-lists.ts'

const whole = wholeLists('application', (client) => ({
  ...client.applications,
  create: (environmentId, content, options) =>
    client.applications.create(environmentId, { name: stringAt(content, 'name') ?? '' }, options),
}))

/** Access to applications. */
export const applications: KindAccess = {
  ...whole,

  list: (reach) => reach.reading.once('applications', () => whole.list(reach)),

  /** PingOne takes only the name on create; the rest comes by replacing. */
  async settle({ client, environmentId, reading }, made, content) {
    const body = requestOf('application', content)
    if (Object.keys(body).every((key) => key === 'name')) return made
    return artifactOf('application', await client.applications.replace(environmentId, made.id, body, reading.calls))
  },
}
