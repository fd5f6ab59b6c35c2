import { isObject, type JsonObject } from '@flightiq/core'
import { newHexId, newSecret } from '../ids.ts'

/**
 * A DaVinci application's content with what the API always answers: key, secret, and the defaults of grant types and
 * scopes (PingOne API reference, DaVinci applications). Secrets already there are kept.
 */
export function completeApplication(content: JsonObject): JsonObject {
  const apiKey = isObject(content.apiKey) ? content.apiKey : {}
  const oauth = isObject(content.oauth) ? content.oauth : {}
  return {
    ...content,
    apiKey: { enabled: true, value: newSecret(48), ...apiKey },
    oauth: {
      clientSecret: newHexId(),
      grantTypes: ['authorizationCode'],
      scopes: ['openid', 'profile'],
      redirectUris: [],
      logoutUris: [],
      ...oauth,
    },
  }
}
