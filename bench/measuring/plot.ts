import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'

export interface Axis {
  readonly label: string
  readonly scale: 'linear' | 'log'
}

export interface Series {
  readonly name: string
  /** x and y; in the order of x. */
  readonly points: readonly (readonly [number, number])[]
  readonly dashed?: boolean
}

export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'results', 'plots')
const [WIDTH, HEIGHT] = [760, 420]
const EDGE = { left: 70, right: 190, top: 44, bottom: 56 }
/** Told apart by people who see fewer colours (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** Writes `bench/results/plots/<name>.svg`. @returns its path as the results page names it */
export function savePlot(name: string, plot: Plot): string {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, `${name}.svg`), toSvg(plot))
  return `results/plots/${name}.svg`
}

/** Lines with a point for every measure; a legend beside them. */
export function toSvg({ title, x, y, series }: Plot): string {
  const all = series.flatMap(({ points }) => points)
  const xs = scaleOf(
    x,
    all.map(([value]) => value),
    [EDGE.left, WIDTH - EDGE.right],
  )
  const ys = scaleOf(
    y,
    all.map(([, value]) => value),
    [HEIGHT - EDGE.bottom, EDGE.top],
  )
  const path = line<readonly [number, number]>(
    ([at]) => xs(at),
    ([, value]) => ys(value),
  )
  const parts = [
    text(EDGE.left, 24, title, 'font-size="15" font-weight="600"'),
    ...ticksOf(xs, x).map((tick) => {
      const at = xs(tick)
      return `<line x1="${at}" x2="${at}" y1="${EDGE.top}" y2="${HEIGHT - EDGE.bottom}" stroke="#e5e5e5"/>${text(at, HEIGHT - EDGE.bottom + 18, written(tick), 'text-anchor="middle"')}`
    }),
    ...ticksOf(ys, y).map((tick) => {
      const at = ys(tick)
      return `<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${at}" y2="${at}" stroke="#e5e5e5"/>${text(EDGE.left - 8, at + 4, written(tick), 'text-anchor="end"')}`
    }),
    text((EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 14, x.label, 'text-anchor="middle"'),
    `<g transform="translate(18 ${(EDGE.top + HEIGHT - EDGE.bottom) / 2}) rotate(-90)">${text(0, 0, y.label, 'text-anchor="middle"')}</g>`,
    ...series.flatMap(({ name, points, dashed }, i) => {
      const colour = COLOURS[i % COLOURS.length]!
      const at = EDGE.top + 10 + i * 20
      const dash = dashed === true ? ' stroke-dasharray="6 4"' : ''
      return [
        `<path d="${path([...points]) ?? ''}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
        ...points.map(
          ([px, py]) =>
            `<circle cx="${xs(px).toFixed(1)}" cy="${ys(py).toFixed(1)}" r="3" fill="${colour}"/>`,
        ),
        `<line x1="${WIDTH - EDGE.right + 12}" x2="${WIDTH - EDGE.right + 36}" y1="${at}" y2="${at}" stroke="${colour}" stroke-width="2"${dash}/>`,
        text(WIDTH - EDGE.right + 42, at + 4, name),
      ]
    }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#222">\n<title>${escaped(title)}</title>\n<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`
}

function scaleOf({ scale }: Axis, values: readonly number[], range: readonly [number, number]) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return scale === 'log'
    ? scaleLog([least / 1.1, most * 1.1], range)
    : scaleLinear([0, most * 1.05], range).nice()
}

/** Of a logarithmic axis only 1, 2 and 5 of each power of ten: more would lie upon each other. */
function ticksOf(scale: ReturnType<typeof scaleOf>, { scale: kind }: Axis): number[] {
  const ticks = scale.ticks(6)
  if (kind === 'linear') return ticks
  return ticks.filter((tick) =>
    [1, 2, 5].includes(Number((tick / 10 ** Math.floor(Math.log10(tick) + 1e-9)).toFixed(6))),
  )
}

function written(tick: number): string {
  return tick.toLocaleString('en', { maximumSignificantDigits: 3 })
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
