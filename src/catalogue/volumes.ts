import type { Play } from '../domain/catalogue.ts'
import type { PlacementId } from '../domain/ids.ts'
import type { Volume } from '../domain/volume.ts'
import type { CatalogueDocument } from './document.ts'
import { toSelection } from './selection.ts'

/** By id, so that reasons come in the same order wherever a volume is written. */
export function toVolumes({ volumes }: CatalogueDocument): Volume[] {
  return volumes
    .map(({ id, where, max, per, pacing }): Volume => ({ id, where: toSelection(where), max, per, pacing }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What may be sold out in each placement. */
export function volumesIn(
  plays: ReadonlyMap<PlacementId, readonly Play[]>,
  volumes: readonly Volume[],
): ReadonlyMap<PlacementId, readonly Volume[]> {
  return new Map(
    [...plays].map(([placement, own]) => {
      const taken = new Set([...new Set(own.map((play) => play.volumes))].flat())
      return [placement, volumes.filter((volume) => taken.has(volume))]
    }),
  )
}
