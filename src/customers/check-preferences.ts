import type { Catalogue } from '../domain/catalogue.ts'
import { DURATION_PATTERN, durationMs } from '../domain/duration.ts'
import type { Pace, Pause, Preferences } from '../domain/preferences.ts'
import type { CustomerChange } from '../ports/customer-store.ts'
import { type CodedFault, channelFaults, groupFaults } from './catalogue-names.ts'

/** What a person wishes anew; null forgets a wish, undefined leaves it. */
export interface WantedPreferences {
  readonly timeZone?: string | null | undefined
  readonly pace?: readonly Pace[] | null | undefined
  readonly refusedTopics?: readonly string[] | null | undefined
  readonly pauses?: readonly Pause[] | null | undefined
}

/** Wishes as the store keeps them, and all that is wrong with them: the store must not be given any then. */
export function checkPreferences(
  wanted: WantedPreferences,
  place: string,
  catalogue: Catalogue,
): { readonly wishes: NonNullable<CustomerChange['preferences']>; readonly faults: readonly CodedFault[] } {
  const { timeZone, pace, refusedTopics, pauses } = wanted
  const zone = typeof timeZone === 'string' ? canonicalZone(timeZone) : timeZone
  const faults = [
    ...(typeof timeZone === 'string' && zone === undefined ? [unknownZone(`${place}/timeZone`)] : []),
    ...(pace ?? []).flatMap((one, i) => paceFaults(one, `${place}/pace/${i}`, catalogue)),
    ...(refusedTopics ?? []).flatMap((group, i) =>
      groupFaults(group, `${place}/refusedTopics/${i}`, catalogue),
    ),
    ...(pauses ?? []).flatMap(({ channel }, i) =>
      channelFaults(channel, `${place}/pauses/${i}/channel`, catalogue),
    ),
  ]
  return { wishes: withoutUndefined({ timeZone: zone, pace, refusedTopics, pauses }), faults }
}

/**
 * The one spelling of a zone’s name; undefined for what is none. An offset, which newer runtimes would take, is none: it
 * is wrong for half of the year.
 */
function canonicalZone(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

function unknownZone(place: string): CodedFault {
  const what = 'this time zone is not known'
  return { code: 'invalid_request', place, what, remedy: 'use an IANA name such as Europe/Berlin' }
}

function paceFaults({ channel, window }: Pace, place: string, catalogue: Catalogue): CodedFault[] {
  const faults = channelFaults(channel, `${place}/channel`, catalogue)
  const add = (what: string, remedy: string) =>
    faults.push({ code: 'invalid_request', place: `${place}/window`, what, remedy })
  if (!DURATION_PATTERN.test(window)) add('this is no duration', 'write it like 30m, 24h, 7d or 2w')
  else if (durationMs(window) > catalogue.historyHorizonMs)
    add('this is longer than contacts are remembered', 'use a shorter one, or raise defaults.historyHorizon')
  return faults
}

function withoutUndefined(
  wishes: { readonly [Wish in keyof Required<Preferences>]: Preferences[Wish] | null },
): NonNullable<CustomerChange['preferences']> {
  return Object.fromEntries(Object.entries(wishes).filter(([, wish]) => wish !== undefined))
}
