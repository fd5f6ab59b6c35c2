import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from '@flightiq/core'
import type { z } from 'zod'
import type { environmentSchema } from '../contract/tenants.ts'

/** The product that an environment with DaVinci has in its bill of materials (PingOne API reference, environments). */
const davinciProduct = 'PING_ONE_DAVINCI'

/** An environment of PingOne as the API of FlightIQ tells it. */
export function toEnvironment(content: JsonObject): z.infer<typeof environmentSchema> {
  const region = stringAt(content, 'region')
  const description = stringAt(content, 'description')
  const products = arrayAt(objectAt(content, 'billOfMaterials'), 'products')
  return {
    id: stringAt(content, 'id') ?? '',
    name: stringAt(content, 'name') ?? '',
    type: stringAt(content, 'type') ?? 'SANDBOX',
    ...(region === undefined ? {} : { region }),
    ...(description === undefined ? {} : { description }),
    davinci: products.some((product) => isObject(product) && product.type === davinciProduct),
  }
}
