/** Languages in which Emma gives reasons. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** One sentence in every language; `{name}` stands for a value. */
export type Sentence = Readonly<Record<Language, string>>
