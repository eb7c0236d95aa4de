import type { Profile } from '../domain/profile.ts'

const FORMAT = 1

/** A profile as bytes: format byte, then JSON. */
export function encodeProfile(profile: Profile): Uint8Array {
  const json = Buffer.from(JSON.stringify({ attributes: profile.attributes, updatedAt: profile.updatedAt }))
  return Buffer.concat([Uint8Array.of(FORMAT), json])
}

/** @throws Error for a format this version does not know. */
export function decodeProfile(bytes: Uint8Array): Profile {
  if (bytes[0] !== FORMAT) throw new Error(`profile format ${bytes[0]} is not known to this version`)
  return JSON.parse(new TextDecoder().decode(bytes.subarray(1))) as Profile
}
