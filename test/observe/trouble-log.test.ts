import { expect, it } from 'vitest'
import { failure } from '../../src/domain/errors.ts'
import { makeTroubleLog } from '../../src/observe/trouble-log.ts'

const told: { code: string; message: string }[] = []
const logger = { error: ({ code }: { code: string }, message: string) => told.push({ code, message }) }

it('tells each trouble at most once a minute, in its own words', () => {
  let now = 0
  const tell = makeTroubleLog(logger as unknown as Parameters<typeof makeTroubleLog>[0], () => now)
  const down = failure('store_unavailable', 'store', 'it is down', 'start it')
  for (now = 0; now < 150_000; now += 10_000) tell(down)
  tell(new Error('other'))
  expect(told).toEqual([
    { code: 'store_unavailable', message: 'store: it is down; start it' },
    { code: 'store_unavailable', message: 'store: it is down; start it' },
    { code: 'store_unavailable', message: 'store: it is down; start it' },
    { code: 'internal_error', message: 'other' },
  ])
})
