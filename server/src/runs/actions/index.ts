import type { Operation } from '@flightiq/core'
import type { RunContext } from '../context.ts'
import type { OperationResult } from '../journal.ts'
import { create } from './create.ts'
import { deploy } from './deploy.ts'
import { switchTo } from './switch.ts'
import { update } from './update.ts'

type Action = (operation: Operation, context: RunContext) => Promise<OperationResult>

/** How each action of a plan is carried out. */
export const actions: Record<Operation['action'], Action> = {
  create,
  update,
  deploy,
  enable: switchTo(true),
  disable: switchTo(false),
}
