declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type CustomerId = Branded<'customer'>
export type ActionId = Branded<'action'>
export type TreatmentId = Branded<'treatment'>
export type PlacementId = Branded<'placement'>
export type ChannelId = Branded<'channel'>
export type DecisionId = Branded<'decision'>

/** 1–128 printable characters: no control, format, private, unassigned or line-separating characters, no lone surrogates. */
export const ID_PATTERN = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u
