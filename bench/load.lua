-- Asks for the paths in a file, one after the other, and prints what wrk counted as one line of JSON.
--
-- wrk … -s load.lua ADDRESS -- FILE. The file holds "Name: value" headers, an empty line, and one path a line.
-- {n} stands for a number that is another one in each request, so that no two requests are the same.
local HIGHEST_PORT = 65535

local headers, paths, made = {}, {}, {}
local count, is_new_each_time = 0, false

local function numbered(text)
  return (text:gsub("{n}", tostring(count % (HIGHEST_PORT - 1024) + 1024)))
end

function init(arguments)
  local in_headers = true
  for line in io.lines(arguments[1]) do
    if line == "" then
      in_headers = false
    elseif in_headers then
      local name, value = line:match("^([^:]+): (.*)$")
      headers[name] = value
    else
      paths[#paths + 1] = line
    end
    is_new_each_time = is_new_each_time or line:find("{n}", 1, true) ~= nil
  end
  for number, path in ipairs(paths) do
    made[number] = wrk.format("GET", path, headers)
  end
end

function request()
  count = count + 1
  local number = count % #paths + 1
  if not is_new_each_time then
    return made[number]
  end
  local said = {}
  for name, value in pairs(headers) do
    said[name] = numbered(value)
  end
  return wrk.format("GET", numbered(paths[number]), said)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "bytes": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), summary.bytes,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
