import * as z from 'zod'

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
  STORE_URL: z
    .string()
    .regex(/^embedded:.+/, 'must be embedded:<folder>; Redis stores are not supported by this version')
    .default('embedded:./.emma')
    .describe('where customers are kept'),
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
    .describe('keys customer ids and seeds; generated and kept in the store when absent'),
})
export type Settings = Readonly<z.output<typeof settingsSchema>>

/** Settings of later versions: refused when set, so that nobody believes them to hold. */
export const LATER_SETTINGS: Readonly<Record<string, string>> = {
  API_KEYS: 'API keys',
  LOG_DIR: 'the decision log',
  WORKERS: 'several processes',
  STORE_DURABILITY: 'replicated stores',
  TRUSTED_PROXIES: 'proxies',
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
