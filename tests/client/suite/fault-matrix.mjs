// Every fault × every class of endpoint: nothing that changes something is executed twice, and every outcome bears its right name.
// Neutral of the runtime: `faultMatrix({ SpotClient, FuturesClient, Exchange })` resolves to a report, or rejects with all that was wrong.

/** Classes of endpoints. `make` gives a client and its call. */
const classes = {
  "Spot read": { write: false, ...spot((client) => client.call("OpenOrders")) },
  "Spot token": { write: false, ...spot((client) => client.call("GetWebSocketsToken")) },
  "Spot write": { write: true, isCounted: false, ...spot((client) => client.call("AddOrder", order())) },
  "Spot write with a TOTP": {
    write: true,
    isCounted: false,
    code: true,
    ...spot((client) => client.call("AddOrder", order()), { otp: {} }),
  },
  "Spot cancel": { write: true, ...spot((client) => client.call("CancelAll")) },
  "Spot transfer": {
    write: true,
    ...spot((client) => client.call("WalletTransfer", { asset: "ZUSD", from: "Spot Wallet", to: "Futures Wallet", amount: "1" })),
  },
  "Spot conditional write": {
    write: true,
    ...spot((client) => client.call("DepositAddresses", { asset: "XBT", method: "Bitcoin", new: true })),
  },
  "Spot unknown endpoint": { write: true, unknown: true, ...spot((client) => client.call("BrandNew")) },
  "Spot header nonce, read": { write: false, ...spot((client) => client.request("GET", "/funding/v1/addresses")) },
  "Spot header nonce, write": {
    write: true,
    ...spot((client) =>
      client.request("POST", "/funding/v1/addresses", { body: { name: "cold", scope: { type: "asset", asset: "XBT" } } }),
    ),
  },
  "Futures read": { write: false, ...futures((client) => client.get("openorders")) },
  "Futures read by POST": {
    write: false,
    ...futures((client) => client.post("orders/status", { orderIds: ["00000000-0000-4000-8000-000000000000"] })),
  },
  "Futures write": {
    write: true,
    ...futures(
      (client) =>
        client.post("sendorder", {
          orderType: "lmt",
          symbol: "PF_XBTUSD",
          side: "buy",
          size: 1,
          limitPrice: 30000,
          cliOrdId: "order-1",
        }),
      "cliOrdId",
    ),
  },
  "Futures setting": {
    write: true,
    ...futures((client) => client.put("leveragepreferences", { symbol: "PF_XBTUSD", maxLeverage: 2 })),
  },
};

function order() {
  return {
    pair: "XBTUSD",
    type: "buy",
    ordertype: "limit",
    price: "30000",
    volume: "0.1",
    cl_ord_id: "6d1b345e-2821-40e2-ad83-4ecb18a06876",
  };
}

function spot(call, key = {}) {
  return {
    call,
    open: ({ SpotClient }, exchange, settings) => new SpotClient({ ...exchange.addKey(key), fetch: exchange.fetch, ...settings }),
  };
}

function futures(call) {
  return {
    call,
    futures: true,
    open: ({ FuturesClient }, exchange, settings) =>
      new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch, ...settings }),
  };
}

const moments = ["before", "after"];
const both = (fault) => moments.map((when) => ({ ...fault, when }));

/**
 * `write`: what a write throws; `read`: what a read throws while the fault lasts, or nothing if it must succeed although the fault
 * struck once. `lasts`: a single strike is enough to fail a read. `executed`: how often a write may be executed at most.
 */
