const numbers = new Intl.NumberFormat('en')

/** A count with its noun: `1 flow`, `1,204 flows`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${numbers.format(number)} ${number === 1 ? one : many}`
}

/** A list in words: `a, b and c`. */
export const listed = (items: readonly string[]): string => new Intl.ListFormat('en').format(items)
