import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type Artifact,
  ExportError,
  type ExportWarning,
  Inventory,
  type JsonObject,
  type KindName,
  kindOf,
  maximumExportBytes,
  type PlaceDescription,
  type PlaceReader,
  parseExportText,
  type ReadOptions,
  readExport,
} from '@flightiq/core'
import { NotFoundError, PlaceError } from './errors.ts'

/** An export file of DaVinci: flows with the variables and connector instances that travel with them. Read only. */
export class ExportFilePlace implements PlaceReader {
  readonly description: PlaceDescription
  /** What was read in one way where there was more than one, or could not be kept. */
  readonly warnings: readonly ExportWarning[]
  readonly #inventory: Inventory

  private constructor(description: PlaceDescription, warnings: readonly ExportWarning[], inventory: Inventory) {
    this.description = description
    this.warnings = warnings
    this.#inventory = inventory
  }

  /**
   * Reads the file. Throws a NotFoundError, a PlaceError (FILE_UNREADABLE, FILE_NOT_TEXT), or core's ExportError: too
   * large (told before it is read), not JSON, no export.
   */
  static async open(path: string): Promise<ExportFilePlace> {
    return ExportFilePlace.fromText(await readText(path), basename(path), `file:${path}`)
  }

  /** Reads the text of an export, such as an uploaded one. Throws an ExportError. */
  static fromText(text: string, fileName: string, spec = `file:${fileName}`): ExportFilePlace {
    const content = readExport(parseExportText(text, fileName), fileName)
    const artifacts = [
      ...content.flows.map((flow) => artifactOf('flow', flow)),
      ...content.variables.map((variable) => artifactOf('variable', variable)),
      ...content.connectorInstances.map((instance) => artifactOf('connectorInstance', instance)),
      ...content.impliedConnectorInstances.map(
        (instance): Artifact => ({ ...artifactOf('connectorInstance', instance), implied: true }),
      ),
    ]
    const environment = content.environmentId === undefined ? {} : { environmentId: content.environmentId }
    const description: PlaceDescription = { spec, type: 'file', name: fileName, ...environment, writable: false }
    return new ExportFilePlace(description, content.warnings, new Inventory(artifacts))
  }

  /** Those that the file holds; none of a kind that exports don't carry. */
  async list(kind: KindName, options: ReadOptions = {}): Promise<Artifact[]> {
    options.signal?.throwIfAborted()
    return this.#inventory.list(kind)
  }

  async get(kind: KindName, id: string, options: ReadOptions = {}): Promise<Artifact> {
    options.signal?.throwIfAborted()
    const found = this.#inventory.get(kind, id)
    if (found !== undefined) return found
    throw new NotFoundError({
      message: `There is no ${kindOf(kind).label.one.toLowerCase()} ${id} in ${this.description.name}.`,
      nextStep: 'List what the file holds.',
    })
  }

  async inventory(kinds: readonly KindName[], options: ReadOptions = {}): Promise<Inventory> {
    options.signal?.throwIfAborted()
    const artifacts = kinds.flatMap((kind) => this.#inventory.list(kind))
    const { length } = artifacts
    options.onProgress?.({ label: this.description.name, done: length, total: length, requests: 0 })
    return new Inventory(artifacts)
  }
}

function artifactOf(kind: KindName, content: JsonObject): Artifact {
  return { kind, ...kindOf(kind).identify(content), content }
}

async function readText(path: string): Promise<string> {
  const name = basename(path)
  const file = await openFile(path)
  try {
    const { size } = await regularFile(file, path)
    if (size > maximumExportBytes) {
      throw new ExportError(
        'TOO_LARGE',
        `${name} has ${Math.ceil(size / 1024 / 1024)} MiB; the most that is read is ${maximumExportBytes / 1024 / 1024} MiB.`,
        'Export fewer flows into one file.',
      )
    }
    return decoded(await file.readFile(), name)
  } finally {
    await file.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new NotFoundError({ message: `There is no file ${path}.`, nextStep: 'Check the path.', cause })
    }
    throw unreadable(path, code, cause)
  }
}

async function regularFile(file: FileHandle, path: string): Promise<{ size: number }> {
  const status = await file.stat()
  if (!status.isFile()) throw unreadable(path, status.isDirectory() ? 'it is a folder' : 'it is no regular file')
  return status
}

function unreadable(path: string, why: string, cause?: unknown): PlaceError {
  return new PlaceError({
    code: 'FILE_UNREADABLE',
    message: `${path} can't be read: ${why}.`,
    nextStep: 'Name an export file that this program may read.',
    cause,
  })
}

function decoded(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new PlaceError({
      code: 'FILE_NOT_TEXT',
      message: `${name} is no UTF-8 text, as exports are.`,
      nextStep: 'Export it again, or save it as UTF-8.',
      cause,
    })
  }
}
