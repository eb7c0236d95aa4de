import type { CatalogueStore, Publication } from '../../ports/catalogue-store.ts'
import { DOCUMENT, PUBLICATION, publicationToBytes, SEQUENCE } from '../publication-records.ts'
import { fromBytes, pack, unpack } from '../records.ts'
import { BULK, bytesIn, listIn, READ } from './calls.ts'
import { untilNobodyComesBetween } from './compare-and-set.ts'
import type { Link } from './link.ts'
import type { Script } from './link-command.ts'
import { META } from './meta-keys.ts'

/**
 * Keys: newest, publications, documents, last named. What is newest and what shall be; its number, its version, its
 * document; the number that leaves ('' none) and the version that nothing names then ('' none). Answers with what is
 * newest when it is another, with nil when it has published.
 */
const PUBLISH: Script = {
  name: 'publish',
  source: `
    local newest = redis.call('GET', KEYS[1]) or ''
    if newest ~= ARGV[1] then return newest end
    redis.call('HSETNX', KEYS[3], ARGV[4], ARGV[5])
    redis.call('HSET', KEYS[4], ARGV[4], ARGV[3])
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[2])
    redis.call('SET', KEYS[1], ARGV[2])
    if ARGV[6] ~= '' then redis.call('HDEL', KEYS[2], ARGV[6]) end
    if ARGV[7] ~= '' then
      redis.call('HDEL', KEYS[3], ARGV[7])
      redis.call('HDEL', KEYS[4], ARGV[7])
    end
    return false`,
}
const KEYS = [META.newestPublication, META.publications, META.documents, META.lastNamed] as const

type Publications = Pick<CatalogueStore, 'newestPublication' | 'document' | 'publications' | 'publish'>

/** Publications by number, and one document per version. The last `kept` publications stay, and what they name. */
export function makePublications(link: Link, kept: number): Publications {
  const readNewest = async () =>
    bytesIn((await link.send(META.newestPublication, [['GET', META.newestPublication]], READ))[0])
  const field = async (key: string, name: string | number) =>
    bytesIn((await link.send(key, [['HGET', key, name]], READ))[0])

  /** What goes when a publication comes: the one that is too old, and the version that only it names. */
  const leavingBefore = async ({ sequence, version }: Publication) => {
    const leaving = sequence - kept
    const bytes = leaving < 1 ? undefined : await field(META.publications, leaving)
    if (bytes === undefined) return { leaving: '', unnamed: '' }
    const old = fromBytes(PUBLICATION, bytes).version
    const lastNamed = await field(META.lastNamed, old)
    const isUnnamed = lastNamed !== undefined && fromBytes(SEQUENCE, lastNamed) === leaving && old !== version
    return { leaving, unnamed: isUnnamed ? old : '' }
  }

  return {
    async newestPublication() {
      const bytes = await readNewest()
      return bytes === undefined ? null : fromBytes(PUBLICATION, bytes)
    },
    async document(version) {
      const [reply] = await link.send(META.documents, [['HGET', META.documents, version]], BULK)
      const bytes = bytesIn(reply)
      return bytes === undefined ? null : unpack(DOCUMENT, bytes)
    },
    async publications(limit, before = Number.MAX_SAFE_INTEGER) {
      const bytes = await readNewest()
      const newest = bytes === undefined ? 0 : fromBytes(PUBLICATION, bytes).sequence
      const first = Math.min(Math.ceil(before) - 1, newest)
      const count = Math.min(limit, first)
      if (count < 1) return []
      const sequences = Array.from({ length: count }, (_, i) => first - i)
      const [reply] = await link.send(META.publications, [['HMGET', META.publications, ...sequences]], READ)
      const found = listIn(reply).map(bytesIn)
      const end = found.indexOf(undefined)
      return (end < 0 ? found : found.slice(0, end)).map((one) => fromBytes(PUBLICATION, one!))
    },
    async publish(document, given, expected) {
      const packed = await pack(document)
      let bytes = await readNewest()
      return untilNobodyComesBetween('the newest publication', async () => {
        const serves = bytes === undefined ? null : fromBytes(PUBLICATION, bytes)
        if (expected !== undefined && expected !== (serves?.version ?? null))
          return { published: false, newest: serves }
        const publication: Publication = { ...given, sequence: (serves?.sequence ?? 0) + 1 }
        const { sequence, version } = publication
        const { leaving, unnamed } = await leavingBefore(publication)
        const next = publicationToBytes(publication)
        const args = [bytes ?? '', next, sequence, version, packed, leaving, unnamed]
        const found = bytesIn(await link.run(PUBLISH, KEYS, args, { ...BULK, durable: true }))
        if (found === undefined) return { published: true, newest: publication }
        bytes = found.length === 0 ? undefined : found
        return null
      })
    },
  }
}
