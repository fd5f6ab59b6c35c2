import { inspect } from 'node:util'

const hidden = '******'

/** A value that never shows itself: JSON, inspection and text give asterisks. Only `reveal` gives it. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value. Only for the call that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [Symbol.toPrimitive](): string {
    return hidden
  }

  [inspect.custom](): string {
    return `Secret { ${hidden} }`
  }
}
