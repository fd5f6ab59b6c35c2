export { demoFlowId, fillDemo, fillDemoEnvironment } from './fill.ts'
export { type FlowKey, flowNames } from './flow-names.ts'
export { type DemoTenant, type DemoWorker, demoTenants, demoWorker } from './tenants.ts'
