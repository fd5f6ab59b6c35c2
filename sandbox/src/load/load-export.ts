import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type ExportContent,
  type JsonObject,
  maximumExportBytes,
  parseExportText,
  readExport,
  stringAt,
} from '@flightiq/core'
import { type Limits, limitsWith } from '../limits.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Resource } from '../state/records.ts'
import { LoadError } from './error.ts'
import { type Prepared, prepare } from './prepare.ts'

/** How an export is loaded. */
export interface LoadOptions {
  /** Creates what the flows refer to and neither the export nor the environment holds. Left dangling without it. */
  standIns?: boolean
  /** The sandbox' limits; the documented ones without them. */
  limits?: Limits
}

/** What a load did, by the ids in the environment. */
export interface LoadReport {
  flows: { created: string[]; replaced: string[] }
  connectorInstances: { created: string[]; kept: string[] }
  variables: { created: string[]; replaced: string[]; kept: string[] }
  forms: string[]
  /** Of what was created, what stands in for something that the export doesn't hold. */
  standIns: { flows: string[]; connectorInstances: string[]; variables: string[] }
}

/**
 * Puts what an export holds into an environment. Flows keep their ids, so that references between files fit; a flow that
 * is there already gets a new version. Connector instances and company variables that are there stay as they are.
 * Throws a LoadError when the environment would hold more than its limits allow, and then writes nothing.
 */
export function loadExport(
  environment: EnvironmentState,
  content: ExportContent,
  options: LoadOptions = {},
): LoadReport {
  const limits = options.limits ?? limitsWith()
  const prepared = prepare(environment, content, options.standIns ?? false)
  checkLimits(environment, prepared, limits, content.fileName)

  const report: LoadReport = {
    flows: { created: [], replaced: [] },
    connectorInstances: { created: [], kept: [] },
    variables: { created: [], replaced: [], kept: [] },
    forms: [],
    standIns: prepared.standIns,
  }
  for (const instance of prepared.connectorInstances) {
    const there = environment.connectorInstances.get(String(instance.id))
    if (there) report.connectorInstances.kept.push(there.id)
    else report.connectorInstances.created.push(environment.insertConnectorInstance(instance).id)
  }
  for (const variable of prepared.variables) loadVariable(environment, variable, report)
  for (const form of prepared.forms) {
    const there = environment.forms.get(String(form.id))
    if (there) environment.replace(there, form)
    else environment.insertForm(form)
    report.forms.push(String(form.id))
  }
  for (const flow of prepared.flows) loadFlow(environment, flow, limits, report)
  return report
}

/**
 * Reads an export file and loads it. Throws a LoadError when the file can't be read or is too large, an ExportError when
 * it isn't an export, and what loadExport throws.
 */
export async function loadExportFile(
  environment: EnvironmentState,
  path: string,
  options: LoadOptions = {},
): Promise<LoadReport> {
  return loadExport(environment, await readExportFile(path), options)
}

async function readExportFile(path: string): Promise<ExportContent> {
  let text: string
  try {
    const { size } = await stat(path)
    if (size > maximumExportBytes) {
      const most = maximumExportBytes / 1024 / 1024
      throw new LoadError('TOO_LARGE', `${path} is larger than ${most} MiB.`, 'Export fewer flows into one file.')
    }
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof LoadError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new LoadError('FILE_UNREADABLE', `${path} can't be read (${why}).`, 'Check the path and its permissions.', {
      cause: error,
    })
  }
  const name = basename(path)
  return readExport(parseExportText(text, name), name)
}

function loadFlow(environment: EnvironmentState, content: JsonObject, limits: Limits, report: LoadReport): void {
  const id = String(content.id)
  const there = environment.flows.get(id)
  if (!there) {
    environment.insertFlow(content)
    report.flows.created.push(id)
    return
  }
  environment.saveFlow(there, content)
  there.enabled = content.enabled !== false
  if (content.publishedVersion !== undefined && content.publishedVersion === content.currentVersion) {
    environment.deployFlow(there)
  }
  environment.trimVersions(there, limits.versions)
  report.flows.replaced.push(id)
}

function loadVariable(environment: EnvironmentState, variable: JsonObject, report: LoadReport): void {
  const there = sameVariable(environment, variable)
  if (!there) {
    const free = !environment.variables.has(String(variable.id))
    const { id: _taken, ...rest } = variable
    report.variables.created.push(environment.insertVariable(free ? variable : rest).id)
  } else if (variable.context === 'company') {
    // Its value belongs to the environment.
    report.variables.kept.push(there.id)
  } else {
    environment.replace(there, variable)
    report.variables.replaced.push(there.id)
  }
}

function sameVariable(environment: EnvironmentState, variable: JsonObject): Resource | undefined {
  return [...environment.variables.values()].find(
    ({ content }) =>
      content.name === variable.name &&
      content.context === variable.context &&
      (variable.context !== 'flow' || stringAt(content.flow, 'id') === stringAt(variable.flow, 'id')),
  )
}

function checkLimits(environment: EnvironmentState, prepared: Prepared, limits: Limits, fileName: string): void {
  const added = {
    flows: prepared.flows.filter(({ id }) => !environment.flows.has(String(id))).length,
    connectorInstances: prepared.connectorInstances.filter(({ id }) => !environment.connectorInstances.has(String(id)))
      .length,
    variables: prepared.variables.filter((variable) => !sameVariable(environment, variable)).length,
  }
  const words = { flows: 'flows', connectorInstances: 'connector instances', variables: 'variables' }
  for (const sort of ['flows', 'connectorInstances', 'variables'] as const) {
    const total = environment[sort].size + added[sort]
    if (added[sort] === 0 || total <= limits[sort]) continue
    throw new LoadError(
      'LIMIT_EXCEEDED',
      `${fileName} would bring ${environment.name} to ${total} ${words[sort]}; ${limits[sort]} are allowed. Nothing was loaded.`,
      'Load it into another environment, or start the sandbox with a higher limit.',
    )
  }
  const large = prepared.variables.find(({ value }) => JSON.stringify(value ?? null).length > limits.variableBytes)
  if (large) {
    throw new LoadError(
      'LIMIT_EXCEEDED',
      `Variable ${stringAt(large, 'name')} of ${fileName} is larger than ${limits.variableBytes} bytes. Nothing was loaded.`,
      'Shorten its value.',
    )
  }
}
