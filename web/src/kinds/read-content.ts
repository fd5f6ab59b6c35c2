/** The text at a path in JSON, or an empty string. */
export function textAt(content: unknown, ...path: string[]): string {
  const value = at(content, path)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The number at a path in JSON, or undefined. */
export function numberAt(content: unknown, ...path: string[]): number | undefined {
  const value = at(content, path)
  return typeof value === 'number' ? value : undefined
}

/** The list at a path in JSON, or an empty one. */
export function listAt(content: unknown, ...path: string[]): unknown[] {
  const value = at(content, path)
  return Array.isArray(value) ? value : []
}

/** What stands at a path in JSON. */
export function at(content: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    content,
  )
}
