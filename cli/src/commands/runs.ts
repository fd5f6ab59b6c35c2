import { kindOf, type Plan, planSchema } from '@flightiq/core'
import { type RunOperation, type Run as RunRecord, runSchema } from '@flightiq/server'
import type { Command } from 'commander'
import { z } from 'zod'
import { CommandError } from '../command-error.ts'
import { type CommandContext, exitStatus, inContext, stopSignals, withCommonOptions } from '../context.ts'
import { readJsonFile } from '../json-file.ts'
import { clean, paint, print, printJson, printTable, say } from '../output.ts'
import { confirmation } from '../prompt.ts'
import type { Run } from '../run.ts'

/** `flightiq apply plan.json`, `flightiq runs [id]`, `flightiq runs resume|cancel <id>`. */
export function runCommands(program: Command, run: Run): void {
  withCommonOptions(program.command('apply <plan.json>').description('carry out a plan'))
    .option('--yes', 'do not ask')
    .action(
      run(async (flags, file = '') => {
        const plan = await readPlan(file)
        if (plan.operations.length === 0) {
          if (flags.json === true) printJson({ state: 'done', operations: [] })
          else print('The plan is empty: nothing to do.')
          return exitStatus.done
        }
        return inContext(flags, 'lasting', async (context) => {
          const { id } = await context.tenant()
          if (flags.yes !== true) await confirm(context, id, plan)
          const record = await context.console.importPlan(id, plan)
          const started = await context.console.startRun(id, record.id)
          return follow(context, id, started.id)
        })
      }),
    )

  const runs = withCommonOptions(
    program.command('runs [run]').description('list the runs, or tell one with its operations'),
  ).action(
    run((flags, wanted) =>
      inContext(flags, 'lasting', async (context) => {
        if (wanted !== undefined) return show(context, wanted)
        const all = await context.console.listRuns((await context.tenant()).id)
        if (context.json) printJson(all)
        else {
          printTable(
            ['RUN', 'STATE', 'FROM', 'TO', 'DONE', 'STARTED'],
            all.map((one) => [
              one.id,
              one.state,
              clean(one.source),
              clean(one.destination),
              `${one.operations.filter(({ state }) => state === 'done').length}/${one.operations.length}`,
              one.startedAt ?? one.createdAt,
            ]),
          )
        }
        return exitStatus.done
      }),
    ),
  )

  withCommonOptions(runs.command('resume <run>').description('go on where a run stopped')).action(
    run((flags, id = '') =>
      inContext(merged(runs, flags), 'lasting', async (context) => {
        checkRunId(id)
        const { id: tenantId } = await context.tenant()
        await context.console.resumeRun(tenantId, id)
        return follow(context, tenantId, id)
      }),
    ),
  )

  withCommonOptions(
    runs.command('cancel <run>').description('stop a run after the operation that is under way'),
  ).action(
    run((flags, id = '') =>
      inContext(merged(runs, flags), 'lasting', async (context) => {
        checkRunId(id)
        const cancelled = await context.console.cancelRun((await context.tenant()).id, id)
        if (context.json) printJson(cancelled)
        else print(`Run ${id} is ${cancelled.state}.`)
        return exitStatus.done
      }),
    ),
  )
}

/** Options may stand before or after the subcommand's name. */
function merged(parent: Command, flags: Record<string, unknown>): Record<string, unknown> {
  return { ...parent.opts(), ...flags }
}

async function show({ console, json, tenant }: CommandContext, id: string): Promise<number> {
  checkRunId(id)
  const found = await console.getRun((await tenant()).id, id)
  if (json) printJson(found)
  else {
    for (const operation of found.operations) printOperation(operation)
    print(endOf(found))
  }
  return exitStatus.done
}

function checkRunId(id: string): void {
  if (z.uuid().safeParse(id).success) return
  throw new CommandError(`"${clean(id)}" is no id of a run.`, {
    nextStep: 'Run ids are UUIDs; "flightiq runs" lists them.',
    code: 'RUN_NOT_FOUND',
  })
}

async function readPlan(file: string): Promise<Plan> {
  const nextStep = 'Make one with "flightiq plan … --out plan.json".'
  const plan = planSchema.safeParse(await readJsonFile(file, 'plan', nextStep))
  if (!plan.success) {
    const [issue] = plan.error.issues
    throw new CommandError(`${file} is not a plan, at ${issue?.path.join('.') || 'its root'}: ${issue?.message}.`, {
      nextStep,
      code: 'PLAN_INVALID',
    })
  }
  const blockers = plan.data.notes.filter(({ severity }) => severity === 'blocker')
  if (blockers.length === 0) return plan.data
  throw new CommandError(
    `The plan has ${blockers.length} open ${blockers.length === 1 ? 'choice' : 'choices'}: ${blockers[0]?.message}`,
    {
      nextStep: 'Make the choices (--map) and plan again.',
      code: 'PLAN_HAS_BLOCKERS',
    },
  )
}

