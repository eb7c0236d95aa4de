/**
 * Keys of the store itself, all in one slot, so that scripts may take several of them. One node holds them; decisions do
 * not ask for them.
 */
const PREFIX = 'emma:{meta}:'

export const META = {
  /** STRING: the number of the format of everything else. */
  format: `${PREFIX}format`,
  /** STRING: an HMAC by which the SECRET is known again. */
  secretCheck: `${PREFIX}secret-check`,
  /** LIST of JSON: what contacts are about; the number of an entry is its place. */
  facts: `${PREFIX}facts`,
  /** STRING of JSON: the versions of the feature set in use and of the one before. */
  featureSet: `${PREFIX}features`,
  /** HASH, version → JSON: the manifests of both. */
  manifests: `${PREFIX}manifests`,
  /** HASH, version → epoch milliseconds of its last rows, 0 once it was activated: which vectors may be there. */
  featureVersions: `${PREFIX}feature-versions`,
  /** HASH, version → rows of its file that are in, while it is loaded. */
  loadedRows: `${PREFIX}features-loading`,
  /** STRING of JSON: what serves. */
  newestPublication: `${PREFIX}publication`,
  /** HASH, sequence → JSON. */
  publications: `${PREFIX}publications`,
  /** HASH, catalogue version → document, gzipped. */
  documents: `${PREFIX}documents`,
  /** HASH, catalogue version → the last publication that named it. */
  lastNamed: `${PREFIX}last-named`,
  /** STRING of JSON: where the run-time state stands. */
  runTime: `${PREFIX}run-time`,
  /** HASH, number of an epoch → JSON: its end. */
  closedEpochs: `${PREFIX}epochs-closed`,
} as const

/** STRING, gzipped: the state that a run-time epoch opened with. */
export function epochKey(epoch: string): string {
  return `${PREFIX}epoch:${epoch}`
}

/** LIST of JSON: the changes of a run-time epoch, the first one at place 0. */
export function changesKey(epoch: string): string {
  return `${PREFIX}epoch:${epoch}:changes`
}
