/**
 * The layers of the package, from the top down: what people call first, what computes last. `ARCHITECTURE.md` has the picture.
 *
 * A layer has one or more modules side by side. A module is a folder (it ends in `/`), a file, or the beginning of names of both. A file belongs to
 * the first module that its path begins with; it may import from its own module and from every layer below, and from nowhere else.
 */
export const LAYERS = [
  ["index.ts", "slim.ts", "cli/"],
  ["exports.ts"],

  // The simulated exchange. It judges the clients, so none of them imports it, and it imports nothing but types.
  ["testing/index.ts"],
  ["testing/exchange.ts"],
  ["testing/check-options.ts"],
  ["testing/listen.ts", "testing/spot/", "testing/futures/"],
  ["testing/shared.ts"],
  ["testing/options.ts"],
  ["testing/socket/"],
  ["testing/outcome.ts", "testing/records.ts"],
  ["testing/keys.ts", "testing/limits.ts", "testing/http/"],
  ["testing/crypto.ts", "testing/parameters/", "testing/market/"],
  ["testing/after.ts", "testing/crc32.ts", "testing/history.ts", "testing/names.ts", "testing/random.ts", "testing/runtime.ts"],

  ["orders/", "treasury/", "market/", "sockets/", "durable-object/", "redis/", "node/", "inspect/"],

  ["rest/pages.ts", "rest/spot/tokens.ts"],
  ["rest/patient-caller.ts"],
  ["rest/spot/client.ts", "rest/futures/client.ts", "rest/callers.ts"],
  ["rest/client.ts"],
  ["rest/call-records.ts"],
  ["rest/call-reason.ts", "rest/key-report.ts", "rest/observer.ts", "rest/under-way.ts"],
  ["rest/attempt.ts", "rest/slot.ts"],
  ["rest/rate-limit.ts"],
  ["rest/call.ts", "rest/call-timer.ts", "rest/key-set.ts", "rest/options.ts", "rest/retry.ts"],
  ["rest/credentials.ts", "rest/hooks.ts", "rest/rate-options.ts", "rest/sent-calls.ts"],
  ["rest/sent-order.ts"],
  ["rest/request/", "rest/http/", "rest/answer/", "rest/key-pair.ts", "rest/spot/endpoints", "rest/futures/endpoints"],
  ["rest/endpoint.ts", "rest/endpoint-name.ts", "rest/guards.ts", "rest/mistake.ts"],

  ["lane/"],
  ["signing/"],
  ["wasm/"],
  ["checks.ts"],
  ["errors"],
];
