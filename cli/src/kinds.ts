import { type KindName, kindNames } from '@flightiq/core'
import { CommandError } from './command-error.ts'

/** The kind a person means: `flow`, `flows`, `connector-instance`. Throws a CommandError for anything else. */
export function kindFrom(text: string): KindName {
  const wanted = text.replaceAll(/[-_ ]/g, '').toLowerCase()
  const found = kindNames.find((name) => [name, `${name}s`].some((form) => form.toLowerCase() === wanted))
  if (found) return found
  if (wanted === 'flowpolicies') return 'flowPolicy'
  throw new CommandError(`There is no kind "${text}".`, { nextStep: `The kinds are: ${kindNames.join(', ')}.` })
}

/** A test for names by a glob: `*` for any text, `?` for one character. */
export function nameFilter(glob: string | undefined): (name: string) => boolean {
  if (glob === undefined) return () => true
  const escaped = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const pattern = new RegExp(`^${escaped}$`, 'isu')
  return (name) => pattern.test(name)
}
