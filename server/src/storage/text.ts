/** Text as PostgreSQL takes it: it refuses U+0000, which names from outside may hold. JSON text has it escaped already. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD')
}
