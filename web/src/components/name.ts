const firstStrongIsolate = '\u2068'
const popIsolate = '\u2069'

/** A name within a sentence of ours: one that is written from right to left doesn't turn the words around it. */
export const isolated = (name: string): string => `${firstStrongIsolate}${name}${popIsolate}`

/** A name cut off where it would fill a sentence by itself; what a reader sees as one sign stays whole. */
export function shortened(name: string, most = 80): string {
  if (name.length <= most) return name
  const signs = [...new Intl.Segmenter('en').segment(name)]
  return signs.length <= most
    ? name
    : `${signs
        .slice(0, most - 1)
        .map(({ segment }) => segment)
        .join('')
        .trimEnd()}…`
}
