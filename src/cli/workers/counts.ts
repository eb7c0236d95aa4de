import { keepCounts, lastingCounts } from '../../observe/summed-metrics.ts'

/** So long the counts of a worker are waited for; then those that it told last are taken. */
const PATIENCE_MS = 1_000

/** What workers have counted, kept so that no sum ever falls: neither when one hangs nor when one dies. */
export interface Counts {
  /** A worker answers from now on. @param ask - asks it to tell its counts */
  onReady(id: number, ask: () => void): void
  onTold(id: number, counts: string): void
  onGone(id: number): void
  /**
   * What all but this one have counted: told now, or told last by those that do not answer within a second, and what
   * those that are gone told last.
   */
  ofOthers(id: number): Promise<readonly string[]>
}

interface Known {
  readonly ask: () => void
  last: string | null
  /** While it has been asked and has not told. */
  asked: { readonly told: Promise<void>; readonly onTold: () => void } | null
}

export function makeCounts(): Counts {
  const workers = new Map<number, Known>()
  const gone: string[] = []
  let adding = Promise.resolve()

  /** One at a time: what joins the list meanwhile comes after what is taken from it. */
  function addUp(): void {
    adding = adding.then(async () => {
      const count = gone.length
      if (count > 1) gone.splice(0, count, await keepCounts(gone.slice(0, count)))
    })
  }

  function ask(known: Known): Promise<void> {
    if (known.asked === null) {
      const { promise: told, resolve: onTold } = withResolvers()
      known.asked = { told, onTold }
      known.ask()
    }
    return known.asked.told
  }

  return {
    onReady(id, askIt) {
      workers.set(id, { ask: askIt, last: null, asked: null })
    },
    onTold(id, counts) {
      const known = workers.get(id)
      if (known === undefined) return
      known.last = counts
      known.asked?.onTold()
      known.asked = null
    },
    onGone(id) {
      const known = workers.get(id)
      if (known === undefined) return
      workers.delete(id)
      known.asked?.onTold()
      if (known.last === null) return
      gone.push(lastingCounts(known.last))
      addUp()
    },
    async ofOthers(id) {
      const asked = [...workers].filter(([other]) => other !== id).map(([, known]) => ask(known))
      await within(PATIENCE_MS, Promise.all(asked))
      const told = [...workers].flatMap(([other, { last }]) => (other === id || last === null ? [] : [last]))
      return [...told, ...gone]
    },
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    }),
  ])
  clearTimeout(timer)
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
