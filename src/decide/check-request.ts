import type { Attributes, AttributeType, Scalar, TypeSpec } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { DAY_MS } from '../domain/contact.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import { EmmaError, type ErrorCode, type Fault } from '../domain/errors.ts'

/** How far behind a caller’s clock may be. */
const SKEW_MS = 5 * 60_000
/** Nobody plans a contact further ahead. */
const FURTHEST_AHEAD_MS = 400 * DAY_MS

/**
 * Holds a well-formed request against the catalogue: channel, placements, actions and context must be in it. A contact
 * is neither planned for the past nor for more than 400 days ahead.
 * @throws EmmaError with all faults; its code is that of the first.
 */
export function checkRequest(request: DecisionRequest, catalogue: Catalogue, now: number): void {
  const codes: ErrorCode[] = []
  const faults: Fault[] = []
  const add = (code: ErrorCode, place: string, what: string, remedy: string) => {
    codes.push(code)
    faults.push({ place, what, remedy })
  }

  if (!catalogue.channels.has(request.channel)) {
    add(
      'unknown_channel',
      '/channel',
      'this channel is not in the catalogue',
      `use one of ${list(catalogue.channels.keys())}`,
    )
  }
  const asked = new Set<string>()
  request.slates.forEach((slate, i) => {
    const placement = catalogue.placements.get(slate.placement)
    const place = `/placements/${i}/id`
    if (placement === undefined) {
      const known = [...catalogue.placements.values()]
        .filter((p) => p.channel === request.channel)
        .map((p) => p.id)
      add(
        'unknown_placement',
        place,
        'this placement is not in the catalogue',
        `use one of ${list(known.length > 0 ? known : catalogue.placements.keys())}`,
      )
    } else if (placement.channel !== request.channel && catalogue.channels.has(request.channel)) {
      add(
        'placement_of_other_channel',
        place,
        `this placement belongs to channel ${placement.channel}`,
        `ask for it with "channel": "${placement.channel}"`,
      )
    }
    if (asked.has(slate.placement))
      add('invalid_request', place, 'this placement is asked for twice', 'ask once and raise its limit')
    asked.add(slate.placement)
  })
  for (const [name, ids] of [
    ['include', request.include ?? []],
    ['exclude', request.exclude],
  ] as const) {
    ids.forEach((id, i) => {
      if (!catalogue.positionOf.has(id)) {
        add(
          'unknown_action',
          `/candidates/${name}/${i}`,
          'this action is not in the catalogue',
          'check the id, or leave it out',
        )
      }
    })
  }
  const { contactAt } = request
  if (contactAt !== undefined && contactAt < now - SKEW_MS)
    add('invalid_request', '/contactAt', 'this moment is past', 'name a later one, or leave it out for now')
  if (contactAt !== undefined && contactAt > now + FURTHEST_AHEAD_MS)
    add('invalid_request', '/contactAt', 'this is more than 400 days ahead', 'name an earlier moment')
  for (const fault of attributeFaults(request.context, catalogue.contextTypes, '/context', 'types.context')) {
    codes.push('invalid_request')
    faults.push(fault)
  }
  if (faults.length > 0) throw new EmmaError(codes[0]!, faults)
}

/** Attributes or context fields that are not declared, or not of their declared type. */
export function attributeFaults(
  values: Attributes,
  types: ReadonlyMap<string, TypeSpec>,
  place: string,
  declaredIn: string,
): Fault[] {
  return Object.entries(values).flatMap(([name, value]): Fault[] => {
    const spec = types.get(name)
    if (spec === undefined) {
      return [
        {
          place: `${place}/${pointer(name)}`,
          what: 'this name is not declared in the catalogue',
          remedy: `declare it under ${declaredIn}, or leave it out`,
        },
      ]
    }
    if (typeOf(value) !== spec.type) {
      return [
        {
          place: `${place}/${pointer(name)}`,
          what: `this is a ${typeOf(value)}, the catalogue declares a ${spec.type}`,
          remedy: `send a ${spec.type}`,
        },
      ]
    }
    return []
  })
}

/** Declared defaults filled in where a value is missing. */
export function withDefaults(values: Attributes, types: ReadonlyMap<string, TypeSpec>): Attributes {
  const filled: Record<string, Scalar> = { ...values }
  for (const [name, spec] of types) {
    if (spec.default !== undefined && !Object.hasOwn(filled, name)) filled[name] = spec.default
  }
  return filled
}

function typeOf(value: Scalar): AttributeType {
  return typeof value === 'boolean' ? 'bool' : (typeof value as 'number' | 'string')
}

function list(ids: Iterable<string>): string {
  const all = [...ids]
  return all.length <= 12 ? all.join(', ') : `${all.slice(0, 12).join(', ')} and ${all.length - 12} more`
}

function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
