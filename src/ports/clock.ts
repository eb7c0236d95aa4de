/** The time, given. Epoch milliseconds. */
export type Clock = () => number
