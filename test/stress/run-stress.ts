import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from './events.ts'
import { openStore } from './open-store.ts'
import { customersOf, HOLD_MS, PAIRS } from './shop.ts'
import {
  fullness,
  type Overfull,
  overfullAnswers,
  overfullLedgers,
  overWithoutLate,
  unitsHeld,
  unlikeLedgers,
} from './verdict.ts'
import type { Workers } from './workers.ts'

/** Between two counts of the units: each asks for the counters of every bucket. */
const LOOK_MS = 1_000

export interface StressReport {
  readonly tries: number
  readonly granted: number
  readonly confirmed: number
  readonly late: number
  readonly repeated: number
  readonly unlike: number
  readonly seconds: number
  readonly commits: Readonly<Record<string, number>>
  readonly degraded: Readonly<Record<string, number>>
  readonly troubles: readonly string[]
  /** Sentences about every breach of a cap, from the store and from the answers; empty when there is none. */
  readonly over: readonly string[]
  /** Where ledgers and answers differ. */
  readonly unlikeLedgers: readonly string[]
  /** The most units of the volume in use or leased at any moment that was looked at, and how often that was. */
  readonly mostUnits: number
  readonly looks: number
  /** Units in use when everything is quiet, and those that ledgers and holds stand for; late ones are not in use. */
  readonly units: { readonly used: number; readonly held: number; readonly late: number }
  readonly full: { readonly cap: number; readonly volume: number }
}

/** Many processes decide for few customers at once; then ledgers and answers are held against each other. */
export async function runStress(
  url: string,
  workers: Workers,
  triesEach: number,
  seed: number,
  onProgress: (message: string) => void = () => {},
): Promise<StressReport> {
  const folder = await mkdtemp(join(tmpdir(), 'emma-stress-'))
  const store = await openStore(url)
  try {
    const customers = customersOf(triesEach)
    const began = performance.now()
    const outs = Array.from({ length: workers.count }, (_, worker) => join(folder, `${worker}.ndjson`))
    const tallies = outs.map((out, worker) => workers.run({ url, worker, tries: triesEach, seed, out }))
    let running = true
    const ended = Promise.all(tallies).finally(() => {
      running = false
    })
    let mostUnits = 0
    let mostUsed = 0
    let looks = 0
    const overfull: Overfull[] = []
    while (running) {
      const { used, leased } = await store.volumeAccount({ volume: 'pairs', period: 'total' })
      mostUnits = Math.max(mostUnits, used + leased)
      mostUsed = Math.max(mostUsed, used)
      looks++
      await Promise.race([ended.catch(() => {}), sleep(LOOK_MS)])
      if (looks % 8 === 0) {
        overfull.push(...(await overfullLedgers(store, customers)))
        onProgress(`${Math.round((performance.now() - began) / 1000)} s, units in use ${used}`)
      }
    }
    const told = await ended
    const seconds = (performance.now() - began) / 1000
    const full = await fullness(store, customers, mostUsed)
    overfull.push(...(await overfullLedgers(store, customers)))
    const events = (await Promise.all(outs.map(readEvents))).flat()
    const outcomes = events.filter((event) => event.kind === 'outcome')
    const late = outcomes.filter(({ became }) => became === 'late')
    const over = [...overWithoutLate(overfull, events), ...overfullAnswers(events)]
    await sleep(HOLD_MS)
    const used = await settledUse(store)
    return {
      tries: sum(told, ({ tries }) => tries),
      granted: events.length - outcomes.length,
      confirmed: outcomes.filter(({ became }) => became === 'confirmed').length,
      late: late.length,
      repeated: sum(told, ({ repeated }) => repeated),
      unlike: sum(told, ({ unlike }) => unlike),
      seconds,
      commits: summed(told.map(({ commits }) => commits)),
      degraded: summed(told.map(({ degraded }) => degraded)),
      troubles: told.flatMap(({ troubles }) => troubles).slice(0, 5),
      over,
      unlikeLedgers: await unlikeLedgers(store, customers, events),
      mostUnits,
      looks,
      units: {
        used,
        held: await unitsHeld(store, customers),
        late: late.filter(({ action }) => action === 'boots').length,
      },
      full,
    }
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a report says against the promises; empty when they are kept. */
export function breaches(report: StressReport): string[] {
  const {
    over,
    unlikeLedgers: unlikeStore,
    unlike,
    degraded,
    mostUnits,
    units,
    full,
    tries,
    granted,
  } = report
  const said = [...over.slice(0, 20), ...unlikeStore.slice(0, 20)]
  if (unlike > 0) said.push(`${unlike} repeated requests got another answer`)
  for (const [code, count] of Object.entries(degraded)) said.push(`${count} answers are degraded: ${code}`)
  if (mostUnits > PAIRS) said.push(`${mostUnits} units were given, ${PAIRS} allowed`)
  if (units.used !== units.held - units.late)
    said.push(`${units.used} units are in use, contacts stand for ${units.held - units.late}`)
  // The caps allow so much in that time that less means that something stands still.
  if (full.cap < 0.99) said.push(`the cap is ${full.cap} full`)
  if (full.volume < 0.99) said.push(`the volume is ${full.volume} full`)
  if (granted < tries / 100) said.push(`only ${granted} of ${tries} tries were granted`)
  return said
}

async function settledUse(store: Awaited<ReturnType<typeof openStore>>): Promise<number> {
  const until = Date.now() + 30_000
  for (let calm = 0; Date.now() < until && calm < 8; ) {
    calm = (await store.sweep(Date.now())).expired === 0 ? calm + 1 : 0
    await sleep(250)
  }
  return (await store.volumeAccount({ volume: 'pairs', period: 'total' })).used
}

async function readEvents(path: string): Promise<Event[]> {
  const text = await readFile(path, 'utf8')
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Event)
}

function sum<Thing>(things: readonly Thing[], of: (thing: Thing) => number): number {
  return things.reduce((total, thing) => total + of(thing), 0)
}

function summed(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const record of records)
    for (const [key, count] of Object.entries(record)) total[key] = (total[key] ?? 0) + count
  return total
}
