-- Sends the requests of a file in turn and looks at every answer; see wrk.py.
-- Arguments: the file, and what no answer may hold.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  requests, sent, refused = {}, 0, ""
  unwanted = arguments[2]
  local file = io.open(arguments[1], "rb")
  local length = file:read("*n")
  while length do
    file:read(1)
    table.insert(requests, file:read(length))
    length = file:read("*n")
  end
  file:close()
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function response(status, headers, body)
  if status ~= 200 or body:find(unwanted, 1, true) then
    refused = status .. " " .. body
    wrk.thread:stop()
  end
end

function done(summary, latency)
  local errors = summary.errors
  local refused = threads[1]:get("refused")
  if refused == "" and errors.connect + errors.read + errors.write + errors.timeout > 0 then
    refused = "connections were lost"
  end
  local figures = { summary.requests, summary.duration, latency:percentile(99) }
  io.write("\n---\n", string.format("%d %d %d", unpack(figures)), "\n---\n", refused)
end
