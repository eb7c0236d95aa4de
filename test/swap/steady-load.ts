import { REQUEST, type Shown } from './numbered-catalogue.ts'

/** One decision as its caller saw it; times in epoch milliseconds. */
export interface Observation {
  readonly sent: number
  readonly answered: number
  /** 0 when the request failed without an answer. */
  readonly status: number
  /** The version it says it was made with; what failed says why. */
  readonly version: string
  readonly shown: Shown | null
}

export interface SteadyLoad {
  readonly observations: readonly Observation[]
  stop(): Promise<void>
}

/** How long a caller waits between two of its decisions. */
const PAUSE_MS = 15

/** Asks one server again and again, with so many callers at a time, and keeps all that it answers. */
export function steadyLoad(url: string, callers: number): SteadyLoad {
  const observations: Observation[] = []
  let stopped = false
  const call = async () => {
    for (let asked = 0; !stopped; asked++) {
      // What is granted waits for the disk; every other one does not, so that there are enough of them.
      observations.push(await observe(url, asked % 2 === 0 ? 'live' : 'dry-run'))
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const calls = Promise.all(Array.from({ length: callers }, call))
  return {
    observations,
    async stop() {
      stopped = true
      await calls
    },
  }
}

interface Reply {
  readonly versions: { readonly catalogue: string; readonly model: string }
  readonly placements: readonly {
    readonly items: readonly { actionId: string; content: unknown; propensity: number }[]
  }[]
}

async function observe(url: string, mode: 'live' | 'dry-run'): Promise<Observation> {
  const sent = Date.now()
  try {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ ...JSON.parse(REQUEST), mode })
    const reply = await fetch(`${url}/v1/decisions`, { method: 'POST', headers, body })
    const text = await reply.text()
    const answered = Date.now()
    if (reply.status !== 200) return { sent, answered, status: reply.status, version: text, shown: null }
    const { versions, placements } = JSON.parse(text) as Reply
    const items = placements
      .flatMap((placement) => placement.items)
      .map(({ actionId, content, propensity }) => ({
        ...{ action: actionId, content },
        propensity: Math.round(1000 * propensity) / 1000,
      }))
    const shown = { model: versions.model.split('/')[0]!, items }
    return { sent, answered, status: 200, version: versions.catalogue, shown }
  } catch (error) {
    return { sent, answered: Date.now(), status: 0, version: String(error), shown: null }
  }
}
