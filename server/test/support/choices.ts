import type { Choice, Plan } from '@flightiq/core'

/** Choices that create whatever of a plan is missing in its destination. */
export function openChoices(plan: Plan): Choice[] {
  return plan.references.flatMap(({ kind, target, resolution }) =>
    resolution.to === 'unresolved' && resolution.choices.includes('create')
      ? [{ action: 'create', kind: kind as Choice['kind'], sourceId: target } as const]
      : [],
  )
}
