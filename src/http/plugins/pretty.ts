import type { FastifyInstance } from 'fastify'

/** `?pretty` on any address: the same JSON, indented, for people who read it at a terminal. */
export function indentOnRequest(app: FastifyInstance): void {
  app.addHook('onSend', (http, reply, payload, done) => {
    const wanted = (http.query as Readonly<Record<string, unknown>>).pretty
    if (wanted === undefined || wanted === 'false' || typeof payload !== 'string') return done()
    const isJson = /^application\/(problem\+)?json\b/.test(String(reply.getHeader('content-type')))
    return isJson ? done(null, `${JSON.stringify(JSON.parse(payload), null, 2)}\n`) : done()
  })
}
