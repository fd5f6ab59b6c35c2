import { writeFile } from 'node:fs/promises'
import { type Choice, kindOf, type Plan, type PlanSelection } from '@flightiq/core'
import type { PlanRecord, PlanRequest } from '@flightiq/server'
import type { Command } from 'commander'
import { choicesFrom, createMissing, readMapFile } from '../choices.ts'
import { CommandError } from '../command-error.ts'
import { type CommandContext, exitStatus, inContext, withCommonOptions } from '../context.ts'
import { kindFrom } from '../kinds.ts'
import { clean, paint, print, printJson, printTable, say } from '../output.ts'
import type { Run } from '../run.ts'
import { notOne } from './artifacts.ts'
import { collect, collected } from './collect.ts'

/** `flightiq plan`: exit status 0 when nothing has to be done, 2 when something has. */
export function planCommand(program: Command, run: Run): void {
  withCommonOptions(
    program.command('plan').description('plan what would bring the destination in line; writes nothing to PingOne'),
  )
    .requiredOption('--from <place>', 'source')
    .requiredOption('--to <place>', 'destination')
    .option('--flow <name>', 'this flow with all it needs (name or id; can be repeated)', collect)
    .option('--kind <kind>', 'every artifact of this kind (can be repeated)', collect)
    .option('--all', 'everything that can be written')
    .option('--mode <mode>', 'upgrade: replace what matches; copy: create new flows', 'upgrade')
    .option(
      '--map <file>',
      'JSON with choices: { "connectorInstance": { "<source>": "create" | "keep" | "<destination>" } }',
    )
    .option('--create-missing', 'create whatever is missing, without its secrets')
    .option('--no-subflows', 'leave subflows that differ as they are')
    .option('--no-deploy', 'leave what is written staged')
    .option('--update-variables', 'bring variables in line that exist on both sides')
    .option('--out <file>', 'write the plan to a file for "flightiq apply"')
    .action(
      run((flags) =>
        inContext(flags, 'memory', async (context) => {
          const { id } = await context.tenant()
          const plan = await makePlan(context, id, flags)
          if (typeof flags.out === 'string') await write(flags.out, plan)
          if (context.json) printJson(plan)
          else printPlan(plan, typeof flags.out === 'string' ? flags.out : undefined)
          const blockers = plan.notes.filter(({ severity }) => severity === 'blocker')
          return plan.operations.length === 0 && blockers.length === 0 ? exitStatus.done : exitStatus.different
        }),
      ),
    )
}

async function makePlan(context: CommandContext, tenantId: string, flags: Record<string, unknown>): Promise<Plan> {
  const { console, reading } = context
  const { mode } = flags
  if (mode !== 'upgrade' && mode !== 'copy') {
    throw new CommandError(`There is no mode "${String(mode)}".`, { nextStep: 'Use --mode upgrade or --mode copy.' })
  }
  const from = String(flags.from)
  const request: PlanRequest = {
    from,
    to: String(flags.to),
    selection: await selectionOf(context, tenantId, from, flags),
    options: {
      mode,
      withSubflows: flags.subflows !== false,
      deploy: flags.deploy !== false,
      updateVariables: flags.updateVariables === true,
    },
  }
  const map = typeof flags.map === 'string' ? await readMapFile(flags.map) : undefined
  let record: PlanRecord = await console.createPlan(tenantId, request, reading)
  const again = async (choices: Choice[]) => {
    const options = { ...request.options, choices }
    record = await console.createPlan(tenantId, { ...request, options }, reading)
  }
  const chosen = map ? await choicesFrom(map, record.plan, console, tenantId) : []
  if (chosen.length > 0) await again(chosen)
  const missing = flags.createMissing === true ? createMissing(record.plan) : []
  if (missing.length > 0) await again([...chosen, ...missing])
  return record.plan
}

