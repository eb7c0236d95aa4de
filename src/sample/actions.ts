import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** A part of the shop's document; what it does not say stands in another. */
interface ShopPart {
  readonly placements?: readonly { readonly id: string; readonly channel: string }[]
  readonly actions?: readonly {
    readonly id: string
    readonly kind: 'offer' | 'activity'
    readonly attributes: Readonly<Record<string, string | number>>
    readonly treatments: readonly { readonly for: readonly string[] }[]
  }[]
}

/** The parts of the sample's own catalogue. */
export const SHOP_FOLDER = fileURLToPath(new URL('./shop', import.meta.url))

/** The actions of the sample's own catalogue in its order, so that ids, prices and categories stand in one place only. */
export async function readSampleActions(): Promise<readonly SampleAction[]> {
  const names = (await readdir(SHOP_FOLDER)).filter((name) => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(SHOP_FOLDER, name), 'utf8')))
  return sampleActions(texts.map((text) => parse(text) as ShopPart))
}

/** The actions of all parts, one part after the other. Trusts them: checking catalogues is not the generator's job. */
function sampleActions(parts: readonly ShopPart[]): readonly SampleAction[] {
  const placements = parts.flatMap((part) => part.placements ?? [])
  const channelOf = new Map(placements.map((placement) => [placement.id, placement.channel]))
  return parts
    .flatMap((part) => part.actions ?? [])
    .map(({ id, kind, attributes, treatments }) => ({
      id,
      kind,
      category: attributes.category?.toString(),
      sku: attributes.sku?.toString(),
      priceCents: Math.round(Number(attributes.price ?? 0) * 100),
      discountPercent: Math.round(Number(attributes.discount ?? 0) * 100),
      channels: [...new Set(treatments.flatMap((treatment) => treatment.for.map((p) => channelOf.get(p)!)))],
    }))
}
