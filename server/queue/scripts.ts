/**
 * The steps of the queue as Redis runs them, each atomic. Keys of a service: its line (user by
 * number), passes (user by end), what is over (user → number) or in use, its head (counters), and the
 * set of services with people waiting. Instants in ms; numbers written in full, for Lua writes 1.8e+15.
 */

const keys = `
local line, passes, over, head, open = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function full(n) return string.format('%.0f', n) end
local function keep(ms)
  for i = 1, 4 do redis.call('pexpire', KEYS[i], ms) end
end
local function num(field) return tonumber(redis.call('hget', head, field) or 0) end
`

/** user, now, straight, most, number, known, keepMs, settleMs, settleAgain, service, holds, usingMs → a standing. */
export const arrive = `${keys}
local user, now, most, number = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
local keepMs, settleMs = ARGV[7], tonumber(ARGV[8])
local till = tonumber(redis.call('zscore', passes, user) or 0)
if till > now then
  if ARGV[11] == '1' then
    local using = 'using ' .. user
    if tonumber(redis.call('hget', over, using) or 0) > now then return { 'busy' } end
    redis.call('hset', over, using, full(now + tonumber(ARGV[12])))
  end
  return { 'pass', full(till) }
end
local mine = tonumber(redis.call('zscore', line, user) or 0)
if mine == 0 then
  local settledAt = num('settledAt')
  local back = number > tonumber(redis.call('hget', over, user) or 0)
  local lost = ARGV[6] == '1' and redis.call('exists', head) == 0
  if (back or lost) and now > settledAt + tonumber(ARGV[9]) * settleMs then
    settledAt = now + settleMs
    redis.call('hset', head, 'settledAt', full(settledAt))
  end
  local last = num('last')
  if back then
    mine = number
  else
    local waiting = redis.call('zcard', line)
    if ARGV[3] == '1' and waiting == 0 and now >= settledAt then return { 'free' } end
    redis.call('hset', head, 'busyAt', full(now))
    keep(keepMs)
    if waiting >= most then return { 'full' } end
    mine = math.max(last + 1, now * 1000)
  end
  redis.call('hset', head, 'last', full(math.max(last, mine)), 'busyAt', full(now))
  redis.call('zadd', line, full(mine), user)
  redis.call('sadd', open, ARGV[10])
  keep(keepMs)
end
return { 'waiting', full(mine), redis.call('zrank', line, user),
  full(num('admitted')), full(num('through')) }
`

/** now, count, passMs, keepMs, service → waiting, admitted, through, busyAt, then who is in. */
export const admit = `${keys}
local now, count = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('zremrangebyscore', passes, '-inf', now)
local answer = { 0, '0', '0', '0' }
local waiting = redis.call('zcard', line)
if waiting > 0 then
  redis.call('hset', head, 'busyAt', full(now))
  local first = {}
  if now >= num('settledAt') and count > 0 then first = redis.call('zpopmin', line, count) end
  local through = num('through')
  for i = 1, #first, 2 do
    local number = tonumber(first[i + 1])
    redis.call('zadd', passes, full(now + tonumber(ARGV[3])), first[i])
    redis.call('hset', over, first[i], full(number))
    through = math.max(through, number)
    answer[#answer + 1] = first[i]
  end
  waiting = waiting - #first / 2
  redis.call('hset', head, 'admitted', full(num('admitted') + #first / 2), 'through', full(through))
  keep(ARGV[4])
end
if waiting == 0 then redis.call('srem', open, ARGV[5]) end
answer[1] = full(waiting)
answer[2], answer[3], answer[4] = full(num('admitted')), full(num('through')), full(num('busyAt'))
return answer
`

/** user, spent. */
export const finish = `${keys}
redis.call('hdel', over, 'using ' .. ARGV[1])
if ARGV[2] == '1' then redis.call('zrem', passes, ARGV[1]) end
return 1
`

/** user, service. */
export const leave = `${keys}
redis.call('zrem', passes, ARGV[1])
local number = redis.call('zscore', line, ARGV[1])
if number then
  redis.call('zrem', line, ARGV[1])
  redis.call('hset', over, ARGV[1], full(tonumber(number)))
  redis.call('pexpire', over, redis.call('pttl', head))
  if redis.call('zcard', line) == 0 then redis.call('srem', open, ARGV[2]) end
end
return 1
`

/** → waiting, admitted, through, busyAt. */
export const count = `${keys}
return { full(redis.call('zcard', line)), full(num('admitted')), full(num('through')), full(num('busyAt')) }
`
