import fastifyHelmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** What no page of ours needs, and so no script may use. */
const switchedOff = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb']

/** Answers other than pages load nothing, wherever they are shown. */
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Every answer tells browsers how little it may do: also errors, and refusals before a route is found. Has to be
 * registered before anything that refuses.
 */
export async function registerProtection(
  app: FastifyInstance,
  options: { loopbackOnly: boolean; publicUrl?: URL | undefined },
): Promise<void> {
  const encrypted = options.publicUrl ? options.publicUrl.protocol === 'https:' : !options.loopbackOnly
  app.addHook('onRequest', async (_request, reply) => {
    reply
      .header('Content-Security-Policy', nothing)
      .header('Permissions-Policy', switchedOff.map((feature) => `${feature}=()`).join(', '))
  })
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: encrypted ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  })
  // What is not told to be kept is kept by nobody.
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store')
  })
}

/**
 * The policy of a page: scripts and everything else come from this server only. Components and the code editor make
 * styles at run time: they know the page's number, used once, which whoever smuggles in markup doesn't.
 */
export function pagePolicy(styleNonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${styleNonce}'`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}
