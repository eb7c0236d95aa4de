import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../../observe/metrics.ts'

/** Tells the metrics of every answer, by the pattern of its route: an address may hold a customer’s id. */
export function countAnswers(app: FastifyInstance, { onAnswered }: Pick<Metrics, 'onAnswered'>): void {
  app.addHook('onResponse', (http, reply, done) => {
    const { method, routeOptions } = http
    onAnswered({
      route: routeOptions.url,
      method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    })
    done()
  })
}
