-- Processes that hold leases, by when they were last heard of.
-- KEYS  1 processes, 2 the pools that one of them took leases from
-- ARGV  1 what, 2 owner, 3 milliseconds of silence after which it is taken for dead, then
--   beat  the pools
--   bury  how many of its pools are settled
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local silent = string.format('%.0f', now - tonumber(ARGV[3]))

if ARGV[1] == 'beat' then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[2])
  if #ARGV > 3 then redis.call('SADD', KEYS[2], unpack(ARGV, 4)) end
  local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. silent, 'LIMIT', 0, 4)
  return { redis.call('ZCOUNT', KEYS[1], silent, '+inf'), dead }
end

-- bury: only when it has taken from no other pool meanwhile
local heard = redis.call('ZSCORE', KEYS[1], ARGV[2])
if heard and tonumber(heard) >= tonumber(silent) then return 0 end
if redis.call('SCARD', KEYS[2]) ~= tonumber(ARGV[4]) then return 0 end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[2])
return 1
