import type { CatalogueStore, Publication } from '../../ports/catalogue-store.ts'
import { documentKey, lastNamedKey, META, publicationKey } from '../keys.ts'
import { DOCUMENT, PUBLICATION, publicationToBytes, SEQUENCE } from '../publication-records.ts'
import { damaged, fromBytes, pack, toBytes, unpack } from '../records.ts'
import type { Environment } from './environment.ts'
import { transact } from './transactions.ts'

type Publications = Pick<CatalogueStore, 'newestPublication' | 'document' | 'publications' | 'publish'>

/** Publications by number, and one document per version. The last `kept` publications stay, and what they name. */
export function makePublications(db: Environment, kept: number): Publications {
  const sequenceAt = (key: string): number | null => {
    const bytes = db.get(key)
    return bytes === undefined ? null : fromBytes(SEQUENCE, bytes)
  }
  const publicationAt = (sequence: number): Publication | null => {
    const bytes = db.get(publicationKey(sequence))
    return bytes === undefined ? null : fromBytes(PUBLICATION, bytes)
  }
  const newest = (): Publication | null => {
    const sequence = sequenceAt(META.newestPublication)
    if (sequence === null) return null
    const publication = publicationAt(sequence)
    if (publication === null) throw damaged('newest publication')
    return publication
  }

  return {
    async newestPublication() {
      db.resetReadTxn()
      return newest()
    },
    async document(version) {
      db.resetReadTxn()
      const bytes = db.get(documentKey(version))
      return bytes === undefined ? null : unpack(DOCUMENT, bytes)
    },
    async publications(limit, before = Number.MAX_SAFE_INTEGER) {
      db.resetReadTxn()
      const found: Publication[] = []
      let sequence = Math.min(Math.ceil(before) - 1, sequenceAt(META.newestPublication) ?? 0)
      for (; found.length < limit; sequence--) {
        const publication = publicationAt(sequence)
        if (publication === null) break
        found.push(publication)
      }
      return found
    },
    async publish(document, given, expected) {
      const packed = await pack(document)
      return transact(db, () => {
        const serves = newest()
        if (expected !== undefined && expected !== (serves?.version ?? null)) {
          return { published: false, newest: serves }
        }
        const publication: Publication = { ...given, sequence: (serves?.sequence ?? 0) + 1 }
        const { sequence, version } = publication
        const written = publicationToBytes(publication)
        const leaving = publicationAt(sequence - kept)
        const unnamed = leaving !== null && sequenceAt(lastNamedKey(leaving.version)) === leaving.sequence

        // Nothing is written before here: what throws in a transaction does not undo what it has written.
        if (!db.doesExist(documentKey(version))) void db.put(documentKey(version), packed)
        void db.put(lastNamedKey(version), toBytes(sequence))
        void db.put(publicationKey(sequence), written)
        void db.put(META.newestPublication, toBytes(sequence))
        if (leaving !== null) void db.remove(publicationKey(leaving.sequence))
        if (unnamed && leaving.version !== version) {
          void db.remove(documentKey(leaving.version))
          void db.remove(lastNamedKey(leaving.version))
        }
        return { published: true, newest: publication }
      })
    },
  }
}
