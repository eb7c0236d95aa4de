import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import { KEPT, type Kept } from '../kept.ts'
import type { Environment } from './environment.ts'
import type { Guarded } from './guarded.ts'
import { makePublications } from './publications.ts'
import { makeRunTimeEpochs } from './run-time-epochs.ts'

/** Catalogue versions and run-time state in the embedded store; every read sees what any process has committed. */
export function makeCatalogueStore(db: Environment, guarded: Guarded, kept: Kept = KEPT): CatalogueStore {
  const publications = makePublications(db, kept.publications)
  const epochs = makeRunTimeEpochs(db, kept.epochsMs)
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
