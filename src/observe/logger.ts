import { type Logger, pino } from 'pino'

export type { Logger }

/**
 * JSON lines on standard output. Callers log allow-listed fields only (route patterns, codes, versions, times);
 * redaction is the second line, for a field that slips in.
 * @param worker - its number, where several processes serve
 */
export function makeLogger(level: string, worker?: number): Logger {
  return pino({
    level,
    base: { service: 'emma', ...(worker === undefined ? {} : { worker }) },
    redact: {
      paths: ['customer', 'req', 'body', 'headers', 'url', '*.customer', '*.attributes'],
      remove: true,
    },
  })
}
