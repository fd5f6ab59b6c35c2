import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { notFoundAnswer, pathOf } from './errors.ts'

/** Serves the built web app; its own addresses (no file, not the API) get its first page. */
export async function registerWebApp(app: FastifyInstance, webFolder: string | undefined): Promise<void> {
  const root = webFolder === undefined ? undefined : resolve(webFolder)
  const built = root !== undefined && existsSync(join(root, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      // The names of built assets carry a hash of their content; the first page names the current ones.
      setHeaders: (reply, path) => {
        const forEver = path.includes('/assets/')
        reply.header('Cache-Control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url)
    const page = request.method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path)
    if (page && built) return reply.sendFile('index.html')
    if (page && path === '/')
      return reply
        .type('text/plain')
        .send('FlightIQ serves its API under /api. The web app is not built: npm run build\n')
    return notFoundAnswer(request, reply)
  })
}
