-- Holds: each request names a new order (UUIDv7 in form) of the next person. SLOTS is one id, or many.
package.path = os.getenv('BENCH') .. '/?.lua;' .. package.path
require('said')

local tokens, slots = {}, {}
local turn, run = 0, ''

function init()
  for line in io.lines(os.getenv('TOKENS')) do tokens[#tokens + 1] = line end
  for id in string.gmatch(os.getenv('SLOTS'), '[^,]+') do slots[#slots + 1] = id end
  math.randomseed(tonumber(os.getenv('SEED')))
  run = string.format('%04x%08x', math.random(0, 65535), math.random(0, 2147483647))
end

function request()
  turn = turn + 1
  local ms = string.format('%012x', 1790000000000 + turn)
  local id = string.format('%s-%s-7%s-8%s-%s%04x',
    ms:sub(1, 8), ms:sub(9, 12), run:sub(1, 3), run:sub(4, 6), run:sub(5, 12), turn % 65536)
  local body = string.format('{"slotId":"%s","party":1}', slots[turn % #slots + 1])
  return wrk.format('PUT', os.getenv('PATH_OF') .. id, {
    ['authorization'] = 'Bearer ' .. tokens[turn % #tokens + 1],
    ['content-type'] = 'application/json',
  }, body)
end
