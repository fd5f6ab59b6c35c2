import { equal, isObject, type Json } from '../json.ts'

/**
 * Whether a text is a Slate document: what DaVinci's rich text fields hold, a JSON array of blocks with `children`,
 * written into a string.
 */
export function isSlate(text: string): boolean {
  let start = 0
  while (text.charCodeAt(start) <= 32) start += 1
  return text.charCodeAt(start) === 91 && text.includes('"children"')
}

/** The blocks of a Slate document, or undefined when the text is none. */
export function parseSlate(text: string): Json[] | undefined {
  if (!isSlate(text)) return undefined
  try {
    const blocks = JSON.parse(text) as Json
    return Array.isArray(blocks) ? blocks : undefined
  } catch {
    return undefined // looks like one, but is a text that a person wrote
  }
}

/** What a person reads in a Slate document: its texts, with links as the expressions they stand for. */
export function slateText(text: string): string {
  const blocks = parseSlate(text)
  return blocks === undefined ? text : blocks.map(blockText).join('\n')
}

function blockText(block: Json): string {
  if (!isObject(block)) return ''
  if (typeof block.data === 'string' && block.type === 'link') return block.data
  if (typeof block.text === 'string') return block.text
  return Array.isArray(block.children) ? block.children.map(blockText).join('') : ''
}

/** Whether two Slate documents say the same, however their JSON is laid out. */
export function sameSlate(left: string, right: string): boolean {
  if (left === right) return true
  if (!isSlate(left) || !isSlate(right)) return false
  const from = parseSlate(left)
  const to = parseSlate(right)
  return from !== undefined && to !== undefined && equal(from, to)
}

const textField = /"text"\s*:\s*"((?:[^"\\]|\\.)*)"/g

/** Where in a Slate document its one literal text stands (a JSON string's inside, blanks left out). */
export interface LiteralSpot {
  value: string
  from: number
  to: number
}

/**
 * The literal that a rich text field holds when it holds nothing else, such as an id typed into it; undefined when
 * there are expressions, several texts, or none.
 */
export function slateLiteral(text: string): LiteralSpot | undefined {
  if (!isSlate(text) || text.includes('{{')) return undefined
  let found: LiteralSpot | undefined
  for (const match of text.matchAll(textField)) {
    const raw = match[1] ?? ''
    const trimmed = raw.trim()
    if (trimmed === '') continue
    if (found) return undefined
    const from = match.index + match[0].length - 1 - raw.length + raw.indexOf(trimmed)
    found = { value: literal(trimmed), from, to: from + trimmed.length }
  }
  return found
}

function literal(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}
