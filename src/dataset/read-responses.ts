import type { DuckDBConnection } from '@duckdb/node-api'
import { EmmaError, type Fault } from '../domain/errors.ts'
import { identifier, literal, rowsOf } from '../features/duck.ts'
import { type Unreadable, unreadableOf } from '../features/read-report.ts'
import { checkColumn } from '../features/read-transactions.ts'
import { findFiles, openSource, type Source } from '../features/source-files.ts'
import type { ResponsesSpec } from './spec.ts'

/** What one customer did with one action that was shown. */
export interface Response {
  readonly customerId: string
  readonly actionId: string
  readonly channel: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly converted: 0 | 1
}

/**
 * All responses in the order of their time, then of the files; rows that cannot be read are told.
 * @throws EmmaError `mapping_invalid` for files and columns that are not there.
 */
export async function readResponses(
  duck: DuckDBConnection,
  spec: ResponsesSpec,
  dataFolder: string,
): Promise<{ responses: Response[]; unreadable: Unreadable[] }> {
  const faults: Fault[] = []
  const files = await findFiles(duck, dataFolder, spec.files, 'label.responses.files', faults)
  const sources: Source[] = []
  for (const file of files) sources.push(await openSource(duck, dataFolder, file))
  const fields = ['customer', 'action', 'channel', 'at', 'converted'] as const
  for (const source of sources) {
    for (const field of fields) {
      await checkColumn(duck, source, spec.columns[field], `label.responses.columns.${field}`, faults)
    }
  }
  if (faults.length > 0) throw new EmmaError('mapping_invalid', faults)

  const unreadable: Unreadable[] = []
  await duck.run(`CREATE OR REPLACE TABLE response_rows (file VARCHAR, row BIGINT,
    ${fields.map((field) => `${identifier(field)} VARCHAR`).join(', ')})`)
  for (const source of sources) {
    const texts = fields.map(
      (field) => `nullif(trim(CAST(${identifier(spec.columns[field])} AS VARCHAR)), '')`,
    )
    await duck.run(
      `INSERT INTO response_rows SELECT ${literal(source.name)}, emma_row, ${texts.join(', ')} FROM (${source.sql})`,
    )
    const broken = await source.broken()
    unreadable.push(
      ...unreadableOf(broken.map(({ line, reason }) => ({ file: source.name, reason, row: line }))),
    )
  }
  await duck.run(TYPED)
  const bad = await rowsOf<{ file: string; row: number; reason: string }>(
    duck,
    'SELECT file, row, reason FROM responses WHERE reason IS NOT NULL ORDER BY file, row',
  )
  const responses = await rowsOf<Response>(
    duck,
    `SELECT customer AS customerId, "action" AS actionId, channel, epoch_ms(answered_at) AS at, answer AS converted
     FROM responses WHERE reason IS NULL ORDER BY answered_at, file, row`,
  )
  return { responses, unreadable: [...unreadable, ...unreadableOf(bad)] }
}

const TYPED = `
CREATE OR REPLACE TABLE responses AS
SELECT *,
  CASE
    WHEN customer IS NULL THEN 'the customer is empty'
    WHEN "action" IS NULL THEN 'the action is empty'
    WHEN channel IS NULL THEN 'the channel is empty'
    WHEN answered_at IS NULL OR NOT isfinite(answered_at) THEN 'the time is not a date and time'
    WHEN answer IS NULL THEN 'converted is not 0, 1, true or false'
  END AS reason
FROM (
  SELECT *, TRY_CAST("at" AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS answered_at,
    CASE lower(converted) WHEN '1' THEN 1 WHEN 'true' THEN 1 WHEN '0' THEN 0 WHEN 'false' THEN 0 END AS answer
  FROM response_rows
);
DROP TABLE response_rows;
`
