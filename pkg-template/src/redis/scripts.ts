import { Script } from "./client.js";

/** The longest lease, in milliseconds. If a lease seems to last longer, the clock has gone back since. */
export const LONGEST_LEASE = 60_000;

/** Subtracted from the number of a write, so that it goes before reads. Doubles are exact in that range. */
const AHEAD = 1e15;

/*
 * Each API key has a sorted set with the queue entries, including the one that has the slot: writes first, each kind in the order in which it came. It
 * also has a hash: `highest` and `unit` of its nonces, which must be kept; `entries`, the number of entries so far; `holder`, the entry that has the slot;
 * and for each entry the time at which its lease ends.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Requests the slot for an entry. The first request adds the entry to the queue, and each one renews its lease. An entry of a read that comes back as a
 * write becomes a write.
 *
 * KEYS: queue, state. ARGV: entry, lease in milliseconds, unit, the lowest and the highest nonce that may be returned (the highest may be empty), and
 * whether the entry is a write (1 or 0).
 * Returns the nonce if the entry has the slot. Otherwise returns `#` and the position in the queue, from 1; `!` and the unit of the key, if that is
 * another one; or `^` and the next nonce, if that is above the highest one, and then the nonce is not stored.
 *
 * Numbers in Lua are doubles, which cannot hold nonces in nanoseconds. So nonces stay text here, and HINCRBY adds in 64 bits.
 */
export const REQUEST_SLOT = new Script(`${NOW}
local queue, state = KEYS[1], KEYS[2]
local entry, lease, unit, lowest, highest, write = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6] == '1'
local known = redis.call('HGET', state, 'unit')
if known and known ~= unit then return '!' .. known end

local function gone(one)
  local left = (tonumber(redis.call('HGET', state, one)) or 0) - now
  return left <= 0 or left > ${LONGEST_LEASE}
end
local function forget(one)
  redis.call('ZREM', queue, one)
  redis.call('HDEL', state, one)
end

local holder = redis.call('HGET', state, 'holder')
if holder and holder ~= entry and gone(holder) then
  forget(holder)
  redis.call('HDEL', state, 'holder')
  holder = false
end

local score = tonumber(redis.call('ZSCORE', queue, entry))
if not score or write and score > 0 then
  local number = redis.call('HINCRBY', state, 'entries', 1)
  if write then number = number - ${AHEAD} end
  redis.call('ZADD', queue, string.format('%.0f', number), entry)
end
redis.call('HSET', state, entry, now + lease)

if not holder then
  local first = redis.call('ZRANGE', queue, 0, 0)[1]
  while first ~= entry and gone(first) do
    forget(first)
    first = redis.call('ZRANGE', queue, 0, 0)[1]
  end
  if first == entry then
    redis.call('HSET', state, 'holder', entry)
    holder = entry
  end
end
if holder ~= entry then return '#' .. math.max(redis.call('ZRANK', queue, entry), 1) end

local function above(one, other)
  return #one > #other or #one == #other and one > other
end
local clock = time[1] .. string.format('%06d', time[2])
if unit == 'ms' then clock = clock:sub(1, -4) elseif unit == 'ns' then clock = clock .. '000' end
local before = redis.call('HGET', state, 'highest')
redis.call('HINCRBY', state, 'highest', 1)
local nonce = redis.call('HGET', state, 'highest')
if above(clock, nonce) then nonce = clock end
if above(lowest, nonce) then nonce = lowest end
if highest ~= '' and above(nonce, highest) then
  if before then redis.call('HSET', state, 'highest', before) else redis.call('HDEL', state, 'highest') end
  return '^' .. nonce
end
redis.call('HSET', state, 'highest', nonce, 'unit', unit)
return nonce
`);

/**
 * Renews the lease of an entry, unless it was removed. KEYS and ARGV are those of {@link REQUEST_SLOT}.
 *
 * It must also work when Redis has no memory left. Then Redis rejects HSET, except in a script that has changed data before, as HDEL does even if there
 * is no such field.
 */