const unknown = "UnknownOutcomeError";
const faults = [
  ...both({ fault: "reset" }).map((fault) => ({ fault, write: unknown, read: "NetworkError" })),
  ...both({ fault: "delay", ms: 1500 }).map((fault) => ({
    fault,
    write: unknown,
    read: "TimeoutError",
    lasts: true,
    timeout: 400,
  })),
  { fault: { fault: "truncated" }, write: unknown, read: "ResponseError" },
  { fault: { fault: "truncated", cut: true }, write: unknown, read: "NetworkError" },
  ...[502, 503, 520].flatMap((status) => both({ fault: "html", status })).map((fault) => ({ fault, write: unknown, read: "HttpError" })),
  ...both({ fault: "html", status: 200 }).map((fault) => ({ fault, write: unknown, read: "ResponseError" })),
  // The edge refuses, this copy: nobody knows whether it has let another one through.
  ...[403, 429].map((status) => ({
    fault: { fault: "html", status, when: "before" },
    write: unknown,
    read: "HttpError",
    lasts: status === 403,
  })),
  ...[301, 302, 303, 307, 308]
    .flatMap((status) => both({ fault: "redirect", status }))
    .map((fault) => ({ fault, write: unknown, read: "HttpError" })),
  ...both({ fault: "endless", bytes: 20e6 }).map((fault) => ({ fault, write: unknown, read: "ResponseError" })),
  ...both({ fault: "endless", pace: 50 }).map((fault) => ({
    fault,
    write: unknown,
    read: "TimeoutError",
    lasts: true,
    timeout: 400,
  })),
  { fault: { fault: "twice" }, lasts: true },
  // The second copy is refused for its nonce, though the first was executed.
  { fault: { fault: "twice", answer: "second" }, write: unknown, once: true },
  // Everything comes twice: a read ends in an error, and a write was carried out once.
  { fault: { fault: "twice", answer: "second" }, write: unknown, read: "ApiError", kind: "nonce", always: true },
  { fault: { fault: "late", timeout: 50 }, lasts: true },
  ...[
    "EService:Unavailable",
    "EService:Busy",
    "EService:Deadline elapsed",
    "EGeneral:Internal error",
    "EGeneral:Internal error:42",
    "EDatabase:Internal error",
  ].flatMap((error) =>
    both({ fault: "error", error }).map((fault) => ({ api: "spot", fault, write: unknown, read: "ApiError", kind: "unavailable" })),
  ),
  ...["Unavailable", "Server Error", "unknownError"].flatMap((error) =>
    both({ fault: "error", error }).map((fault) => ({
      api: "futures",
      fault,
      write: unknown,
      read: "ApiError",
      kind: "unavailable",
    })),
  ),
  ...["EOrder:Rate limit exceeded", "EOrder:Domain rate limit exceeded"].map((error) => ({
    api: "spot",
    fault: { fault: "error", error },
    write: "ApiError",
    read: "ApiError",
    kind: "rate-limit",
  })),
  // A first copy that is counted may have filled the counter. Only the call counter does not count AddOrder and CancelOrder.
  ...["EAPI:Rate limit exceeded", "EGeneral:Too many requests", "EAuth:Rate limit exceeded"].map((error) => ({
    api: "spot",
    fault: { fault: "error", error },
    write: unknown,
    ...(error.startsWith("EAPI:") && { writeUncounted: "ApiError" }),
    read: "ApiError",
    kind: "rate-limit",
  })),
  { api: "futures", fault: { fault: "error", error: "apiLimitExceeded" }, write: unknown, read: "ApiError", kind: "rate-limit" },
  ...[
    ["EAPI:Invalid key", "key"],
    ["EGeneral:Permission denied", "permission"],
    ["EGeneral: Permission denied:expired", "expired"],
    ["EService:Market in cancel_only mode", "market"],
    ["EOrder:Insufficient funds", "order"],
  ].map(([error, kind]) => ({
    api: "spot",
    fault: { fault: "error", error },
    write: "ApiError",
    read: "ApiError",
    kind,
    lasts: true,
  })),
  // What a second copy can bring about by being one.
  { api: "spot", fault: { fault: "error", error: "EService:Throttled: 1700000000" }, write: unknown, read: "ApiError", kind: "rate-limit" },
  {
    api: "spot",
    fault: { fault: "error", error: "EGeneral:Temporary lockout" },
    write: unknown,
    read: "ApiError",
    kind: "lockout",
    lasts: true,
  },
  // A code may have been spent by a first copy that ran.
  {
    api: "spot",
    fault: { fault: "error", error: "EAPI:Invalid signature" },
    write: "ApiError",
    writeWithCode: unknown,
    read: "ApiError",
    kind: "signature",
    lasts: true,
  },
  // Words that nobody knows, and such as do not say that nothing ran.
  ...["ENew:Never seen before", "EOrder:Never seen before", "EFunding:Never seen before"].map((error) => ({
    api: "spot",
    fault: { fault: "error", error },
    write: unknown,
    read: "ApiError",
    lasts: true,
  })),
  {
    api: "futures",
    fault: { fault: "error", error: "neverSeenBefore" },
    write: unknown,
    read: "ApiError",
    kind: "other",
    lasts: true,
  },
  // A gateway's JSON, which is none of Kraken's.
  ...[
    ['{"timestamp":"2026-11-28T00:00:00Z","status":504,"error":"Gateway Timeout","path":"/"}', 504],
    ['{"message":"Endpoint request timed out"}', 504],
    ['{"errors":[{"code":503,"message":"upstream connect error"}]}', 503],
    ['{"error":{"code":502,"message":"bad gateway"}}', 502],
    ['{"error":["EOrder:Insufficient funds"]}', 500],
    ['{"error":[],"result":{"txid":["OAAAAA-AAAAA-AAAAAA"]}}', 502],
  ].flatMap(([body, status]) => both({ fault: "body", body, status }).map((fault) => ({ fault, write: unknown, gateway: true }))),
  // Success without its proof.
  ...["null", "{}", '{"txid":[]}', '{"txid":null}', '{"descr":{"order":"buy"}}', "true"].flatMap((result) =>
    both({ fault: "body", body: `{"error":[],"result":${result}}` }).map((fault) => ({
      api: "spot",
      only: "Spot write",
      fault,
      write: unknown,
    })),
  ),
  ...['{"result":"success"}', '{"result":"success","sendStatus":{}}', '{"sendStatus":{"status":"placed"}}'].flatMap((body) =>
    both({ fault: "body", body }).map((fault) => ({ api: "futures", only: "Futures write", fault, write: unknown })),
  ),
  // Refusal and proof at once.
  ...both({ fault: "body", body: '{"error":["EOrder:Insufficient funds"],"result":{"txid":["OAAAAA-AAAAA-AAAAAA"]}}' }).map((fault) => ({
    api: "spot",
    only: "Spot write",
    fault,
    write: unknown,
  })),
  ...[
    ["authenticationError", "key"],
    ["insufficientFunds", "funding"],
    ["marketUnavailable", "market"],
  ].map(([error, kind]) => ({
    api: "futures",
    fault: { fault: "error", error },
    write: "ApiError",
    read: "ApiError",
    kind,
    lasts: true,
  })),
  // An invalid nonce that is none: the key's mark says that the request got through.
  { api: "spot", fault: { fault: "error", error: "EAPI:Invalid nonce", when: "after" }, write: unknown, once: true },
  ...[
    "",
    "null",
    "[]",
    "7",
    '{"error":"EOrder:no list","result":{}}',
    '{"error":[1],"result":{}}',
    '{"error":[]}',
    '{"error":[],"result":',
  ].flatMap((body) =>
    both({ fault: "body", body }).map((fault) => ({ api: "spot", not: "header", fault, write: unknown, read: "ResponseError" })),
  ),
  ...["", "null", '{"result":'].flatMap((body) =>
    both({ fault: "body", body }).map((fault) => ({ api: "futures", fault, write: unknown, read: "ResponseError" })),
  ),
  ...both({ fault: "body", status: 500, body: '{"error":[],"result":{}}' }).map((fault) => ({
    fault,
    write: unknown,
    read: "HttpError",
  })),
];

