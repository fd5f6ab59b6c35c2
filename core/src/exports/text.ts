import { ExportError } from './error.ts'

/** The largest file that is read: 50 MiB. The largest export met in public had 4 MB. */
export const maximumExportBytes = 50 * 1024 * 1024

/**
 * The JSON in the text of an export file. Throws an ExportError: TOO_LARGE, or NOT_JSON with the line and column where
 * the text stops being JSON.
 */
export function parseExportText(text: string, fileName: string): unknown {
  if (text.length > maximumExportBytes || Buffer.byteLength(text) > maximumExportBytes) {
    throw new ExportError(
      'TOO_LARGE',
      `${fileName} is larger than ${maximumExportBytes / 1024 / 1024} MiB.`,
      'Export fewer flows into one file.',
    )
  }
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch {
    const at = firstFault(json)
    const before = json.slice(0, at)
    const line = before.split('\n').length
    const column = at - before.lastIndexOf('\n')
    const truncated = at >= json.trimEnd().length
    throw new ExportError(
      'NOT_JSON',
      truncated
        ? `${fileName} ends in the middle of its JSON, at line ${line}, column ${column}.`
        : `${fileName} is not valid JSON: line ${line}, column ${column} can't be understood.`,
      truncated
        ? 'The file looks cut off: export or download it again.'
        : 'Correct the file there, or export it again.',
      { line, column },
    )
  }
}

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end'

/** Sticky patterns of what a JSON text is made of (RFC 8259). */
const blank = /[ \t\n\r]*/y
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/**
 * Where a text that JSON.parse refused stops being JSON. Its own message tells the place only sometimes, and in words
 * that differ between JavaScript engines.
 */
function firstFault(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  for (;;) {
    at = after(blank, text, at) ?? at
    const character = text[at]
    if (character === undefined || expected === 'end') return at
    const inside = open.at(-1)
    if (expected === 'colon') {
      if (character !== ':') return at
      expected = 'value'
      at += 1
    } else if (expected === 'commaOrEnd' && character === ',') {
      expected = inside === '{' ? 'key' : 'value'
      at += 1
    } else if ((expected === 'keyOrEnd' || expected === 'commaOrEnd') && character === '}' && inside === '{') {
      open.pop()
      expected = open.length > 0 ? 'commaOrEnd' : 'end'
      at += 1
    } else if ((expected === 'valueOrEnd' || expected === 'commaOrEnd') && character === ']' && inside === '[') {
      open.pop()
      expected = open.length > 0 ? 'commaOrEnd' : 'end'
      at += 1
    } else if (expected === 'commaOrEnd') {
      return at
    } else if (character === '"') {
      const end = stringEnd(text, at)
      if (end.faulty) return end.at
      const isKey: boolean = expected === 'key' || expected === 'keyOrEnd'
      expected = isKey ? 'colon' : open.length > 0 ? 'commaOrEnd' : 'end'
      at = end.at
    } else if (expected === 'key' || expected === 'keyOrEnd') {
      return at
    } else if (character === '{' || character === '[') {
      open.push(character)
      expected = character === '{' ? 'keyOrEnd' : 'valueOrEnd'
      at += 1
    } else {
      const end = after(scalar, text, at)
      if (end === undefined) return at
      expected = open.length > 0 ? 'commaOrEnd' : 'end'
      at = end
    }
  }
}

function stringEnd(text: string, start: number): { at: number; faulty: boolean } {
  let at = start + 1
  for (;;) {
    const character = text[at]
    if (character === undefined) return { at: text.length, faulty: true }
    if (character === '"') return { at: at + 1, faulty: false }
    if (character < ' ') return { at, faulty: true }
    if (character === '\\') {
      const end = after(escaped, text, at)
      if (end === undefined) return { at, faulty: true }
      at = end
    } else at += 1
  }
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
