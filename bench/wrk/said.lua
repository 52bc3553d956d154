-- What every script says at the end: one line for bench/wrk.ts.
function done(summary, latency, requests)
  io.write(string.format(
    'bench {"requests":%d,"micros":%d,"status":%d,"socket":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