/**
 * @param settings `parallel`: how many trials go on at a time; `slack`: milliseconds that a call may take beyond its timeout, on a busy machine
 * @returns how many combinations were tried
 */
export async function faultMatrix(kit, { Exchange, parallel = 64, slack = 1500 } = kit) {
  const problems = [];
  const trials = [];
  for (const [name, kind] of Object.entries(classes)) {
    for (const row of faults) {
      if (row.api && (row.api === "futures") !== !!kind.futures) continue;
      if (row.not === "header" && name.includes("header")) continue;
      if (row.only && !name.startsWith(row.only)) continue;
      // What a gateway says to a read is an error of one class or another.
      if (row.gateway && !kind.write) continue;
      // Once, which a read survives; and as long as it takes.
      for (const lasting of row.always ? [true] : row.lasts || row.once ? [false] : [false, true])
        trials.push({ name, kind, row, lasting });
    }
  }
  const queue = trials.slice();
  const worker = async () => {
    for (let trial; (trial = queue.shift());) {
      const problem = await attempt(kit, Exchange, trial, slack).catch((error) => `the trial itself failed: ${error?.stack ?? error}`);
      if (problem) problems.push(`${trial.name}, ${JSON.stringify(trial.row.fault)}${trial.lasting ? ", lasting" : ""}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  if (problems.length) throw new Error(`${problems.length} of ${trials.length} combinations went wrong:\n${problems.join("\n")}`);
  return { combinations: trials.length };
}

async function attempt(kit, Exchange, trial, slack, again = 2) {
  const { kind, row, lasting } = trial;
  const exchange = new Exchange();
  const client = kind.open(kit, exchange, { retries: 1, timeout: row.timeout ?? 20_000 });
  exchange.inject({ ...row.fault, times: lasting ? 100 : 1 });
  let error;
  const started = Date.now();
  await kind.call(client).catch((reason) => (error = reason));
  const took = Date.now() - started;

  const writes = exchange.executions.filter(({ write }) => write).length;
  if (writes > 1) return `executed ${writes} times`;
  const requests = exchange.requests.filter(({ verdict }) => verdict === "leaked").length;
  if (requests) return "followed a redirect";
  // A defect is late each time, a busy machine is not.
  const isLate = row.timeout && took > row.timeout + slack;
  if (isLate) return again ? attempt(kit, Exchange, trial, slack, again - 1) : `took ${took} ms`;

  // A single strike that has passed: a read tried again, and an unknown endpoint that got through was refused.
  const write = (kind.code && row.writeWithCode) || (kind.isCounted === false && row.writeUncounted) || row.write;
  let expected = kind.write ? write : lasting || row.lasts ? row.read : undefined;
  if (kind.unknown && !expected) expected = "ApiError";
  // It has nothing of its own to be executed, so both copies of an unknown endpoint are refused alike.
  if (kind.unknown && row.fault.fault === "twice") expected = "ApiError";
  // The machine was so busy that the timeout passed before anything was sent.
  if (error?.name !== expected && error?.name === "TimeoutError" && !exchange.requests.length && again)
    return attempt(kit, Exchange, trial, slack, again - 1);
  if (error?.name !== expected) return `expected ${expected ?? "success"}, got ${error?.stack ?? "success"}`;
  if (row.kind && !(kind.unknown && row.always) && error?.name === "ApiError" && error.kind !== row.kind) return `kind ${error.kind}`;
  if (expected === unknown) {
    if (!/^\d+$/.test(error.nonce) || !error.cause || error.code !== "ERR_UNKNOWN_OUTCOME" || !error.endpoint)
      return "an UnknownOutcomeError without its facts";
    const sent = exchange.requests.at(0);
    if (
      sent &&
      sent.headers.get("api-nonce") !== error.nonce &&
      sent.headers.get("nonce") !== error.nonce &&
      !sent.body.includes(error.nonce)
    )
      return "another nonce";
    const id = /cl_ord_id=([^&]+)|cliOrdId=([^&]+)/.exec(sent?.body ?? "");
    if (id && error.clientOrderId !== (id[1] ?? id[2])) return `clientOrderId ${error.clientOrderId}`;
  }
  if (kind.write && expected !== undefined && !row.once && exchange.requests.length > 1 && row.fault.fault !== "twice")
    return `sent ${exchange.requests.length} times`;
  return undefined;
}
