/** A piece of a rich text: plain text, a template expression, or the start of a new line. */
export type SlatePart = { type: 'text' | 'template'; text: string } | { type: 'line' }

/**
 * DaVinci keeps rich texts as Slate documents: JSON within a string. Reads one as a person sees it in the editor.
 * Undefined for a string that is none.
 */
export function readSlate(value: unknown): SlatePart[] | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('[')) return undefined
  let blocks: unknown
  try {
    blocks = JSON.parse(value)
  } catch {
    return undefined
  }
  if (!Array.isArray(blocks) || blocks.length === 0 || !blocks.every(isElement)) return undefined
  return blocks.flatMap((block, index) => [...(index > 0 ? [{ type: 'line' } as const] : []), ...partsOf(block)])
}

/** A rich text as plain text, template expressions in their braces. Other values are left as they are. */
export function slateText(value: string): string {
  const parts = readSlate(value)
  if (!parts) return value
  return parts.map((part) => (part.type === 'line' ? '\n' : part.text)).join('')
}

type Element = { children: unknown[]; type?: unknown; data?: unknown }

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && 'children' in value && Array.isArray(value.children)
}

function partsOf(node: unknown): SlatePart[] {
  if (isElement(node)) {
    if (node.type === 'link' && typeof node.data === 'string') return [{ type: 'template', text: node.data }]
    return node.children.flatMap(partsOf)
  }
  if (
    typeof node === 'object' &&
    node !== null &&
    'text' in node &&
    typeof node.text === 'string' &&
    node.text !== ''
  ) {
    return withTemplates(node.text)
  }
  return []
}

/** Splits a text at the template expressions in it. */
export function withTemplates(text: string): SlatePart[] {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ type: piece.startsWith('{{') ? 'template' : 'text', text: piece }))
}
