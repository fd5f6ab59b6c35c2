import type { Json } from '@flightiq/core'

/** A text of a node that DaVinci keeps as a Slate document. Expressions in it become links, as its editor makes them. */
export class Text {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A text for a node's property. `@key` within an expression stands for the id of the flow's node of that key. */
export function t(text: string): Text {
  return new Text(text)
}

const expression = /\{\{(?:global|local)\.[^{}]+\}\}/g
const icons: [string, string][] = [
  ['{{local.', 'http.svg'],
  ['{{global.parameters.', 'auth.svg'],
]

/** The Slate document of a text, as DaVinci stores it: JSON in a string, each expression in it as a link. */
export function slate(text: string): string {
  const children: Json[] = []
  let from = 0
  for (const { 0: found, index } of text.matchAll(expression)) {
    children.push({ text: text.slice(from, index) }, link(found))
    from = index + found.length
  }
  children.push({ text: text.slice(from) })
  return JSON.stringify([{ children }], null, 2)
}

function link(found: string): Json {
  const name = found.slice(2, -2).split('.').at(-1) ?? ''
  const src = icons.find(([start]) => found.startsWith(start))?.[1] ?? 'variable.svg'
  return { type: 'link', src, url: name, data: found, tooltip: found, children: [{ text: name }] }
}
