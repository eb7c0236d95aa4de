-- Units of one volume in one period, and who has taken which out. Fields: g how many are out or spent, w when somebody
-- found it empty, f when all returns were last looked for, c<bucket> how many returns of the bucket it has heard of,
-- l<lease> units of an open lease, d<owner> one that is taken for dead. A lease is named `<volume>.<owner>.<number>`.
-- KEYS  1 the pool
-- ARGV  1 what, then
--   lease    owner, lease, allowed, processes, how many wait, milliseconds for which it is kept (empty: for good),
--            milliseconds between looks at all returns
--   give     lease, how many of it were spent
--   collect  for each: bucket, how many units ever came back in it
--   bury     owner, milliseconds as above
local pool = KEYS[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local what = ARGV[1]

local function whole(number) return string.format('%.0f', number) end

local function keep_for(ms)
  if ms ~= '' then redis.call('PEXPIRE', pool, ms) end
end

if what == 'lease' then
  local _, owner, lease, allowed, processes, waiting, kept, apart = unpack(ARGV)
  if redis.call('HEXISTS', pool, 'd' .. owner) == 1 then return { 'dead' } end
  local out = tonumber(redis.call('HGET', pool, 'g') or '0')
  local remaining = tonumber(allowed) - out
  if remaining <= 0 then
    redis.call('HSET', pool, 'w', whole(now))
    local is_due = now - tonumber(redis.call('HGET', pool, 'f') or '0') >= tonumber(apart)
    if is_due then redis.call('HSET', pool, 'f', whole(now)) end
    keep_for(kept)
    return { 'empty', is_due and 1 or 0 }
  end
  processes = math.max(1, tonumber(processes))
  local share = math.min(tonumber(waiting), math.ceil(remaining / processes))
  local block = math.max(1, share, math.floor(remaining / (4 * processes)))
  redis.call('HSET', pool, 'l' .. lease, whole(block))
  redis.call('HINCRBY', pool, 'g', whole(block))
  redis.call('HDEL', pool, 'w')
  keep_for(kept)
  return { 'leased', block, out }
end

if what == 'give' then
  local block = redis.call('HGET', pool, 'l' .. ARGV[2])
  if not block then return 0 end
  redis.call('HDEL', pool, 'l' .. ARGV[2])
  redis.call('HINCRBY', pool, 'g', whole(tonumber(ARGV[3]) - tonumber(block)))
  return 1
end

if what == 'collect' then
  if redis.call('EXISTS', pool) == 0 then return 0 end
  local came = 0
  for i = 2, #ARGV, 2 do
    local ever = tonumber(ARGV[i + 1])
    local heard = tonumber(redis.call('HGET', pool, 'c' .. ARGV[i]) or '0')
    if ever > heard then
      came = came + ever - heard
      redis.call('HSET', pool, 'c' .. ARGV[i], whole(ever))
    end
  end
  if came > 0 then redis.call('HINCRBY', pool, 'g', whole(-came)) end
  return came
end

-- bury: its leases, and no more from now on
redis.call('HSET', pool, 'd' .. ARGV[2], '1')
keep_for(ARGV[3])
local middle = '.' .. ARGV[2] .. '.'
local leases = {}
for _, field in ipairs(redis.call('HKEYS', pool)) do
  if string.sub(field, 1, 1) == 'l' and string.find(field, middle, 2, true) then leases[#leases + 1] = string.sub(field, 2) end
end
return leases