async function selectionOf(
  { console, reading }: CommandContext,
  tenantId: string,
  from: string,
  flags: Record<string, unknown>,
): Promise<PlanSelection> {
  const wanted = collected(flags.flow)
  const kinds = collected(flags.kind).map(kindFrom)
  if (wanted.length === 0 && kinds.length === 0 && flags.all !== true) {
    throw new CommandError('Nothing was selected.', { nextStep: 'Give --flow, --kind or --all.' })
  }
  const listed = wanted.length > 0 ? await console.listArtifacts(tenantId, 'flow', from, reading) : []
  const flows = wanted.map((text) => {
    const byId = listed.filter(({ id }) => id === text)
    const found = byId.length > 0 ? byId : listed.filter(({ name }) => name === text)
    const [only, another] = found
    if (!only || another) throw notOne(kindOf('flow').label, text, from, found)
    return only.id
  })
  return {
    ...(flows.length > 0 ? { flows } : {}),
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(flags.all === true ? { all: true } : {}),
  }
}

async function write(path: string, plan: Plan): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(plan, null, 2)}\n`)
  } catch (error) {
    throw new CommandError(`The plan can't be written to ${path}: ${(error as Error).message}.`, {
      nextStep: 'Give another --out.',
    })
  }
}

function printPlan(plan: Plan, file: string | undefined): void {
  const { operations, notes, references, totals, source, destination } = plan
  print(`From ${clean(source.name)} to ${clean(destination.name)}:`)
  if (operations.length > 0) {
    printTable(
      ['', 'ACTION', 'KIND', 'NAME', 'WHY'],
      operations.map(({ id, action, kind, name, reason }) => [
        id,
        action,
        kindOf(kind).label.one,
        clean(name),
        clean(reason),
      ]),
    )
  }
  if (operations.length > 0) printPointing(plan)
  for (const { severity, message, nextStep } of notes) {
    const sign = { blocker: paint('red', 'blocker'), warning: paint('yellow', 'warning'), info: paint('dim', 'note') }[
      severity
    ]
    print(`${sign}: ${clean(message)}${nextStep ? ` ${nextStep}` : ''}`)
  }
  for (const { name, followUp } of operations)
    for (const todo of followUp) print(`by hand, "${clean(name)}": ${clean(todo)}`)
  for (const { kind, target, name, resolution } of references) {
    if (resolution.to !== 'unresolved') continue
    print(`choose for ${kind} "${clean(name)}" (${target}) in a map file (--map):`)
    const answers = resolution.choices.flatMap((choice) =>
      choice === 'map' ? resolution.candidates.map((one) => `"${one.id}" (${clean(one.name)})`) : [`"${choice}"`],
    )
    print(`  { "${kind}": { "${target}": … } }  with ${answers.join(' or ')}`)
  }
  print(
    operations.length === 0
      ? `Nothing to do; ${totals.unchanged} looked at and in line.`
      : `${totals.create} to create, ${totals.update} to update, ${totals.deploy} to deploy; about ${totals.requests} requests.`,
  )
  const blocked = notes.some(({ severity }) => severity === 'blocker')
  if (blocked) say('The plan can’t be applied yet: make the choices above first.')
  else if (file && operations.length > 0) say(`Apply it with: flightiq apply ${file}`)
}

/** What references will point to, by target: the part of a plan that people check. */
function printPointing({ references }: Plan): void {
  const rows = references.flatMap(({ kind, name, resolution, usedBy }) => {
    if (resolution.to !== 'existing' && resolution.to !== 'created') return []
    const where =
      resolution.to === 'existing'
        ? `${clean(resolution.destinationName)} (by ${resolution.basis})`
        : `${clean(resolution.destinationName)} (${resolution.operationId})`
    const nodes = new Set(usedBy.map((use) => use.node?.id ?? use.artifact.id)).size
    return [[`  ${kind}`, clean(name), '→', where, `${nodes} ${nodes === 1 ? 'place' : 'places'}`]]
  })
  if (rows.length > 0) printTable(['  REFERENCE', 'SOURCE', '', 'DESTINATION', 'USED IN'], rows)
}
