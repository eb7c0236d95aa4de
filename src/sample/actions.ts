import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/** What the generator needs to know of an action. */
export interface SampleAction {
  readonly id: string
  readonly kind: 'offer' | 'activity'
  /** Of an offer always; of an activity only where it is about one. */
  readonly category: string | undefined
  /** The product an offer is for. */
  readonly sku: string | undefined
  readonly priceCents: number
  readonly discountPercent: number
  /** Channels with a placement that the action has content for. */
  readonly channels: readonly string[]
}

interface ShopDocument {
  readonly placements: readonly { readonly id: string; readonly channel: string }[]
  readonly actions: readonly {
    readonly id: string
    readonly kind: 'offer' | 'activity'
    readonly attributes: Readonly<Record<string, string | number>>
    readonly treatments: readonly { readonly for: readonly string[] }[]
  }[]
}

export const SHOP_FILE = new URL('./shop.yaml', import.meta.url)

/** Reads the actions of the sample's own catalogue, so that ids, prices and categories stand in one place only. */
export async function readSampleActions(): Promise<readonly SampleAction[]> {
  return sampleActions(await readFile(SHOP_FILE, 'utf8'))
}

/** The actions of a shop document in its order. Trusts the document: checking catalogues is not the generator's job. */
export function sampleActions(yaml: string): readonly SampleAction[] {
  const shop = parse(yaml) as ShopDocument
  const channelOf = new Map(shop.placements.map((placement) => [placement.id, placement.channel]))
  return shop.actions.map(({ id, kind, attributes, treatments }) => ({
    id,
    kind,
    category: attributes.category?.toString(),
    sku: attributes.sku?.toString(),
    priceCents: Math.round(Number(attributes.price ?? 0) * 100),
    discountPercent: Math.round(Number(attributes.discount ?? 0) * 100),
    channels: [...new Set(treatments.flatMap((treatment) => treatment.for.map((p) => channelOf.get(p)!)))],
  }))
}
