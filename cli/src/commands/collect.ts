/** Gathers the values of an option that can be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value]
}
