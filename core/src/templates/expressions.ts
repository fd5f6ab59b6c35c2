/** What a template expression speaks of: a variable by name, or the output of a node by its id. */
export interface Expression {
  kind: 'variable' | 'node'
  /** The variable's name, or the node's id. */
  name: string
  /** The variable's context, where the expression tells it. */
  context?: 'company' | 'flow' | 'user'
  /** Where the name stands in the text. */
  start: number
  end: number
}

const braces = /\{\{([^{}]*)\}\}/g
const path = /\b(?:global\.(?:(company|flow|user)\.)?variables|(local))\.([^.[\]{}"'\\()|,<>=]+)/g

/**
 * Finds `{{global.variables.x}}`, `{{global.company.variables.x}}` (flow and user as well) and `{{local.<node id>.…}}`
 * in a text, whatever surrounds them: HTML, JavaScript, or a Slate document as a JSON string. Names may hold blanks
 * and dashes. Other expressions (`{{#if …}}` over something else, parameters, `{{forms.…}}`) are no references.
 */
export function expressions(text: string): Expression[] {
  if (!text.includes('{{')) return []
  const found: Expression[] = []
  for (const brace of text.matchAll(braces)) {
    const inner = brace[1] ?? ''
    if (!inner.includes('variables.') && !inner.includes('local.')) continue
    const offset = brace.index + 2
    for (const match of inner.matchAll(path)) {
      const [whole, context, local, raw = ''] = match
      const name = raw.trimEnd()
      if (name === '') continue
      const start = offset + match.index + whole.length - raw.length
      found.push({
        kind: local ? 'node' : 'variable',
        name,
        ...(context ? { context: context as 'company' | 'flow' | 'user' } : {}),
        start,
        end: start + name.length,
      })
    }
  }
  return found
}

/**
 * A text with the names of its expressions replaced where `rename` answers one; everything else stays byte for byte.
 * In a text that is JSON itself (a Slate document) the new name is escaped as JSON needs it.
 */
export function renameExpressions(text: string, rename: (expression: Expression) => string | undefined): string {
  let result = ''
  let from = 0
  const escaped = /^\s*[[{]/.test(text) && text.includes('"')
  for (const expression of expressions(text)) {
    const name = rename(expression)
    if (name === undefined || name === expression.name) continue
    result += text.slice(from, expression.start) + (escaped ? JSON.stringify(name).slice(1, -1) : name)
    from = expression.end
  }
  return from === 0 ? text : result + text.slice(from)
}
