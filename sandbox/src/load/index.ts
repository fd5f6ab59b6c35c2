export { LoadError } from './error.ts'
export { type LoadOptions, type LoadReport, loadExport, loadExportFile } from './load-export.ts'
