-- Removes holds of a bucket that ran out and counts their units as returned.
-- KEYS  1 what runs out in the bucket
-- ARGV  1 now, 2 how many at most, 3 what the keys of the bucket’s units begin with
-- Returns how many ran out, then for each volume and period whose units came back: volume, period, how many ever did.
-- The keys of holds and units are in what it reads; all are of the slot of the bucket.
local now = tonumber(ARGV[1])
local expired, swept, touched, order = 0, {}, {}, {}

for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local holds, ref = string.match(member, '^(.*)|([^|]*)$')
  local stored = redis.call('HGET', holds, ref)
  local is_read, hold = pcall(cjson.decode, stored and string.sub(stored, 2) or '')
  if stored and is_read and hold['until'] > now then
    redis.call('ZADD', KEYS[1], string.format('%.0f', hold['until']), member)
  else
    redis.call('ZREM', KEYS[1], member)
    if stored and is_read then
      expired = expired + 1
      redis.call('HDEL', holds, ref)
      swept[holds] = true
      for _, unit in ipairs(hold.units) do
        local units = ARGV[3] .. unit.period
        if redis.call('EXISTS', units) == 1 then
          local name = unit.period .. '\n' .. unit.volume
          if not touched[name] then order[#order + 1] = name end
          touched[name] = { unit.volume, unit.period, redis.call('HINCRBY', units, 'R' .. unit.volume, 1) }
        end
      end
    end
  end
end

for holds in pairs(swept) do
  local revision = math.max(tonumber(redis.call('HGET', holds, '') or '0') + 1, now)
  redis.call('HSET', holds, '', string.format('%.0f', revision))
end
local reply = { expired }
for _, name in ipairs(order) do
  for _, part in ipairs(touched[name]) do reply[#reply + 1] = part end
end
return reply
