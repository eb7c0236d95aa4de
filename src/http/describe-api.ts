import { makeLogger } from '../observe/logger.ts'
import { makeMetrics } from '../observe/metrics.ts'
import { makeApp } from './app.ts'

/** The OpenAPI document, from an app whose routes exist and are never called. */
export async function describeApi(version: string): Promise<object> {
  const never = () => {
    throw new Error('this app only describes itself')
  }
  const app = await makeApp({
    decide: never,
    customers: { change: never, read: never },
    recordContacts: never,
    recordConsents: never,
    recordOutcomes: never,
    catalogues: {
      serving: never,
      current: never,
      check: never,
      publish: never,
      rollback: never,
      publications: never,
      document: never,
      asYaml: never,
      compare: never,
    },
    runTime: { now: never, tellLive: never, setSwitches: never, liveOf: never },
    readiness: never,
    metrics: makeMetrics({ ofProcess: false }),
    logger: makeLogger('silent'),
    version,
    checkReplies: false,
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
