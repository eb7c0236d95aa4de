import type { FastifyInstance } from 'fastify'
import { failure } from '../../domain/errors.ts'
import { sendProblem } from '../error-reply.ts'

/**
 * The page for the bare address, 405 with `Allow` where the address exists for another method, 404 elsewhere.
 * Register before the routes.
 */
export function answerUnknownAddresses(app: FastifyInstance): void {
  const routes: { readonly method: string; readonly pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
    for (const one of [method].flat()) routes.push({ method: one, pattern })
  })
  app.setNotFoundHandler((http, reply) => {
    const path = http.url.split('?')[0]!
    // Whoever opens the bare address in a browser is looking for the page.
    if (path === '/' && http.method === 'GET') return reply.redirect('/docs/')
    const allowed = [
      ...new Set(routes.filter((route) => route.pattern.test(path)).map((route) => route.method)),
    ]
    if (allowed.length === 0) {
      return sendProblem(
        reply,
        failure('not_found', 'path', 'there is nothing at this address', 'see /docs for what there is'),
      )
    }
    void reply.header('allow', allowed.join(', '))
    return sendProblem(
      reply,
      failure(
        'method_not_allowed',
        'method',
        `this address does not take ${http.method}`,
        `use ${allowed.join(' or ')}`,
      ),
    )
  })
}
