export type { ExportContent, ExportWarning } from './content.ts'
export { ExportError, type ExportErrorCode } from './error.ts'
export { readExport } from './read-export.ts'
export { maximumExportBytes, parseExportText } from './text.ts'
