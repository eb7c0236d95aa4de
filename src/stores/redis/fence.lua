-- Lets nobody spend of a lease in this bucket any more. Returns how many units of it were spent here.
-- KEYS  1 the units of the period
-- ARGV  1 lease, 2 milliseconds for which they are kept (empty: for good)
redis.call('HSET', KEYS[1], 'F' .. ARGV[1], '1')
if ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return tonumber(redis.call('HGET', KEYS[1], 'L' .. ARGV[1]) or '0')
