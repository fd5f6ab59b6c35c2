import type { JsonObject } from '@flightiq/core'
import core from './core.json' with { type: 'json' }
import ping from './ping.json' with { type: 'json' }
import service from './service.json' with { type: 'json' }

/** A connector as the catalogue knows it. Ids, names, property names and capabilities are DaVinci's. */
export interface CatalogueConnector {
  id: string
  name: string
  description: string
  type: 'core' | 'ping' | 'service'
  vendor: string
  /** Properties of its instances, with the labels the console shows. */
  account?: Record<string, string>
  /** Properties of its nodes. */
  properties: Record<string, string>
  capabilities: string[]
}

type Entry = Omit<CatalogueConnector, 'type' | 'vendor' | 'account'> & { vendor?: string; account: object }

function entries(type: CatalogueConnector['type'], list: readonly Entry[]): [string, CatalogueConnector][] {
  return list.map((entry) => [
    entry.id,
    { ...entry, type, vendor: entry.vendor ?? 'pingidentity', account: { ...entry.account } as Record<string, string> },
  ])
}

/** Every connector the sandbox lists, by id. Instances of others are taken too: the real catalogue grows monthly. */
export const catalogue: ReadonlyMap<string, CatalogueConnector> = new Map([
  ...entries('core', core as unknown as Entry[]),
  ...entries('ping', ping as unknown as Entry[]),
  ...entries('service', service as unknown as Entry[]),
])

const colours = {
  core: { canvas: '#E3F0FF', canvasText: '#212529', dark: '#2B90C9' },
  ping: { canvas: '#FBE9EC', canvasText: '#212529', dark: '#B3282D' },
  service: { canvas: '#EDE7F6', canvasText: '#212529', dark: '#5E35B1' },
} as const

/** Type, vendor and colours of a connector; undefined when the catalogue doesn't know it. */
export function connectorMetadata(connectorId: string): JsonObject | undefined {
  const connector = catalogue.get(connectorId)
  if (!connector) return undefined
  return {
    type: connector.type,
    vendor: connector.vendor,
    colors: { ...colours[connector.type] },
    logos: { canvas: { imageFileName: `${connector.id}.svg` } },
  }
}

/** Secrets whose name alone doesn't tell it. */
const secretsByConnector: Readonly<Record<string, readonly string[]>> = {
  httpConnector: ['recaptchaSecretKey'],
  cookieConnector: ['hmacSigningKey'],
  connectorAmazonDynamoDB: ['awsAccessSecret'],
  amazonSimpleEmailConnector: ['awsAccessSecret'],
  connectorAWSLambda: ['secretAccessKey'],
}

/** The properties of a connector's instances whose values are never answered. */
export function secureProperties(connectorId: string): ReadonlySet<string> {
  return new Set(secretsByConnector[connectorId] ?? [])
}

/** The properties of a connector as its details give them. */
export function connectorProperties(connector: CatalogueConnector): JsonObject {
  const secure = secureProperties(connector.id)
  const all = { ...connector.account, ...connector.properties }
  return Object.fromEntries(
    Object.entries(all).map(([name, displayName]) => [
      name,
      {
        type: 'string',
        displayName,
        preferredControlType: 'textField',
        ...(secure.has(name) || /secret$/i.test(name) ? { secure: true } : {}),
      },
    ]),
  )
}
