import { type ErrorDetail, invalidData } from './errors.ts'

/** One comparison of a SCIM filter. */
export interface FilterTerm {
  attribute: string
  operator: string
  value: string
}

/**
 * Parses a SCIM filter as PingOne's lists take it: comparisons joined by `and`. Which attributes and operators are
 * supported differs by list. Throws 400 INVALID_FILTER with what is supported.
 */
export function parseFilter(filter: string | undefined, supported: Record<string, readonly string[]>): FilterTerm[] {
  if (filter === undefined || filter.trim() === '') return []
  const terms: FilterTerm[] = []
  let rest = filter.trim()
  for (;;) {
    const match = /^\(?\s*([A-Za-z.]+)\s+([a-z]{2})\s+("(?:[^"\\]|\\.)*"|true|false|\d+)\s*\)?/.exec(rest)
    if (!match) throw invalidFilter('The filter could not be parsed.', supported)
    const [whole, attribute = '', operator = '', value = ''] = match
    const operators = supported[attribute]
    if (!operators) throw invalidFilter(`The attribute ${attribute} can not be filtered by.`, supported)
    if (!operators.includes(operator))
      throw invalidFilter(`The operator ${operator} is not supported.`, supported, attribute)
    terms.push({ attribute, operator, value: value.startsWith('"') ? unquoted(value, supported) : value })
    rest = rest.slice(whole.length).trim()
    if (rest === '') return terms
    const and = /^and\s+/i.exec(rest)
    if (!and) throw invalidFilter('Only comparisons joined by "and" are supported.', supported)
    rest = rest.slice(and[0].length)
  }
}

/** Whether a value fits a comparison; `sw` is "starts with". */
export function fits(term: FilterTerm, value: string | undefined): boolean {
  if (value === undefined) return false
  return term.operator === 'sw' ? value.toLowerCase().startsWith(term.value.toLowerCase()) : value === term.value
}

function unquoted(value: string, supported: Record<string, readonly string[]>): string {
  try {
    return JSON.parse(value) as string
  } catch {
    throw invalidFilter('The filter could not be parsed.', supported)
  }
}

function invalidFilter(message: string, supported: Record<string, readonly string[]>, attribute?: string) {
  const operators = attribute ? supported[attribute] : [...new Set(Object.values(supported).flat())]
  const detail: ErrorDetail = {
    code: 'INVALID_FILTER',
    target: 'filter',
    message,
    innerError: { supportedAttributes: Object.keys(supported), supportedOperators: operators },
  }
  return invalidData([detail])
}
