import type { Artifact } from '@flightiq/core'

/** A place can't be read or written. Has a stable code, a plain sentence as message, and a next step. */
export class PlaceError extends Error {
  readonly code: string
  readonly nextStep: string | undefined

  constructor(options: { code: string; message: string; nextStep?: string; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.nextStep = options.nextStep
  }
}

/** There is no such artifact, or no such place. */
export class NotFoundError extends PlaceError {
  constructor(options: { message: string; nextStep?: string; cause?: unknown }) {
    super({ code: 'NOT_FOUND', ...options })
  }
}

/** It was created, but finishing it failed (`cause`): go on by replacing it, not by creating it again. */
export class CreatedIncompleteError extends PlaceError {
  readonly artifact: Artifact

  constructor(artifact: Artifact, cause: unknown) {
    super({
      code: 'CREATED_INCOMPLETE',
      message: `"${artifact.name}" (${artifact.id}) was created, but then: ${cause instanceof Error ? cause.message : cause}`,
      nextStep: 'Go on by updating it. Creating it again would make a second one.',
      cause,
    })
    this.artifact = artifact
  }
}
