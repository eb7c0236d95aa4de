/** What all further labels are counted under. */
export const OTHER_LABEL = 'other'

/**
 * Lets the first labels through and makes {@link OTHER_LABEL} of all further ones: each is kept for the life of the
 * process, and a catalogue that is published may bring new names every day.
 * @param most - different labels at most, `other` left aside
 */
export function makeBoundedLabels(most: number): (label: string) => string {
  const known = new Set<string>()
  return (label) => {
    if (known.has(label)) return label
    if (known.size >= most) return OTHER_LABEL
    known.add(label)
    return label
  }
}
