// What stands between a client and an exchange, and answers in its place.

const page = (title) => `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
const html = (status, title, headers = {}) => ({ status, headers: { "content-type": "text/html", ...headers }, text: page(title) });
const json = (status, value, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  text: JSON.stringify(value),
});

/** Answers of gateways: none of them says anything about the request. */
const ANSWERS = [
  () => html(502, "502 Bad Gateway"),
  () => html(503, "503 Service Temporarily Unavailable", { "retry-after": "2" }),
  () => html(504, "504 Gateway Time-out"),
  () => html(520, "Web server is returning an unknown error"),
  () => html(200, "Welcome to our network"),
  () => html(403, "Attention Required!"),
  () => html(302, "Found", { location: "https://elsewhere.example/" }),
  () => html(429, "Too many requests", { "retry-after": "1" }),
  () => json(504, { timestamp: "2026-11-28T12:00:00.000+00:00", status: 504, error: "Gateway Timeout", path: "/0/private/AddOrder" }),
  () => json(503, { error: ["EGeneral:Too many requests"] }),
  () => json(502, { error: ["EAPI:Rate limit exceeded"], result: null }),
  () => json(429, { error: ["EAPI:Rate limit exceeded"] }, { "retry-after": "1" }),
  () => json(500, { message: "Internal server error" }),
];

/** Answers in words of Kraken Futures, but not in its form. */
const OF_FUTURES = [
  () => json(503, { error: "apiLimitExceeded" }),
  () => json(404, { status: 404, error: "notFound", path: "/derivatives/api/v3/sendorder" }),
  () => json(200, { error: "marketUnavailable" }),
];

/** Answers that came from Kraken's side, whole but empty of what matters. */
const HOLLOW = [
  { error: [], result: null },
  { error: [] },
  { error: [], result: {} },
  { result: "success" },
  { result: "success", sendStatus: {} },
  {},
  [],
  "",
  null,
];

export const gatewayAnswer = (random, isFutures) => random.pick(isFutures ? [...ANSWERS, ...OF_FUTURES] : ANSWERS)();
export const hollowAnswer = (random) => json(200, random.pick(HOLLOW));

/** What a runtime's `fetch` throws. */
const failure = (code, syscall) => {
  const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  return new TypeError("fetch failed", { cause });
};

/** No connection was made: nothing was sent. */
export const unconnected = (random) =>
  random.pick([
    () => failure("ECONNREFUSED", "connect"),
    () => failure("ENOTFOUND", "getaddrinfo"),
    () => failure("EAI_AGAIN", "getaddrinfo"),
    () => failure("UND_ERR_CONNECT_TIMEOUT", "connect"),
  ])();

/** A connection broke, nobody knows when. */
export const broken = (random) =>
  random.pick([
    () => failure("ECONNRESET", "read"),
    () => failure("UND_ERR_SOCKET", "read"),
    () => failure("EPIPE", "write"),
    () => failure("ETIMEDOUT", "read"),
    () => new TypeError("Load failed"),
  ])();
