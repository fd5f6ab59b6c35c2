import type { Json } from '../../json.ts'
import { isObject } from '../../json.ts'
import { pointerStep } from '../../properties.ts'
import type { Reference } from '../../reference.ts'
import { type Expression, rewriteExpressions } from '../../templates/expressions.ts'
import { isSlate } from '../../templates/slate.ts'
import { mapFields, mapList } from './sharing.ts'

/** What is known of a reference before the node that holds it is added. */
export type Found = Omit<Reference, 'node'>
/** Hears of each reference; an answer replaces it where it stands. */
export interface Listener {
  (found: Found): string | undefined
  /** The result is only compared: expressions and addresses, which mean the same on both sides, are not searched. */
  comparing?: boolean
}

/** Goes through a value of any depth and answers it with the references in its texts replaced. */
export function walkTexts(value: Json, pointer: string, hear: Listener): Json {
  if (typeof value === 'string') return walkText(value, pointer, hear)
  if (Array.isArray(value)) return mapList(value, (item, index) => walkTexts(item, `${pointer}/${index}`, hear))
  if (!isObject(value)) return value
  return mapFields(value, (item, key) => walkTexts(item, `${pointer}/${pointerStep(key)}`, hear))
}

/**
 * Answers a text with its references replaced: template expressions, environment ids in PingOne's addresses, and
 * what components of a page name, such as identity provider buttons (in JSON, and once more in base64).
 */
export function walkText(text: string, pointer: string, hear: Listener): string {
  if (text.length < 5) return text
  const slate = text.includes('"children"') && isSlate(text)
  let result = slate && text.includes('"idpConnector"') ? walkOptions(text, pointer, hear) : text
  if (result.includes(componentMark)) result = walkComponents(result, pointer, hear)
  if (hear.comparing) return result
  if (result.includes('{{')) {
    result = rewriteExpressions(result, slate, (expression) => hear(foundIn(expression, pointer)))
  }
  if (result.includes('/environments/') || result.includes('pingone.')) result = walkAddresses(result, pointer, hear)
  return result
}

function foundIn(expression: Expression, pointer: string): Found {
  if (expression.kind === 'node') {
    return { kind: 'node', by: 'id', target: expression.target, pointer, spot: 'template' }
  }
  const found: Found = { kind: 'variable', by: 'name', target: expression.target, pointer, spot: 'template' }
  if (expression.context !== undefined) found.context = expression.context
  return found
}

const componentMark = '[[[skcomponent###'
const component = /(\[\[\[skcomponent###)([A-Za-z0-9+/]+={0,2})(?=\]\]\])/g
const option = /("(idpConnector|identityProviderId|populationId)"\s*:\s*")([^"\\]+)(?=")/g
const attribute = /(\b(idpConnector|identityProviderId|populationId|environmentId)=")([^"{}]+)(?=")/g

/** Whether a text names an instance otherwise than by an expression: by a component of a page. */
export function namesInstances(text: string): boolean {
  return text.includes('"idpConnector"') || text.includes(componentMark)
}

/** Options of the identity provider buttons in a page: they name the instance, the provider and the population. */
function walkOptions(text: string, pointer: string, hear: Listener): string {
  return replaceTargets(text, option, pointer, hear)
}

/** Components stand in a page once more, in base64: first as attributes, then with their options in JSON. */
function walkComponents(text: string, pointer: string, hear: Listener): string {
  return text.replace(component, (whole, before: string, encoded: string) => {
    const decoded = decode(encoded)
    if (decoded === undefined) return whole
    const walked = replaceTargets(replaceTargets(decoded, attribute, pointer, hear), option, pointer, hear)
    return walked === decoded ? whole : before + btoa(walked)
  })
}

/** The bytes of a base64 text, one letter each; undefined for what would not come out the same again. */
function decode(encoded: string): string | undefined {
  if (encoded.length % 4 !== 0) return undefined
  const decoded = atob(encoded)
  return btoa(decoded) === encoded ? decoded : undefined
}

function replaceTargets(text: string, pattern: RegExp, pointer: string, hear: Listener): string {
  return text.replace(pattern, (whole, before: string, field: string, target: string) => {
    const to = hear({ ...buttonKinds[field as keyof typeof buttonKinds], by: 'id', target, pointer, spot: 'template' })
    return to === undefined ? whole : before + to
  })
}

const buttonKinds = {
  idpConnector: { kind: 'connectorInstance', connectorId: 'pingOneAuthenticationConnector' },
  identityProviderId: { kind: 'identityProvider' },
  populationId: { kind: 'population' },
  environmentId: { kind: 'environment' },
} as const

const address = /(\/environments\/|pingone\.[a-z.]+\/)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/gi

function walkAddresses(text: string, pointer: string, hear: Listener): string {
  return text.replace(address, (whole, before: string, target: string) => {
    const to = hear({ kind: 'environment', by: 'id', target, pointer, spot: 'template' })
    return to === undefined ? whole : before + to
  })
}
