/** A server of its own process, for tests that kill it. Takes its settings as JSON; prints its address. */
import { openServices, startServer } from '../../src/index.ts'

const settings = JSON.parse(process.argv[2] ?? '{}')
try {
  const services = await openServices({ allowedHosts: ['127.0.0.1:*'], ...settings })
  const server = await startServer({ services, port: 0, log: { level: 'warn' } })
  console.log(JSON.stringify({ url: server.url }))
  process.on('SIGTERM', async () => {
    await server.close()
    await services.close()
    process.exit(0)
  })
} catch (error) {
  console.log(JSON.stringify({ error: JSON.parse(JSON.stringify(error)), message: (error as Error).message }))
  process.exit(1)
}
