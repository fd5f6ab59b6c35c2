export type ExportErrorCode =
  | 'TOO_LARGE'
  | 'NOT_JSON'
  | 'NOT_AN_OBJECT'
  | 'NOTHING_FOUND'
  | 'UNREADABLE'
  | 'FLOW_WITHOUT_NAME'
  | 'NAME_TOO_LONG'
  | 'DANGLING_EDGE'

/** A file that can't be read as an export: which one, where in it, and what to do. */
export class ExportError extends Error {
  override readonly name = 'ExportError'
  readonly code: ExportErrorCode
  readonly nextStep: string
  /** JSON pointer (RFC 6901) to the spot; absent when the text isn't JSON at all. */
  readonly pointer: string | undefined
  /** Where the text stops being JSON; both count from 1. */
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(
    code: ExportErrorCode,
    message: string,
    nextStep: string,
    spot: { pointer?: string; line?: number; column?: number } = {},
  ) {
    super(message)
    this.code = code
    this.nextStep = nextStep
    this.pointer = spot.pointer
    this.line = spot.line
    this.column = spot.column
  }
}
