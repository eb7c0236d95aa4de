/** A kind of household: what those in it have in common. People of one kind buy alike, so comparable customers tell something. */
export interface Household {
  /** How many of a thousand customers. */
  readonly share: number
  /** Weights by category, in the order of CATEGORIES. */
  readonly tastes: readonly number[]
  /** Weights of a cheap, middling and dear price taste. */
  readonly priceTastes: readonly number[]
  /** Birth years, first and last. */
  readonly born: readonly [number, number]
  /** Weights of the favourite channel, in the order of CHANNELS. */
  readonly channels: readonly number[]
}

export const CHANNELS = ['web', 'app', 'email', 'push', 'callcenter'] as const
export type ChannelName = (typeof CHANNELS)[number]

/** Columns: shoes, clothing, knitwear, bedding, lighting, cookware, coffee-tea, garden-tools, plants, books, toys, kidswear. */
export const HOUSEHOLDS: readonly Household[] = [
  // Young family
  {
    share: 190,
    tastes: [8, 5, 3, 4, 2, 4, 5, 1, 2, 6, 26, 32],
    priceTastes: [45, 45, 10],
    born: [1984, 1997],
    channels: [30, 40, 10, 15, 5],
  },
  // Gardeners
  {
    share: 140,
    tastes: [6, 3, 4, 2, 3, 4, 4, 30, 36, 8, 1, 1],
    priceTastes: [30, 50, 20],
    born: [1950, 1978],
    channels: [35, 5, 35, 5, 20],
  },
  // Cooks and hosts
  {
    share: 140,
    tastes: [4, 4, 3, 5, 4, 38, 26, 1, 6, 9, 1, 1],
    priceTastes: [15, 45, 40],
    born: [1965, 1995],
    channels: [45, 20, 25, 5, 5],
  },
  // Readers
  {
    share: 130,
    tastes: [3, 3, 8, 5, 12, 2, 18, 1, 3, 46, 2, 1],
    priceTastes: [40, 45, 15],
    born: [1948, 1999],
    channels: [35, 5, 45, 5, 10],
  },
  // Dressers
  {
    share: 150,
    tastes: [32, 34, 20, 3, 2, 1, 3, 1, 1, 3, 1, 1],
    priceTastes: [20, 40, 40],
    born: [1970, 2004],
    channels: [25, 40, 10, 20, 5],
  },
  // Nest builders
  {
    share: 120,
    tastes: [4, 5, 5, 30, 26, 10, 6, 2, 8, 4, 1, 1],
    priceTastes: [25, 45, 30],
    born: [1980, 2002],
    channels: [45, 25, 15, 10, 5],
  },
  // Walkers
  {
    share: 80,
    tastes: [36, 14, 22, 3, 6, 3, 5, 3, 2, 6, 1, 1],
    priceTastes: [15, 50, 35],
    born: [1955, 1990],
    channels: [40, 15, 25, 10, 10],
  },
  // A bit of everything
  {
    share: 50,
    tastes: [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8],
    priceTastes: [34, 33, 33],
    born: [1945, 2005],
    channels: [20, 20, 20, 20, 20],
  },
]

/** Common first names by the generation that bears them: until 1964, until 1984, after. */
export const FIRST_NAMES: readonly (readonly string[])[] = [
  [
    'Renate',
    'Helga',
    'Jürgen',
    'Ursula',
    'Manfred',
    'Brigitte',
    'Klaus',
    'Monika',
    'Günter',
    'Ingrid',
    'Peter',
  ],
  [
    'Sabine',
    'Thomas',
    'Nicole',
    'Stefan',
    'Katrin',
    'Ayşe',
    'Andreas',
    'Marek',
    'Tanja',
    'Jörg',
    'Silke',
    'Zoltán',
  ],
  [
    'Lena',
    'Jonas',
    'Mia',
    'Emre',
    'Hannah',
    'Lukas',
    'Zoë',
    'Paul',
    'Elif',
    'Felix',
    'Noor',
    'Jakub',
    'Marie',
    'Ben',
  ],
]
