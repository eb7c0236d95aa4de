import type { Fault } from '../domain/errors.ts'

/** Faults in the order of their places: file, then line, then column. */
export function inOrderOfPlace(faults: readonly Fault[]): Fault[] {
  return faults
    .map((fault) => ({ fault, at: positionOf(fault.place) }))
    .sort(({ at: a }, { at: b }) => {
      if (a.file !== b.file) return a.file < b.file ? -1 : 1
      return a.line - b.line || a.column - b.column
    })
    .map(({ fault }) => fault)
}

function positionOf(place: string) {
  const found = /^(.*?):(\d+):(\d+)(?: \(|$)/s.exec(place)
  return { file: found?.[1] ?? place, line: Number(found?.[2] ?? 0), column: Number(found?.[3] ?? 0) }
}
