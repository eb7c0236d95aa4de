import type { FastifyInstance } from 'fastify'

/** `?pretty` on any address: the same JSON, indented, for people who read it at a terminal. */
export function indentOnRequest(app: FastifyInstance): void {
  app.addHook('onRequest', async (http, reply) => {
    const wanted = (http.query as Readonly<Record<string, unknown>>).pretty
    if (wanted === undefined || wanted === 'false') return
    void reply.serializer((payload: unknown) => `${JSON.stringify(payload, null, 2)}\n`)
  })
}
