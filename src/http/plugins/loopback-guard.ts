import type { FastifyInstance } from 'fastify'
import { failure } from '../../domain/errors.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * Without API keys only programs of this machine may call. A web page that a browser here happens to show is none:
 * its Origin, or after DNS rebinding its Host, names another place.
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook('onRequest', (http, _, done) => {
    const { host, origin } = http.headers
    const fromHere = origin === undefined || LOOPBACK.test(origin.replace(/^https?:\/\//i, ''))
    if (host !== undefined && LOOPBACK.test(host) && fromHere) return done()
    done(
      failure(
        'host_not_allowed',
        fromHere ? 'Host' : 'Origin',
        'without API keys Emma answers this machine only',
        'call it as 127.0.0.1 or localhost, and not from a web page of another host',
      ),
    )
  })
}
