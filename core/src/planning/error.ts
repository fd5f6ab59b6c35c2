/** A plan can't be made from what was asked. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  readonly code: 'NOTHING_SELECTED' | 'FLOW_NOT_FOUND' | 'FLOW_NAME_AMBIGUOUS' | 'UNKNOWN_CHOICE' | 'NOT_WRITABLE'
  readonly nextStep: string

  constructor(code: PlanError['code'], message: string, nextStep: string) {
    super(message)
    this.code = code
    this.nextStep = nextStep
  }
}
