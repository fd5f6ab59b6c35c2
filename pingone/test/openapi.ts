import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { sharedText } from '../../test/support/shared.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
}
interface Operation {
  parameters?: ({ $ref: string } | Parameter)[]
  requestBody?: { required?: boolean; content: Record<string, unknown> }
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { parameters: Record<string, Parameter> }
}

/** A request as it went over the wire. */
export interface SentRequest {
  method: string
  path: string
  query: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Paths and actions that PingOne's developer documentation describes, but not its OpenAPI document. */
const documentedElsewhere = [
  /^GET \/v1\/organizations(\/[^/]+)?$/,
  /^POST .*\/flows application\/vnd\.pingidentity\.flow\.import(\.legacy)?\+json$/,
  /^POST .*\/versions\/\d+ application\/vnd\.pingidentity\.flowversion\.(export|revert)\+json$/,
]

/** Checks requests against the official OpenAPI document: path, method, parameters, content type, body. */
export function createRequestCheck(): (request: SentRequest) => string[] {
  const document = JSON.parse(sharedText('openapi/pingone-platform.json')) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ;(addFormats as unknown as (instance: Ajv2020) => void)(ajv)
  for (const format of ['bigFloatUnquoted', 'int32', 'int64', 'float', 'double']) ajv.addFormat(format, true)
  ajv.addSchema(document as object, 'openapi')
  const validators = new Map<string, ValidateFunction>()

  function problemsOf(pointer: string, value: unknown): string[] {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    validators.set(pointer, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
  }

  return ({ method, path, query, headers, body }) => {
    const contentType = headers['content-type']
    const called = [method, path, contentType === 'application/json' ? undefined : contentType]
      .filter(Boolean)
      .join(' ')
    if (documentedElsewhere.some((pattern) => pattern.test(called))) return []
    const templates = Object.keys(document.paths).filter((template) => {
      const operation = document.paths[template]?.[method.toLowerCase()]
      if (operation === undefined || !matches(template, path)) return false
      return contentType === undefined || Object.hasOwn(operation.requestBody?.content ?? {}, String(contentType))
    })
    const [template] = templates
    if (template === undefined) return [`${called}: no such operation`]
    const operation = document.paths[template]?.[method.toLowerCase()]
    const at = `/paths/${escapePointer(template)}/${method.toLowerCase()}`
    const problems: string[] = []
    const parameters = (operation?.parameters ?? []).map((parameter, index) => {
      if (!('$ref' in parameter)) return { ...parameter, pointer: `${at}/parameters/${index}/schema` }
      const name = parameter.$ref.split('/').at(-1) ?? ''
      return {
        ...document.components.parameters[name]!,
        pointer: `/components/parameters/${escapePointer(name)}/schema`,
      }
    })
    for (const [name, value] of new URLSearchParams(query)) {
      const parameter = parameters.find((known) => known.in === 'query' && known.name === name)
      if (parameter === undefined) problems.push(`${called}: unknown query parameter ${name}`)
      else problems.push(...problemsOf(parameter.pointer, /^\d+$/.test(value) ? Number(value) : value))
    }
    const segments = path.slice('/v1'.length).split('/')
    for (const [index, part] of template.split('#')[0]!.split('/').entries()) {
      const parameter = parameters.find((known) => part === `{${known.name}}`)
      if (parameter) problems.push(...problemsOf(parameter.pointer, decodeURIComponent(segments[index] ?? '')))
    }
    if (operation?.requestBody?.required && body === '') problems.push(`${called}: the body is missing`)
    if (body !== '' && contentType !== undefined) {
      const schema = `${at}/requestBody/content/${escapePointer(String(contentType))}/schema`
      problems.push(...problemsOf(schema, JSON.parse(body)).map((problem) => `${called} ${problem}`))
    }
    return problems
  }
}

/**
 * Whether a request is an operation of the official OpenAPI document or of the one of the platform API, by method and
 * path: its body is not looked at.
 */
export function createOperationCheck(): (request: Pick<SentRequest, 'method' | 'path'>) => boolean {
  const documents = ['pingone-platform', 'pingone-management'].map(
    (name) => JSON.parse(sharedText(`openapi/${name}.json`)) as Document,
  )
  return ({ method, path }) =>
    documentedElsewhere.some((pattern) =>
      pattern.test(`${method} ${path} application/vnd.pingidentity.flowversion.export+json`),
    ) ||
    documents.some(({ paths }) =>
      Object.entries(paths).some(
        ([template, operations]) => matches(template, path) && method.toLowerCase() in operations,
      ),
    )
}

function matches(template: string, path: string): boolean {
  const wanted = `/v1${template.split('#')[0]}`.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith('{') || part === given[index])
}

function escapePointer(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))
}
