import { Script } from "./client.js";

/** The longest lease, in milliseconds. One that seems to last longer was given before the clock went back. */
export const LONGEST_LEASE = 60_000;

/*
 * One sorted set per API key holds the tickets in the order in which they came; the first of them has the turn. One hash holds what a key
 * must not forget, `mark` and `unit`, the number of tickets so far, and under each ticket the time until which its owner counts as alive.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Asks whether it is a ticket's turn; its first time puts it into the queue, and every time renews its lease.
 *
 * KEYS: queue, state. ARGV: ticket, lease in milliseconds, unit, the lowest nonce that its owner may be given.
 * Returns a nonce; or `#` and its place, 1 being next; or `!` and the unit of the key, if that is another one.
 *
 * Numbers of Lua are doubles, and nonces in nanoseconds do not fit into one: they stay text here, and HINCRBY adds in 64 bits. A turn has
 * two numbers: its nonce and the next one.
 */
export const TURN = new Script(`${NOW}
local queue, state = KEYS[1], KEYS[2]
local ticket, lease, unit, lowest = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known = redis.call('HGET', state, 'unit')
if known and known ~= unit then return '!' .. known end

local first = redis.call('ZRANGE', queue, 0, 0)[1]
while first and first ~= ticket do
  local left = (tonumber(redis.call('HGET', state, first)) or 0) - now
  if left > 0 and left <= ${LONGEST_LEASE} then break end
  redis.call('ZREM', queue, first)
  redis.call('HDEL', state, first)
  first = redis.call('ZRANGE', queue, 0, 0)[1]
end
if not redis.call('ZSCORE', queue, ticket) then
  redis.call('ZADD', queue, redis.call('HINCRBY', state, 'tickets', 1), ticket)
end
redis.call('HSET', state, ticket, now + lease)
local place = redis.call('ZRANK', queue, ticket)
if place > 0 then return '#' .. place end

local clock = time[1] .. string.format('%06d', time[2])
if unit == 'ms' then clock = clock:sub(1, -4) elseif unit == 'ns' then clock = clock .. '000' end
redis.call('HINCRBY', state, 'mark', 2)
local nonce = redis.call('HGET', state, 'mark')
for _, other in ipairs({ clock, lowest }) do
  if #other > #nonce or #other == #nonce and other > nonce then nonce = other end
end
redis.call('HSET', state, 'mark', nonce, 'unit', unit)
return nonce
`);

/** Renews the lease of a ticket, if it has not lost it. KEYS and ARGV as for {@link TURN}. */
export const RENEW = new Script(`${NOW}
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2]) end
return 'OK'
`);

/** Takes a ticket out of the queue. KEYS and ARGV as for {@link TURN}. */
export const LEAVE = new Script(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 'OK'
`);
