import { Document, isMap, isScalar, YAMLMap } from 'yaml'
import type { Scalar } from '../domain/attributes.ts'
import { failure } from '../domain/errors.ts'
import { ACTION_FIELDS } from '../domain/rule.ts'
import type { Item } from './feature-folder.ts'

export const DRAFT_GROUP = 'best-sellers'

/** What an action of a draft catalogue tells models and rules: the same names at training and when serving. */
export function itemAttributes(item: Item): Record<string, Scalar> {
  return {
    [item.dimension]: item.value,
    label: item.label,
    price: item.median_price,
    orders: item.orders,
    orders_30d: item.orders_30d,
    orders_90d: item.orders_90d,
    customers: item.customers,
    customers_30d: item.customers_30d,
    share_of_customers: item.share_of_customers,
    share_30d: item.share_30d,
    trend: item.trend,
  }
}

export interface DraftOptions {
  readonly dimension: string
  readonly channel: string
  readonly placement: string
  /** Id of the model that scores; without one Emma’s prior does. */
  readonly model?: string
  readonly currency: string
  /** The target’s window: the model must predict the same one. */
  readonly within: string
  readonly timeZone: string
  readonly asOf: string
}

/** What is taken as margin until the retailer says better: a share of the price. */
const PLACEHOLDER_MARGIN = 0.3

/**
 * A starter catalogue as YAML text: one offer for every value of a dimension.
 * @param items - of any dimensions; those of others are left out
 * @throws EmmaError `features_invalid` when there is no item of the dimension.
 */
export function draftCatalogue(items: readonly Item[], options: DraftOptions): string {
  const { dimension, channel, placement, model, currency, within, timeZone, asOf } = options
  const offered = items.filter((item) => item.dimension === dimension)
  if (offered.length === 0) {
    const known = [...new Set(items.map((item) => item.dimension))].join(', ') || 'none'
    throw failure(
      'features_invalid',
      '--dimension',
      `the feature set has no dimension "${dimension}"`,
      `use one of its dimensions: ${known}`,
    )
  }
  if (ACTION_FIELDS.some((field) => field === dimension)) {
    throw failure(
      'features_invalid',
      '--dimension',
      `an action has a ${dimension} of its own, so no attribute can be called so`,
      'give the dimension another name in the mapping, and build the features again',
    )
  }
  const document = new Document({
    schema: 'emma/v1',
    defaults: { currency, locale: 'en-GB', timeZone },
    channels: { [channel]: { direction: 'inbound' } },
    target: { outcome: 'conversion', within },
    ...(model === undefined ? {} : { models: [{ id: model }] }),
    placements: [
      { id: placement, channel, contentType: 'json', order: 1, fallback: { headline: 'Our best sellers' } },
    ],
    groups: [{ id: DRAFT_GROUP }],
    actions: offered.map((item) => ({
      id: item.value,
      kind: 'offer',
      tier: 'marketing',
      group: DRAFT_GROUP,
      value: Math.round(item.median_price * PLACEHOLDER_MARGIN * 100) / 100,
      attributes: itemAttributes(item),
      treatments: [
        {
          id: `${item.value}-${placement}`,
          for: [placement],
          content: { en: { headline: item.label, product: item.value, price: item.median_price } },
        },
      ],
    })),
  })
  document.commentBefore = ` A first catalogue, drafted from the ${offered.length} best known values of "${dimension}" as of ${asOf}.
 It is yours to change: ids must stay, texts, values and rules need not.
 Attributes are as of that day; draft again with newer features to renew them.`
  commentValues(document)
  return document.toString({ lineWidth: 110 })
}

function commentValues(document: Document): void {
  const actions = document.get('actions')
  if (!(actions && typeof actions === 'object' && 'items' in actions)) return
  for (const action of actions.items as unknown[]) {
    if (!(action instanceof YAMLMap) && !isMap(action)) continue
    const value = (action as YAMLMap).get('value', true)
    if (isScalar(value)) {
      value.comment = ` placeholder: ${PLACEHOLDER_MARGIN * 100} % of the median price; put your margin here`
    }
  }
}
