import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import { KEPT, type Kept } from '../kept.ts'
import type { InTurn } from './compare-and-set.ts'
import type { Link } from './link.ts'
import { makePublications } from './publications.ts'
import { makeRunTimeEpochs } from './run-time-epochs.ts'

/** Does work on a store that is known to be ours, or says why not. */
export type Guarded = <T>(work: () => Promise<T>) => Promise<T>

/** Catalogue versions and run-time state in Redis; every read sees what any process has committed. */
export function makeCatalogueStore(
  link: Link,
  inTurn: InTurn,
  guarded: Guarded,
  kept: Kept = KEPT,
): CatalogueStore {
  const publications = makePublications(link, kept.publications)
  const epochs = makeRunTimeEpochs(link, inTurn, kept.epochsMs)
  return {
    newestPublication: () => guarded(() => publications.newestPublication()),
    document: (version) => guarded(() => publications.document(version)),
    publications: (limit, before) => guarded(() => publications.publications(limit, before)),
    publish: (document, publication, expected) =>
      guarded(() => publications.publish(document, publication, expected)),
    runTimePosition: () => guarded(() => epochs.runTimePosition()),
    runTimeState: (at) => guarded(() => epochs.runTimeState(at)),
    changeRunTime: (changes) => guarded(() => epochs.changeRunTime(changes)),
  }
}
