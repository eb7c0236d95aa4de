/** Numbers names in the order in which they first come. */
export interface NameIndex {
  readonly names: readonly string[]
  indexOf(name: string): number
}

export function createNameIndex(): NameIndex {
  const names: string[] = []
  const positions = new Map<string, number>()
  return {
    names,
    indexOf(name) {
      let index = positions.get(name)
      if (index === undefined) {
        index = names.push(name) - 1
        positions.set(name, index)
      }
      return index
    },
  }
}
