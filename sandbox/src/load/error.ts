/** What a file holds can't be put into an environment. Nothing of it was. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
  readonly code: 'LIMIT_EXCEEDED' | 'FILE_UNREADABLE' | 'TOO_LARGE'
  readonly nextStep: string

  constructor(code: LoadError['code'], message: string, nextStep: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.nextStep = nextStep
  }
}