/** Says exactly what will happen, and asks; for a production environment its name has to be typed. */
async function confirm({ console }: CommandContext, tenantId: string, plan: Plan): Promise<void> {
  const { totals, destination, operations } = plan
  say(
    `In ${clean(destination.name)}: ${totals.create} to create, ${totals.update} to update, ${totals.deploy} to deploy:`,
  )
  for (const { action, kind, name } of operations)
    say(`  ${action} ${kindOf(kind).label.one.toLowerCase()} "${clean(name)}"`)
  const environments = await console.environments(tenantId)
  const environment = environments.find(({ id }) => id === destination.environmentId)
  const name = environment?.name ?? destination.name
  const production = environment?.type === 'PRODUCTION'
  await confirmation(
    production ? `This is a production environment. Type "${name}" to go on: ` : 'Type "yes" to go on: ',
    production ? name : 'yes',
  )
}

/**
 * Follows a run to its end. Ctrl-C asks it to stop after the operation that is under way; once more, and this process
 * ends at once: the journal has what was sent.
 */
async function follow(context: CommandContext, tenantId: string, runId: string): Promise<number> {
  const { console, json } = context
  let stopping = false
  const stop = () => {
    if (stopping) {
      say(`flightiq: Left in the middle. Go on with: flightiq runs resume ${runId}`)
      process.exit(exitStatus.failed)
    }
    stopping = true
    say('Stopping after the operation that is under way…')
    console.cancelRun(tenantId, runId).catch((error: Error) => say(`flightiq: ${error.message}`))
  }
  for (const signal of stopSignals) process.on(signal, stop)
  const told = new Map<string, string>()
  let last: RunRecord | undefined
  try {
    for await (const event of console.watchRun(tenantId, runId)) {
      if (event.type === 'run') last = runSchema.parse(event.run)
      const changed = event.type === 'run' ? event.run.operations : [event.operation]
      for (const operation of changed) {
        if (told.get(operation.operationId) === operation.state || operation.state === 'pending') continue
        told.set(operation.operationId, operation.state)
        if (!json && operation.state !== 'sending') printOperation(operation)
      }
    }
  } finally {
    for (const signal of stopSignals) process.off(signal, stop)
  }
  const ended = last && !['queued', 'running'].includes(last.state) ? last : await console.getRun(tenantId, runId)
  if (json) printJson(ended)
  else if (ended.state === 'done') print(endOf(ended))
  else say(`flightiq: ${endOf(ended)}`)
  return ended.state === 'done' ? exitStatus.done : exitStatus.failed
}

function printOperation({ state, action, kind, name, problem, note }: RunOperation): void {
  const sign = {
    done: paint('green', '✓'),
    failed: paint('red', '✗'),
    skipped: '–',
    pending: paint('dim', '·'),
    sending: '…',
  }[state]
  print(`${sign} ${action} ${kindOf(kind).label.one.toLowerCase()} "${clean(name)}"${note ? ` (${note})` : ''}`)
  if (problem) print(`    ${clean(reasonOf(problem))}${nextStepOf(problem)}`)
}

/** How a run stands, what was proven of it, and what to do about it. */
function endOf({ id, state, verification, problem }: RunRecord): string {
  if (state === 'done') {
    const checked = verification ? `, ${verification.identical} read back and identical` : ''
    const different = (verification?.different ?? []).map(
      ({ name, gist }) => `\n  "${clean(name)}" reads back differently: ${clean(gist)}`,
    )
    return `Run ${id} is done${checked}.${different.join('')}`
  }
  if (state === 'queued' || state === 'running') return `Run ${id} is ${state}.`
  const told = problem ? `: ${clean(reasonOf(problem))}` : '.'
  const pingone = problem?.pingone?.id ? ` PingOne's id: ${problem.pingone.id}.` : ''
  // What was planned on is gone: the same run can't go on.
  const over = problem?.code === 'DESTINATION_CHANGED'
  const next = `${problem ? nextStepOf(problem) : ''}${over ? '' : ` Go on with: flightiq runs resume ${id}`}`
  return `Run ${id} ${state === 'failed' ? 'failed' : `was ${state}`}${told}${pingone}${next}`
}

type Problem = NonNullable<RunRecord['problem']>

/** What went wrong, and why PingOne refused it where that was found out. */
function reasonOf({ detail, diagnosis }: Problem): string {
  return diagnosis ? `${detail} ${diagnosis.explanation}` : detail
}

function nextStepOf({ nextStep, diagnosis }: Problem): string {
  const next = diagnosis?.nextStep ?? nextStep
  return next ? ` ${next}` : ''
}
