/** What an expression in a text points at. */
export interface Expression {
  kind: 'variable' | 'node'
  /** The variable's name or the node's id, unescaped. */
  target: string
  /** Of a variable: the context, where the expression tells it. */
  context?: string
}

/** Says what a target is called from now on; undefined leaves it. */
export type ExpressionRewriter = (expression: Expression) => string | undefined

const contexts = { company: 'company', flow: 'flow', user: 'user' } as const
const paths = /(^|[^\w.$-])(?:global\.(?:(company|flow|user)\.)?variables\.|local\.)/g
/** Where a name that stands alone in its braces ends: such names may hold blanks. */
const endOfBareName = /[.[\]{}|]/
/** Where a name that stands among the words of a block helper ends. */
const endOfWord = /[\s.[\](){}|,'"`=]/

/**
 * Goes through the template expressions of a text (`{{global.variables.x}}`, `{{local.<node>.payload.output.y}}`,
 * block helpers around them) and answers the text with their targets rewritten: the very same string when none is.
 * `escaped` says that the text is JSON, so that names in it are escaped as in a JSON string.
 */
export function rewriteExpressions(text: string, escaped: boolean, rewrite: ExpressionRewriter): string {
  let start = text.indexOf('{{')
  if (start < 0) return text
  let result = ''
  let copied = 0
  while (start >= 0) {
    const end = text.indexOf('}}', start + 2)
    if (end < 0) break
    // What looks like an opening within an expression is the real opening: `{{ {{global.variables.x}}`.
    const opening = text.lastIndexOf('{{', end - 1)
    const from = Math.max(opening, start) + 2
    const inner = text.slice(from, end)
    if (inner.includes('global.') || inner.includes('local.')) {
      for (const spot of spotsIn(inner)) {
        const raw = inner.slice(spot.from, spot.to)
        const target = escaped && raw.includes('\\') ? unescaped(raw) : raw
        const to = rewrite(expressionOf(spot, target))
        if (to === undefined || to === target) continue
        result += text.slice(copied, from + spot.from) + (escaped ? JSON.stringify(to).slice(1, -1) : to)
        copied = from + spot.to
      }
    }
    start = text.indexOf('{{', end + 2)
  }
  return copied === 0 ? text : result + text.slice(copied)
}

/** The expressions of a text, in order. */
export function expressionsIn(text: string, escaped = false): Expression[] {
  const found: Expression[] = []
  rewriteExpressions(text, escaped, (expression) => {
    found.push(expression)
    return undefined
  })
  return found
}

interface Spot {
  node: boolean
  context: string | undefined
  from: number
  to: number
}

function spotsIn(inner: string): Spot[] {
  const spots: Spot[] = []
  const first = inner.length - inner.trimStart().length
  paths.lastIndex = 0
  for (let match = paths.exec(inner); match; match = paths.exec(inner)) {
    const alone = match.index + (match[1]?.length ?? 0) === first
    const from = paths.lastIndex
    const bracketed = inner.charCodeAt(from) === 91 // [more than a word]
    const length = bracketed ? inner.slice(from + 1).search(/\]/) : inner.slice(from).search(ending(inner, alone))
    const begin = bracketed ? from + 1 : from
    const raw = length < 0 ? inner.slice(begin) : inner.slice(begin, begin + length)
    const name = bracketed ? raw : raw.trimEnd()
    if (name !== '') {
      const node = match[0].endsWith('local.')
      spots.push({ node, context: match[2], from: begin, to: begin + name.length })
    }
    paths.lastIndex = begin + Math.max(raw.length, 1)
  }
  return spots
}

/** A bare name may hold blanks, unless what follows shows that it is the first of several words. */
function ending(inner: string, alone: boolean): RegExp {
  return alone && !/[()=]/.test(inner) ? endOfBareName : endOfWord
}

function expressionOf(spot: Spot, target: string): Expression {
  if (spot.node) return { kind: 'node', target }
  const context = contexts[spot.context as keyof typeof contexts]
  return context === undefined ? { kind: 'variable', target } : { kind: 'variable', target, context }
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch {
    return raw // a lone backslash: not an escape after all
  }
}
