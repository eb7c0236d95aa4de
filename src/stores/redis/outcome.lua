-- Writes what an outcome did to a contact and to its hold, when both are still as they were read; else nothing.
-- KEYS  1 the record that remembers it (of the person; of nobody: of the decision), 2 holds, 3 what runs out in the bucket,
--       from 4 on the units of periods
-- ARGV  1 now, 2 how many bytes of the record are its state, 3 the state as it was read, 4 ref of the hold,
--       5 the hold as it was read (empty: none), 6 the record as it will be (empty: as it is),
--       7 milliseconds for which it is kept (empty: as before), 8 1 when the hold goes,
--       9 until when the hold counts, where it must still count by the clock of this node (empty: it need not),
--       then for each unit that comes back: place in KEYS, volume
if redis.call('GETRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1) ~= ARGV[3] then return { 'moved' } end
if (redis.call('HGET', KEYS[2], ARGV[4]) or '') ~= ARGV[5] then return { 'moved' } end
-- Whoever commits from its last moment on does not count it any more.
if ARGV[9] ~= '' then
  local time = redis.call('TIME')
  if tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) >= tonumber(ARGV[9]) then return { 'moved' } end
end

if ARGV[6] ~= '' then
  if ARGV[7] == '' then
    redis.call('SET', KEYS[1], ARGV[6], 'KEEPTTL')
  else
    redis.call('SET', KEYS[1], ARGV[6], 'PX', ARGV[7])
  end
end
if ARGV[8] == '1' then
  local revision = math.max(tonumber(redis.call('HGET', KEYS[2], '') or '0') + 1, tonumber(ARGV[1]))
  redis.call('HSET', KEYS[2], '', string.format('%.0f', revision))
  redis.call('HDEL', KEYS[2], ARGV[4])
  redis.call('ZREM', KEYS[3], KEYS[2] .. '|' .. ARGV[4])
end
local returned = {}
for i = 10, #ARGV, 2 do
  local units = KEYS[tonumber(ARGV[i])]
  returned[#returned + 1] = redis.call('EXISTS', units) == 1 and redis.call('HINCRBY', units, 'R' .. ARGV[i + 1], 1) or 0
end
return { 'done', returned }
