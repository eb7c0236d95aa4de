/** What `--cpu-prof` of Node writes, as far as it is read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[]
  /** Microseconds. */
  readonly startTime: number
}

/** Time in one function, called from where it is, with all that it called. */
interface Frame {
  readonly name: string
  readonly room: string
  time: number
  readonly called: Map<string, Frame>
}

const WIDTH = 1200
const ROW = 17
const LEGEND = 54
/** Narrower than this nothing can be seen. */
const LEAST_WIDTH = 0.6
/** By room; told apart by people who see fewer colours. */
const COLOURS: readonly (readonly [room: string, colour: string])[] = [
  ['decide', '#f0b86e'],
  ['rules, templates, domain', '#f7dfb2'],
  ['scoring', '#9bd1b5'],
  ['stores', '#8fbbe0'],
  ['http', '#d7a9cf'],
  ['other sources', '#cfcf8f'],
  ['packages', '#c9c9c9'],
  ['Node', '#dedede'],
  ['engine, native', '#ececec'],
  ['garbage collection', '#d98880'],
]
const COLOUR_OF = new Map(COLOURS)

/**
 * A flame graph, from the top down: as wide as its time, under each function those it called.
 * @param from - microseconds after the start of the profile from which on samples count
 * @param to - up to here
 */
export function flameGraph(title: string, profile: CpuProfile, from: number, to: number): string {
  const root = framesOf(profile, from, to)
  const boxes: string[] = []
  const depth = draw(root, 0, 0, WIDTH / root.time, boxes)
  const height = LEGEND + (depth + 1) * ROW + 8
  const legend = COLOURS.map(([room, colour], i) => {
    const x = 8 + i * 100 + (i > 1 ? 60 : 0)
    return `<rect x="${x}" y="30" width="12" height="12" fill="${colour}"/><text x="${x + 16}" y="40">${room}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="10" fill="#222">\n<title>${escaped(title)}</title>\n<rect width="${WIDTH}" height="${height}" fill="#fff"/>\n<text x="8" y="18" font-size="14" font-weight="600">${escaped(title)}</text>\n${[...legend, ...boxes].join('\n')}\n</svg>\n`
}

function framesOf({ nodes, samples, timeDeltas }: CpuProfile, from: number, to: number): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parentOf = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const root: Frame = { name: 'all', room: 'Node', time: 0, called: new Map() }
  let at = 0
  for (const [i, id] of samples.entries()) {
    const took = timeDeltas[i]!
    at += took
    const { functionName } = byId.get(id)!.callFrame
    if (at < from || at > to || functionName === '(idle)') continue
    const stack: number[] = []
    for (let one: number | undefined = id; one !== undefined; one = parentOf.get(one)) stack.unshift(one)
    let frame = root
    root.time += took
    // The first one is the profile’s own root.
    for (const step of stack.slice(1)) {
      frame = calledFrom(frame, byId.get(step)!.callFrame)
      frame.time += took
    }
  }
  return root
}

function calledFrom(
  frame: Frame,
  { functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame'],
) {
  const key = `${functionName} ${url} ${lineNumber}`
  let called = frame.called.get(key)
  if (called === undefined) {
    const file = url.split('/').at(-1)!
    const name = functionName === '' ? `(${file || 'native'})` : functionName
    called = { name, room: roomOf(functionName, url), time: 0, called: new Map() }
    frame.called.set(key, called)
  }
  return called
}

function roomOf(functionName: string, url: string): string {
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (url === '') return 'engine, native'
  if (url.startsWith('node:')) return 'Node'
  if (url.includes('/node_modules/')) return 'packages'
  const [, room] = /\/src\/([^/]+)\//.exec(url) ?? []
  if (room === 'rules' || room === 'templates' || room === 'domain') return 'rules, templates, domain'
  return room !== undefined && COLOUR_OF.has(room) ? room : 'other sources'
}

/** @returns how deep it goes */
function draw(frame: Frame, x: number, depth: number, scale: number, boxes: string[]): number {
  const width = frame.time * scale
  if (width < LEAST_WIDTH) return depth - 1
  const y = LEGEND + depth * ROW
  const share = `${frame.name}, ${((100 * width) / WIDTH).toFixed(1)} %`
  const fits = Math.floor((width - 6) / 5.4)
  const label = fits < 3 ? '' : frame.name.length <= fits ? frame.name : `${frame.name.slice(0, fits - 1)}…`
  boxes.push(
    `<g><title>${escaped(share)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width - 0.5, 0.3).toFixed(1)}" height="${ROW - 1}" fill="${COLOUR_OF.get(frame.room)}"/>${label === '' ? '' : `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`}</g>`,
  )
  let deepest = depth
  let at = x
  for (const called of [...frame.called.values()].sort((a, b) => b.time - a.time)) {
    deepest = Math.max(deepest, draw(called, at, depth + 1, scale, boxes))
    at += called.time * scale
  }
  return deepest
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
