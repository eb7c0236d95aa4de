import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { EmmaError, type Fault, failure } from '../domain/errors.ts'
import { isRedisUrl } from '../domain/redis-url.ts'
import { LATER_SETTINGS, type Settings, settingsSchema } from './schema.ts'

type Texts = Readonly<Record<string, string | undefined>>

/**
 * Settings from the environment over those of a file (a flat YAML or JSON map), frozen.
 * @throws EmmaError `settings_invalid` with all faults together.
 */
export function loadSettings(file?: string, environment: Texts = process.env): Settings {
  const faults: Fault[] = []
  const fromFile = file === undefined ? {} : readSettingsFile(file, faults)
  const texts: Texts = { ...withoutEmpty(fromFile), ...withoutEmpty(environment) }
  for (const [name, what] of Object.entries(LATER_SETTINGS)) {
    if (texts[name] !== undefined) {
      faults.push({
        place: name,
        what: `this setting (${what}) is not supported by this version`,
        remedy: 'unset it',
      })
    }
  }
  const parsed = settingsSchema.safeParse(texts)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      faults.push({
        place: String(issue.path[0]),
        what: `the value is not valid: ${issue.message}`,
        remedy: 'correct or unset it',
      })
    }
  }
  if (parsed.success && isRedisUrl(parsed.data.STORE_URL) && parsed.data.SECRET === undefined) {
    faults.push({
      place: 'SECRET',
      what: 'a store in Redis needs a SECRET, and none is set',
      remedy: 'set one of at least 16 random characters, the same for every process of the store',
    })
  }
  if (faults.length > 0) throw new EmmaError('settings_invalid', faults)
  return Object.freeze(parsed.data!)
}

function readSettingsFile(file: string, faults: Fault[]): Texts {
  let value: unknown
  try {
    // failsafe: every value is the text that is written, as the environment would give it.
    value = parse(readFileSync(file, 'utf8'), { schema: 'failsafe' })
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]
    throw failure(
      'settings_invalid',
      file,
      `the settings file cannot be read (${why})`,
      'check the path, and that it is a flat YAML map',
      error,
    )
  }
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw failure('settings_invalid', file, 'this is not a map of settings', 'write one NAME: value per line')
  }
  const texts: Record<string, string> = {}
  for (const [name, setting] of Object.entries(value)) {
    if (!Object.hasOwn(settingsSchema.shape, name) && !Object.hasOwn(LATER_SETTINGS, name)) {
      faults.push({
        place: `${file} (${name})`,
        what: 'this setting is not known',
        remedy: `use one of ${Object.keys(settingsSchema.shape).join(', ')}`,
      })
    } else if (typeof setting !== 'string') {
      faults.push({
        place: `${file} (${name})`,
        what: 'a setting is a text or a number',
        remedy: 'write it on one line',
      })
    } else {
      texts[name] = setting
    }
  }
  return texts
}

function withoutEmpty(environment: Texts): Texts {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
}
