import Fastify, { type FastifyInstance } from 'fastify'
import type * as z from 'zod'
import type { Customers } from '../customers/change-customer.ts'
import type { RecordConsents } from '../customers/record-consents.ts'
import type { RecordContacts } from '../customers/record-contacts.ts'
import type { RecordOutcomes } from '../customers/record-outcomes.ts'
import type { Decide } from '../decide/decide.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Catalogues } from '../serving/catalogues.ts'
import type { RunTimeControl } from '../serving/run-time-control.ts'
import { sendProblem, toEmmaError } from './error-reply.ts'
import { countAnswers } from './plugins/count-answers.ts'
import { hangUpWhenClosing } from './plugins/hang-up.ts'
import { guardLoopback } from './plugins/loopback-guard.ts'
import { registerOpenApi } from './plugins/openapi.ts'
import { indentOnRequest } from './plugins/pretty.ts'
import { answerUnknownAddresses } from './plugins/unknown-address.ts'
import { requestFaults } from './request-faults.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { catalogueVersionRoutes } from './routes/catalogue-versions.ts'
import { consentRoutes } from './routes/consents.ts'
import { contactRoutes } from './routes/contacts.ts'
import { customerRoutes } from './routes/customers.ts'
import { decisionRoutes } from './routes/decisions.ts'
import { healthRoutes, type Readiness } from './routes/health.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { outcomeRoutes } from './routes/outcomes.ts'
import { runTimeRoutes } from './routes/run-time.ts'
import { answerUnreadable } from './unreadable-request.ts'

export interface AppParts {
  readonly decide: Decide
  readonly customers: Customers
  readonly recordContacts: RecordContacts
  readonly recordConsents: RecordConsents
  readonly recordOutcomes: RecordOutcomes
  readonly catalogues: Catalogues
  readonly runTime: RunTimeControl
  readonly readiness: Readiness
  readonly metrics: Metrics
  readonly logger: Logger
  readonly version: string
  /** Holds every answer against its schema: for tests, at the price of a second validation. */
  readonly checkReplies: boolean
}

const MAX_BODY_BYTES = 1024 * 1024

/** A line for every answer, with the pattern of its route, never its address: an address may hold a customer’s id. */
function logAnswers(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', (http, reply, done) => {
    const { method, routeOptions } = http
    const { statusCode: status, elapsedTime: ms } = reply
    logger.debug({ method, route: routeOptions.url, status, ms }, 'answered')
    done()
  })
}

/** The front door: translates, never decides. Does not listen. */
export async function makeApp(parts: AppParts): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    // A slow client may not keep a connection: headers in 3 s, the whole request in 5 s, checked every second.
    requestTimeout: 5_000,
    connectionTimeout: 10_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 3_000, connectionsCheckingInterval: 1_000 },
    routerOptions: { maxParamLength: 128 * 4 },
    // While closing, a request that came in on an open connection is still answered; the connection then ends.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, _, reply) => void sendProblem(reply, toEmmaError(error)),
  })
  // Fastify would parse text/plain too; only JSON is read here.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data) => {
    const parsed = schema.safeParse(data, { reportInput: true })
    return parsed.success
      ? { value: parsed.data }
      : { error: requestFaults(parsed.error, httpPart ?? 'request') }
  })
  app.setSerializerCompiler<z.ZodType>(
    ({ schema }) =>
      (data) =>
        JSON.stringify(parts.checkReplies ? schema.parse(data) : data),
  )
  app.setErrorHandler((error, http, reply) => {
    const problem = toEmmaError(error)
    if (problem.code === 'internal_error') {
      // Where it failed, without its message: that may quote what somebody sent.
      const { name, stack = '' } = error as Error
      const frames = stack.split('\n').filter((line) => line.startsWith('    at '))
      parts.logger.error(
        { route: http.routeOptions.url, error: { name, frames } },
        'a request failed unexpectedly',
      )
    }
    return sendProblem(reply, problem)
  })
  answerUnknownAddresses(app)
  if (parts.logger.isLevelEnabled('debug')) logAnswers(app, parts.logger)
  countAnswers(app, parts.metrics)
  hangUpWhenClosing(app)
  guardLoopback(app)
  indentOnRequest(app)
  await registerOpenApi(app, parts.version)
  await app.register(healthRoutes(parts.readiness))
  await app.register(metricsRoutes(parts.metrics))
  await app.register(decisionRoutes(parts.decide))
  await app.register(outcomeRoutes(parts.recordOutcomes))
  await app.register(customerRoutes(parts.customers))
  await app.register(contactRoutes(parts.recordContacts))
  await app.register(consentRoutes(parts.recordConsents))
  await app.register(catalogueRoutes(parts.catalogues))
  await app.register(catalogueVersionRoutes(parts.catalogues))
  await app.register(runTimeRoutes(parts.runTime))
  return app
}
