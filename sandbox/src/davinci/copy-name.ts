/**
 * The name of a copy: `Sign on - Copy`, then `Sign on - Copy 2`. How PingOne names clones is not documented; what is
 * known is that the API chooses the name. A name of full length is shortened to make room.
 */
export function copyName(name: string, taken: readonly (string | undefined)[]): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? ' - Copy' : ` - Copy ${number}`
    const copy = [...name].slice(0, 256 - suffix.length).join('') + suffix
    if (!taken.includes(copy)) return copy
  }
}
