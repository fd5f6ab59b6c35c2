import Ajv, { type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { sharedMaterial, sharedText } from '../../test/support/shared.ts'

/** An operation of an OpenAPI document, as far as it is looked at here. */
interface Operation {
  requestBody?: { content: Record<string, { schema: AnySchema }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: AnySchema }> }>
}

interface Description {
  paths: Record<string, Record<string, Operation>>
  components: { responses?: Record<string, Operation['responses'][string]> }
}

/** Checks requests and answers against one OpenAPI 3.1 document. */
class Contract {
  readonly #description: Description
  readonly #ajv: Ajv.default
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(description: Description) {
    this.#description = description
    this.#ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: true, validateSchema: false })
    addFormats.default(this.#ajv)
    for (const format of ['bigFloatUnquoted', 'float64', 'password']) this.#ajv.addFormat(format, true)
    this.#ajv.addSchema(description as unknown as AnySchema, 'api')
  }

  /** The operation of a request, with its path in the document; undefined when the document has none. */
  #operation(method: string, path: string, mediaType: string | undefined): [string, Operation] | undefined {
    const candidates = Object.entries(this.#description.paths).filter(([template]) => {
      const pattern = (template.split('#')[0] ?? '').replaceAll(/\{[^}]+\}/g, '[^/]+')
      return new RegExp(`^${pattern}$`).test(path)
    })
    const found = candidates.flatMap(([template, item]): [string, Operation][] => {
      const operation = item[method.toLowerCase()]
      return operation ? [[template, operation]] : []
    })
    const byType = found.find(([, { requestBody }]) => mediaType && requestBody?.content[mediaType])
    return byType ?? found.find(([template]) => !template.includes('#') && !mediaType?.includes('vnd.'))
  }

  /** What is wrong with a request or its answer, and whether the document speaks of this answer at all. */
  check(exchange: Exchange): { known: boolean; problems: string[] } {
    const mediaType = exchange.mediaType?.split(';')[0]
    const path = exchange.path.replace(/^\/v1/, '').split('?')[0] ?? ''
    const found = this.#operation(exchange.method, path, mediaType)
    if (!found) return { known: false, problems: [] }
    const [template, operation] = found
    const declared = operation.responses[String(exchange.status)]
    if (!declared) return { known: false, problems: [] }
    const problems: string[] = []
    const response = declared.$ref
      ? this.#description.components.responses?.[declared.$ref.split('/').at(-1) ?? '']
      : declared
    const schema = Object.values(response?.content ?? {})[0]?.schema
    const name = `${exchange.method} ${template} ${exchange.status}`
    if (schema) problems.push(...this.#validate(`${name} answer`, schema, exchange.answer))
    else if (exchange.answer !== undefined) problems.push(`${name}: the description has no body for this answer`)
    const requestSchema = operation.requestBody?.content[mediaType ?? '']?.schema
    if (exchange.status < 300 && requestSchema && typeof exchange.request === 'object') {
      problems.push(...this.#validate(`${name} request`, requestSchema, exchange.request))
    }
    return { known: true, problems }
  }

  #validate(name: string, schema: AnySchema, value: unknown): string[] {
    let validate = this.#compiled.get(name)
    if (!validate) {
      validate = this.#ajv.compile(rebased(schema) as AnySchema)
      this.#compiled.set(name, validate)
    }
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${name} ${instancePath}: ${message}`)
  }
}

/** References inside a schema point into the whole document. */
function rebased(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(rebased)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' && value.startsWith('#') ? `api${value}` : rebased(value),
    ]),
  )
}

/** One request and its answer. */
export interface Exchange {
  method: string
  path: string
  mediaType: string | undefined
  request: unknown
  status: number
  answer: unknown
}

let platform: Contract | undefined
let client: Contract | undefined
let management: Contract | undefined

/**
 * What the descriptions say against an exchange: the official one, the newer one that the strict Go client is made from,
 * and for what neither of them knows (organizations, forms) the one of the platform. Empty when all is well, and when the
 * descriptions lie not beside the project.
 */
export function contractProblems(exchange: Exchange): string[] {
  if (!sharedMaterial) return []
  platform ??= new Contract(JSON.parse(sharedText('openapi/pingone-platform.json')) as Description)
  // An export with and without subflows fit each other's schema, and so do a form's fields: `oneOf` can't hold there.
  client ??= new Contract(
    parse(sharedText('openapi/pingone-go-client.yaml').replaceAll('oneOf:', 'anyOf:')) as Description,
  )
  const checked = [platform.check(exchange), client.check(exchange)]
  if (checked.some(({ known }) => known)) return checked.flatMap(({ problems }) => problems)
  management ??= new Contract(
    JSON.parse(sharedText('openapi/pingone-management.json').replaceAll('"oneOf"', '"anyOf"')) as Description,
  )
  return management.check(exchange).problems
}

/** Whether one of the descriptions has this operation with this status. */
export function isDescribed(exchange: Exchange): boolean {
  return [platform, client, management].some((contract) => contract?.check(exchange).known)
}
