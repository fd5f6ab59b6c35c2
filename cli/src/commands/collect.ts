/** Gathers the values of an option that can be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

/** What was gathered for an option that can be repeated; nothing when it was not given. */
export function collected(flag: unknown): string[] {
  return Array.isArray(flag) ? flag.map(String) : []
}