export const RENEW = new Script(`${NOW}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('HDEL', KEYS[2], '')
  redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])
end
return 'OK'
`);

/** Removes an entry from the queue, and releases its slot. KEYS and ARGV are those of {@link REQUEST_SLOT}. */
export const LEAVE = new Script(`
if redis.call('HGET', KEYS[2], 'holder') == ARGV[1] then redis.call('HDEL', KEYS[2], 'holder') end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 'OK'
`);

/*
 * The rate limits of a key: the hash has a field `rate:` and the name for each counter, with its value and its time, and `counted`, the time at which
 * the first order was noted or looked for. The sorted set `orders` has the orders of the last minutes by time; its members are the pair and the names
 * of an order, with blanks between them. Their scripts run in a slot of the lane.
 */

/**
 * Adds amounts to counters, if none of them rises above its limit. KEYS: state. ARGV: whether to add them in any case (1 or 0), and for each counter
 * its name, the amount, the limit, and the decrease per second. If the clock has gone back, counters fall from now on.
 * Returns 1 or 0, and the values of the counters, with blanks between them.
 */
export const TAKE = new Script(`${NOW}
local values, taken, ahead = {}, 1, false
for i = 2, #ARGV, 4 do
  local value, at = string.match(redis.call('HGET', KEYS[1], 'rate:' .. ARGV[i]) or '0 0', '(%S+) (%S+)')
  ahead = ahead or tonumber(at) > now
  value = math.max(0, value - math.max(0, now - at) * ARGV[i + 3] / 1000)
  if ARGV[1] == '0' and value > 0 and value + ARGV[i + 1] > ARGV[i + 2] + 1e-9 then taken = 0 end
  values[#values + 1] = value
end
for i = 1, #values do
  if taken == 1 then values[i] = math.max(0, values[i] + ARGV[i * 4 - 1]) end
  values[i] = string.format('%.6f', values[i])
  if taken == 1 or ahead then redis.call('HSET', KEYS[1], 'rate:' .. ARGV[i * 4 - 2], values[i] .. ' ' .. string.format('%.0f', now)) end
end
return taken .. ' ' .. table.concat(values, ' ')
`);

const MATCH = `
local wanted = {}
for name in string.gmatch(ARGV[2], '%S+') do wanted[name] = true end
local function matches(member)
  if ARGV[2] == '*' then return true end
  local first = true
  for name in string.gmatch(member, '%S+') do
    if not first and wanted[name] then return true end
    first = false
  end
  return false
end
`;

/**
 * Finds orders. KEYS: state, orders. ARGV: the milliseconds for which orders are kept, and the names, with blanks between them, or `*` for all.
 * Returns lines: the milliseconds since orders are noted, and for each order its age and its member.
 */
export const FIND = new Script(`${NOW}${MATCH}
redis.call('HSETNX', KEYS[1], 'counted', now)
local lines = { string.format('%.0f', now - redis.call('HGET', KEYS[1], 'counted')) }
local found = redis.call('ZRANGEBYSCORE', KEYS[2], now - ARGV[1], '+inf', 'WITHSCORES')
for i = 1, #found, 2 do
  if matches(found[i]) then lines[#lines + 1] = string.format('%.0f', now - found[i + 1]) .. ' ' .. found[i] end
end
return table.concat(lines, '\\n')
`);

/** Forgets orders, and notes others, whose members follow. KEYS and ARGV are those of {@link FIND}. */
export const NOTE = new Script(`${NOW}${MATCH}
redis.call('HSETNX', KEYS[1], 'counted', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1])
if ARGV[2] ~= '' then
  for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    if matches(member) then redis.call('ZREM', KEYS[2], member) end
  end
end
for i = 3, #ARGV do redis.call('ZADD', KEYS[2], now, ARGV[i]) end
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 'OK'
`);
