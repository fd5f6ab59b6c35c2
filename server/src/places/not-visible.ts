import { NotFoundError } from '@flightiq/places'

/** An environment that was named by its id isn't among those that the worker app sees. */
export class EnvironmentNotVisibleError extends NotFoundError {
  readonly environmentId: string

  constructor(environmentId: string, options: { message: string; nextStep: string }) {
    super(options)
    this.environmentId = environmentId
  }
}
