import { createHmac } from 'node:crypto'
import { type EmmaError, failure } from '../../domain/errors.ts'
import { damaged } from '../records.ts'
import { listIn } from './calls.ts'
import type { CallOptions, Link } from './link.ts'
import type { Script } from './link-command.ts'
import { META } from './meta-keys.ts'

const FORMAT = '2'

/** Keys: format, check of the secret; what they are to be. Answers with what they are: agreed once, by the first. */
const AGREE: Script = {
  name: 'agree-identity',
  source: `
    for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[i], 'NX') end
    return redis.call('MGET', unpack(KEYS))`,
}

/** The secret as bytes. @throws EmmaError `settings_invalid` without one: it cannot be kept beside what it hides */
export function secretOf(given: string | undefined): Uint8Array {
  if (given !== undefined) return Buffer.from(given)
  throw failure(
    'settings_invalid',
    'SECRET',
    'a store in Redis needs a SECRET, and none is set',
    'set one of at least 16 random characters, the same for every process of the store',
  )
}

/**
 * Holds this process against the store: its format and its secret.
 * @returns null when they fit, otherwise why nothing may be read or written here
 * @throws EmmaError `store_unavailable` when Redis does not answer
 */
export async function refusalOf(
  link: Link,
  secret: Uint8Array,
  patience: CallOptions,
): Promise<EmmaError | null> {
  const check = createHmac('sha256', secret).update('check').digest()
  const [format, known] = listIn(
    await link.run(AGREE, [META.format, META.secretCheck], [FORMAT, check], {
      ...patience,
      durable: true,
    }),
  )
  if (!Buffer.isBuffer(format) || !Buffer.isBuffer(known)) throw damaged('format of the store')
  if (format.toString() !== FORMAT) {
    return failure(
      'store_unavailable',
      'store',
      `the store has format ${format}, this version knows ${FORMAT}`,
      'use the Emma that wrote it, or another database',
    )
  }
  if (check.equals(known)) return null
  return failure(
    'settings_invalid',
    'SECRET',
    'this is not the secret that the store in Redis was made with',
    'set the SECRET it was made with, or use another database',
  )
}
