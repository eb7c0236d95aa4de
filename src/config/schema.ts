import * as z from 'zod'
import { EmmaError } from '../domain/errors.ts'
import { isRedisUrl, parseRedisUrl } from '../domain/redis-url.ts'

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
  .transform(Number)
  .refine((n) => n <= 65_535, 'must be a whole number from 0 to 65535')

/** Every setting Emma knows: its meaning, form and default. Values are text, as the environment has them. */
export const settingsSchema = z.object({
  PORT: port.default(8080).describe('port to listen on; 0 takes a free one'),
  HOST: z
    .string()
    .refine(
      isLoopback,
      'Emma serves loopback only as long as it has no API keys: use 127.0.0.1, ::1 or localhost',
    )
    .default('127.0.0.1')
    .describe('address to listen on'),
  WORKERS: z
    .string()
    .regex(/^([1-9]|[1-5]\d|6[0-4])$/, 'must be a whole number from 1 to 64')
    .default('1')
    .transform(Number)
    .describe('processes that answer, on one port and one store'),
  STORE_URL: z
    .string()
    .superRefine((url, context) => {
      const fault = storeFault(url)
      if (fault !== null) context.addIssue({ code: 'custom', message: fault })
    })
    .default('embedded:./.emma')
    .describe(
      'where customers are kept: embedded:<folder>, redis://, rediss://, redis-sentinel://, redis-cluster://',
    ),
  STORE_DURABILITY: z
    .enum(['async', 'replicated'])
    .default('async')
    .describe('a write to Redis is done when its node has it (async), or when a replica has it too'),
  CATALOGUE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'catalogue file, or folder of its parts, for a store that has none yet; the sample shop by default',
    ),
  MODELS: z
    .string()
    .min(1)
    .optional()
    .describe('folder of models: <id>/<version>/model.onnx; the built-in ones by default'),
  LOG_LEVEL: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('least level that is logged'),
  DEADLINE_MS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number of milliseconds from 1 to 99999')
    .default('50')
    .transform(Number)
    .describe('milliseconds that a decision has which names no deadline'),
  SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe(
      'keys customer ids and seeds; generated and kept in an embedded store when absent, required for Redis',
    ),
})
export type Settings = Readonly<z.output<typeof settingsSchema>>

/** Settings of later versions: refused when set, so that nobody believes them to hold. */
export const LATER_SETTINGS: Readonly<Record<string, string>> = {
  API_KEYS: 'API keys',
  LOG_DIR: 'the decision log',
  TRUSTED_PROXIES: 'proxies',
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** Why a store cannot be named so, in words without the URL: there may be a password in it. */
function storeFault(url: string): string | null {
  if (/^embedded:.+/.test(url)) return null
  if (!isRedisUrl(url)) return 'must be embedded:<folder>, or the URL of a Redis'
  try {
    parseRedisUrl(url)
    return null
  } catch (error) {
    if (error instanceof EmmaError) return error.faults[0]!.what
    throw error
  }
}
