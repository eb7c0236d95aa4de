import type { DegradedCode } from '../domain/situation.ts'
import type { Logger } from '../observe/logger.ts'

/** What serves, once it does. */
export interface Ready {
  readonly url: string
  readonly versions: { readonly catalogue: string; readonly model: string }
  readonly degraded: readonly DegradedCode[]
  readonly actions: number
}

/** Tells whoever waits for it that Emma answers. @param by - who, where there are several, such as ` with 4 workers` */
export function tellReady(logger: Logger, { url, versions, degraded, actions }: Ready, by = ''): void {
  logger.info({ ...versions, degraded, actions }, 'no API keys: serving this machine only, with all scopes')
  logger.info(`Emma is ready on ${url}${by} (docs: ${url}/docs)`)
}
