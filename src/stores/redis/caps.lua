-- What domain/cap-check.ts says, word for word, over holds as hold-codec.ts writes them.

local function fits(where, facts)
  for key, wanted in pairs(where) do
    local value = facts[key]
    local is_wanted = false
    for _, one in ipairs(wanted) do
      if one == value then is_wanted = true break end
    end
    if not is_wanted then return false end
  end
  return true
end

-- The most of the moments that a half-open window of that length holds which contains `at`, that one among them.
local function most_in_window(moments, at, window)
  local times = { at }
  for _, time in ipairs(moments) do
    if math.abs(time - at) < window then times[#times + 1] = time end
  end
  table.sort(times)
  local own = 1
  while times[own] ~= at do own = own + 1 end
  local most, last = 1, own
  for first = 1, own do
    while times[last + 1] and times[last + 1] - times[first] < window do last = last + 1 end
    if last - first + 1 > most then most = last - first + 1 end
  end
  return most
end

-- The place in `checks` of the first cap that would hold more than it allows; nil when none would.
local function overfilled(checks, holds, now, renewed)
  for place, check in ipairs(checks) do
    local moments = check.confirmed
    for _, hold in ipairs(holds) do
      local facts = hold.facts
      if hold['until'] > now and not renewed[hold.ref] then
        local key = ''
        if check.per ~= 'customer' then key = facts[check.per] end
        if key == check.key and fits(check.where, facts) then moments[#moments + 1] = hold.at end
      end
    end
    if most_in_window(moments, check.at, check.window) + check.adds - 1 > check.max then return place end
  end
  return nil
end
