import type { ConsentStatement } from './consent.ts'

/**
 * The statements with one more, as many as can ever decide: of those that say the same of the same (purpose, channel,
 * address, state) the newest dated one and one undated one. An undated no counts from when it was told, so that the last
 * one told stays; an undated yes is older than everything, so that one is as good as another.
 * @returns the same statements when this one says nothing new
 */
export function addStatement(
  known: readonly ConsentStatement[],
  statement: ConsentStatement,
): readonly ConsentStatement[] {
  const index = known.findIndex((one) => isLike(one, statement))
  if (index < 0) return [...known, statement]
  return supersedes(statement, known[index]!) ? known.with(index, statement) : known
}

/** Whether two statements differ in nothing but their time. */
function isLike(one: ConsentStatement, other: ConsentStatement): boolean {
  return (
    one.purpose === other.purpose &&
    one.channel === other.channel &&
    one.address === other.address &&
    one.state === other.state &&
    (one.at === null) === (other.at === null)
  )
}

function supersedes(statement: ConsentStatement, known: ConsentStatement): boolean {
  if (statement.at !== null && known.at !== null) return statement.at > known.at
  return statement.state === 'refused' && statement.toldAt > known.toldAt
}
