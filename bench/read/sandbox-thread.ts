/** Runs a sandbox on a thread of its own, so that what it costs isn't taken for the client's cost. */
import { parentPort, workerData } from 'node:worker_threads'
import { type SandboxOptions, startSandbox } from '@flightiq/sandbox'

const sandbox = await startSandbox(workerData as SandboxOptions)
const [tenant] = sandbox.tenants
parentPort?.on('message', async (message: string) => {
  if (message === 'requests') {
    parentPort?.postMessage(sandbox.requests.map(({ method, path, status }) => ({ method, path, status })))
  } else if (message === 'reset') {
    sandbox.resetRequests()
    parentPort?.postMessage('reset')
  } else {
    await sandbox.close()
    parentPort?.postMessage('closed')
    parentPort?.close()
  }
})
parentPort?.postMessage({ authUrl: sandbox.authUrl, apiUrl: sandbox.apiUrl, tenant })
