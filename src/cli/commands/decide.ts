import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { compose } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import { failure } from '../../domain/errors.ts'
import { askOnce } from '../../http/ask-once.ts'
import { warn } from '../fail.ts'
import { printDecision } from '../print-decision.ts'

interface Options {
  readonly customer?: string
  readonly channel?: string
  readonly placement?: readonly string[]
  readonly limit: string
  readonly context?: string
  readonly locale?: string
  readonly at?: string
  readonly contactAt?: string
  readonly session?: string
  readonly address?: string
  readonly requestId?: string
  readonly reserve: boolean
  readonly request?: string
  readonly explain?: boolean
  readonly json?: boolean
  readonly settings?: string
}

/** What `--request` says by itself. */
const REQUEST_OPTIONS =
  'customer session channel address placement limit context locale at contactAt requestId explain'.split(' ')

export function registerDecide(program: Command): void {
  program
    .command('decide')
    .description('make one decision, as POST /v1/decisions does')
    .option('--customer <id>', 'customer; without it an anonymous visitor')
    .option('--session <id>', 'the visit it belongs to; remembered for a visitor without an id')
    .option('--channel <id>', 'channel')
    .option('--address <address>', 'where a message would go: opt-outs belong to addresses')
    .option('--placement <id...>', 'placements')
    .option('--limit <n>', 'actions per placement', '1')
    .option('--context <json>', 'context, such as {"intent":"return"}')
    .option('--locale <tag>', 'wanted language')
    .option('--at <time>', 'moment to decide for; makes it a dry-run')
    .option('--contact-at <time>', 'when the contact is to be; now by default')
    .option('--request-id <id>', 'your name for the request')
    .option('--no-reserve', 'take nothing of caps and volumes for what is shown')
    .addOption(
      new Option(
        '--request <file>',
        'the whole request as JSON instead of the options above; - reads standard input',
      ).conflicts(REQUEST_OPTIONS),
    )
    .option('--explain', 'what became of every candidate')
    .option('--json', 'print the answer as the API gives it')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(decideOnce)
}

const PATIENCE_MS = 10_000

async function decideOnce(options: Options): Promise<void> {
  const body = options.request === undefined ? fromOptions(options) : await readBody(options.request)
  // At a terminal nobody waits within milliseconds.
  const settings = { ...loadSettings(options.settings), DEADLINE_MS: PATIENCE_MS }
  const emma = await compose(settings, {
    onProgress: (message) => console.error(message),
    onNotice: (message) => console.error(message),
    onTrouble: warn,
  })
  try {
    const reply = await askOnce(emma.decide, body)
    console.log(
      options.json === true || options.request !== undefined
        ? JSON.stringify(reply)
        : printDecision(reply, options.explain === true, process.stdout.columns),
    )
  } finally {
    await emma.close()
  }
}

function fromOptions(options: Options): unknown {
  const limit = Number(options.limit)
  let context: unknown
  try {
    context = options.context === undefined ? undefined : JSON.parse(options.context)
  } catch (error) {
    throw failure(
      'usage_invalid',
      '--context',
      'this is not valid JSON',
      'write it like {"intent":"return"}',
      error,
    )
  }
  return {
    ...(options.requestId === undefined ? {} : { requestId: options.requestId }),
    ...(options.customer === undefined ? {} : { customer: { id: options.customer } }),
    ...(options.session === undefined ? {} : { sessionId: options.session }),
    ...(options.channel === undefined ? {} : { channel: options.channel }),
    ...(options.address === undefined ? {} : { address: options.address }),
    ...(options.contactAt === undefined ? {} : { contactAt: options.contactAt }),
    ...(options.placement === undefined
      ? {}
      : { placements: options.placement.map((id) => ({ id, limit })) }),
    ...(context === undefined ? {} : { context }),
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    ...(options.at === undefined ? {} : { mode: 'dry-run', at: options.at }),
    ...(options.reserve ? {} : { reserve: 'none' }),
    // Who the customer is to Emma stands in the explanation.
    explain: options.explain === true ? 'full' : options.json === true ? 'none' : 'codes',
  }
}

async function readBody(file: string): Promise<unknown> {
  try {
    return JSON.parse(await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')))
  } catch (error) {
    throw failure(
      'invalid_json',
      file,
      'this cannot be read as JSON',
      'give a file with one decision request',
      error,
    )
  }
}
