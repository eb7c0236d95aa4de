-- Grants a decision in one step, or nothing of it: whoever is refused finds everything as it was. See docs/decisions/0009.
-- KEYS  1 record of the person, 2 his holds, 3 the decision, 4 the request, 5 sequence of the bucket,
--       6 what runs out in the bucket, from 7 on the units of periods
-- ARGV  1 now, 2 how many bytes of the record are its state (0: nobody’s), 3 the state as it was gathered,
--       4 revision of the holds as they were gathered, 5 checks as JSON, 6 the decision’s record,
--       7 milliseconds for which it is kept, 8 what is kept of the request (empty: it has no name),
--       9 1 when it may be later by the clock of this node, then
--       how many holds, each: ref, text, until when, 1 when it renews one
--       how many units are taken, each: place in KEYS, lease (empty: there was none), milliseconds for which they are kept
--       how many come back, each: place in KEYS, volume
-- Holds count as long as they are live by the clock of this node, and never at a moment before the decision’s.
local DAY = 86400000
local now = tonumber(ARGV[1])
if ARGV[9] == '1' then
  local time = redis.call('TIME')
  now = math.max(now, tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end
local next_arg = 9

local function arg()
  next_arg = next_arg + 1
  return ARGV[next_arg]
end

local function rows(width)
  local all = {}
  for row = 1, tonumber(arg()) do
    local one = {}
    for column = 1, width do one[column] = arg() end
    all[row] = one
  end
  return all
end

-- A number as integers are written: Lua would turn to exponents.
local function whole(number) return string.format('%.0f', number) end

-- The same decision, sent again because no answer came: what it was granted stands.
local known = redis.call('GETRANGE', KEYS[3], 0, 15)
if known ~= '' then return { 'again', tonumber(known) } end

if ARGV[8] ~= '' then
  local answered = redis.call('GET', KEYS[4])
  if answered then return { 'answered', answered } end
end

local state_bytes = tonumber(ARGV[2])
if state_bytes > 0 and redis.call('GETRANGE', KEYS[1], 0, state_bytes - 1) ~= ARGV[3] then return { 'moved' } end

local holds, takes, returns = rows(4), rows(3), rows(2)
local revision = tonumber(redis.call('HGET', KEYS[2], '') or '0')
local gathered = tonumber(ARGV[4]) or 0

local renewed = {}
for _, hold in ipairs(holds) do
  if hold[4] == '1' then
    -- What runs out says until when, without a hold having to be read.
    local due = redis.call('ZSCORE', KEYS[6], KEYS[2] .. '|' .. hold[1])
    if not due or tonumber(due) <= now then return { 'moved' } end
    renewed[hold[1]] = true
  end
end

if revision ~= gathered then
  for ref in pairs(renewed) do
    local stored = cjson.decode(string.sub(redis.call('HGET', KEYS[2], ref), 2))
    if stored.revision > gathered then return { 'moved' } end
  end
  local checks = cjson.decode(ARGV[5])
  if #checks > 0 then
    local stored = {}
    local all = redis.call('HGETALL', KEYS[2])
    for i = 1, #all, 2 do
      if all[i] ~= '' then stored[#stored + 1] = cjson.decode(string.sub(all[i + 1], 2)) end
    end
    if overfilled(checks, stored, now, renewed) then return { 'capped' } end
  end
end

for place, take in ipairs(takes) do
  if take[2] ~= '' and redis.call('HEXISTS', KEYS[tonumber(take[1])], 'F' .. take[2]) == 1 then
    return { 'fenced', place }
  end
end
for place, take in ipairs(takes) do
  if take[2] == '' then return { 'sold_out', place } end
end

if #holds > 0 then
  -- From the clock on, so that what is forgotten does not come back with a revision that was there.
  revision = math.max(revision + 1, now)
  local written = ',"revision":' .. whole(revision) .. '}'
  local fields, due, last = { '', whole(revision) }, {}, now
  for _, hold in ipairs(holds) do
    fields[#fields + 1] = hold[1]
    fields[#fields + 1] = string.sub(hold[2], 1, -2) .. written
    due[#due + 1] = hold[3]
    due[#due + 1] = KEYS[2] .. '|' .. hold[1]
    last = math.max(last, tonumber(hold[3]))
  end
  redis.call('HSET', KEYS[2], unpack(fields))
  redis.call('ZADD', KEYS[6], unpack(due))
  local kept = last - now + DAY
  if redis.call('PTTL', KEYS[2]) < kept then redis.call('PEXPIRE', KEYS[2], whole(kept)) end
end

for _, take in ipairs(takes) do
  local units = KEYS[tonumber(take[1])]
  if redis.call('HINCRBY', units, 'L' .. take[2], 1) == 1 and take[3] ~= '' then
    redis.call('PEXPIRE', units, take[3])
  end
end

-- What is forgotten of a period is not begun again: it would stay for ever.
local returned = {}
for place, back in ipairs(returns) do
  local units = KEYS[tonumber(back[1])]
  returned[place] = redis.call('EXISTS', units) == 1 and redis.call('HINCRBY', units, 'R' .. back[2], 1) or 0
end

local sequence = redis.call('INCR', KEYS[5])
redis.call('SET', KEYS[3], string.format('%016.0f', sequence) .. ARGV[6], 'PX', ARGV[7])
if ARGV[8] ~= '' then redis.call('SET', KEYS[4], ARGV[8], 'PX', ARGV[7]) end
return { 'granted', sequence, returned }
