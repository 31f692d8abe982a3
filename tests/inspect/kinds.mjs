// More broken signers in JavaScript, written as in requests.json's neighbors: nothing here knows how the inspector works. Some do what programs
// in other languages do (Java, C#, C, PHP, Google Apps Script); then `did` names the language.
import { createHash, createHmac } from "node:crypto";
import { SIGNERS as PRINTED } from "./printed.mjs";
import { SIGNERS as RARE } from "./rare.mjs";
import { NONCE, SECRET, futures, spot } from "./templates.mjs";

const sha256 = (data) => createHash("sha256").update(data).digest();
const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha512", key)).digest();
const decode = (secret) => Buffer.from(secret, "base64");

/** A key that has a zero byte in it. */
const ZERO = Buffer.from(Array.from({ length: 64 }, (_, at) => (at === 20 || at === 41 ? 0 : 200 - at))).toString("base64");

const FORM = spot(`nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25&validate=true`);
const ACCENTS = spot(`{"nonce":"${NONCE}","name":"dépôt","volume":1.25}`, { path: "/0/private/CreateSubaccount" });
const LIST = spot(`{"nonce":"${NONCE}","pair":"XBTUSD","orders":[{"type":"buy","price":"1"},{"type":"sell","price":"2"}]}`);
const SHORT = spot(`nonce=${NONCE}`, { path: "/0/private/Balance" });
const QUERY = spot(`nonce=${NONCE}`, { path: "/0/private/GetCustodyTask?id=a+b%2Fc&name=x" });
const MOVED = spot("", { path: `/0/private/AddOrder?nonce=${NONCE}&pair=XBTUSD&type=buy` });
const DERIVATIVES = futures("orderType=lmt&symbol=PI_XBTUSD&side=buy&size=1&limitPrice=1.5");
const BATCH = futures("json=%7B%22batchOrder%22%3A%5B%7B%22order%22%3A%22cancel%22%2C%22order_id%22%3A%22a%22%7D%5D%7D", {
  path: "/derivatives/api/v3/batchorder",
});
const signedPath = ({ api, path }) => (api === "spot" ? path : path.replace("/derivatives", ""));
/** What is hashed. */
const text = (request, body = request.body) => (request.api === "spot" ? request.nonce + body : body + request.nonce + signedPath(request));
const start = (request) => (request.api === "spot" ? request.path : "");

/** The right signature, some steps of it replaced. */
function sign(request, { key = decode, hashed = text, digest = sha256, message, write = (mac) => mac.toString("base64") } = {}) {
  const made = digest(hashed(request));
  const input = message ? message(start(request), made) : Buffer.concat([Buffer.from(start(request)), Buffer.from(made)]);
  return write(hmac(key(request.secret), input));
}
/** The same request with a nonce for which `wanted` holds. */
const until = (request, wanted) => {
  for (let nonce = BigInt(NONCE); ; nonce += 1n) {
    const next = { ...request, nonce: String(nonce), body: request.body.replace(NONCE, String(nonce)) };
    if (wanted(next)) return next;
  }
};
const DIGEST_WITH_ZERO = [FORM, DERIVATIVES].map((request) => until(request, (one) => sha256(text(one)).indexOf(0) > 3));
const MAC_WITH_ZERO = until(SHORT, (one) => Buffer.from(sign(one), "base64").indexOf(0) > 20);
const WITH_PLUS = [until(FORM, (one) => sign(one).includes("+")), until(DERIVATIVES, (one) => sign(one).includes("+"))];
/** Java's bytes. */
const signed = (bytes) => [...new Int8Array(bytes)];

/** `[what its author did, the mistakes that it is, the requests, the function]`. */
const SIGNERS = [
  [
    "CryptoJS: `HmacSHA512(message, enc.Base64.parse(secret).toString())`",
    "secret-as-hex",
    [FORM, LIST, DERIVATIVES],
    (request) => sign(request, { key: (secret) => decode(secret).toString("hex") }),
  ],
  [
    "the secret encoded with `btoa` before it was stored, and used as text",
    "secret-base64-twice",
    [FORM, DERIVATIVES],
    (request) => sign(request, { key: (secret) => btoa(secret) }),
  ],
  [
    "C: `HMAC(EVP_sha512(), key, strlen(key), …)`",
    "secret-cut-at-zero",
    [FORM, DERIVATIVES].map((request) => ({ ...request, secret: ZERO })),
    (request) => sign(request, { key: (secret) => decode(secret).subarray(0, decode(secret).indexOf(0)) }),
  ],
  [
    "an interceptor of the HTTP library adds `validate=true`",
    "parameters-added-after-signing",
    [FORM],
    (request) => sign(request, { hashed: () => text(request, request.body.replace("&validate=true", "")) }),
  ],
  [
    "an interceptor adds `limitPrice`, and another one `size`, at the end",
    "parameters-added-after-signing",
    [DERIVATIVES],
    (request) => sign(request, { hashed: () => text(request, request.body.split("&size")[0]) }),
  ],
  [
    "`new URLSearchParams({ json })` of an object signed, JSON sent in the form",
    "nested-as-text",
    [BATCH],
    (request) => sign(request, { hashed: () => text(request, String(new URLSearchParams({ json: { batchOrder: [] } }))) }),
  ],
  [
    "PHP: `http_build_query` of nested arrays signed, JSON sent in the form",
    "nested-as-text",
    [BATCH],
    (request) =>
      sign(request, {
        hashed: () => text(request, "json%5BbatchOrder%5D%5B0%5D%5Border%5D=cancel&json%5BbatchOrder%5D%5B0%5D%5Border_id%5D=a"),
      }),
  ],
  [
    "axios: `post(url, undefined, { params })`, which sends the parameters in the query",
    "parameters-in-query",
    [MOVED],
    (request) => {
      const [path, body] = request.path.split("?");
      return sign({ ...request, path, body });
    },
  ],
  [
    "orders stringified for the signature only",
    "nested-as-text",
    [LIST],
    (request) => {
      const { orders, ...others } = JSON.parse(request.body);
      return sign(request, { hashed: () => text(request, JSON.stringify({ ...others, orders: JSON.stringify(orders) })) });
    },
  ],
  [
    "PHP: `http_build_query` with true, which writes 1",
    "literals-as-text",
    [FORM],
    (request) => sign(request, { hashed: () => text(request, request.body.replace("=true", "=1")) }),
  ],
  [
    "`JSON.stringify(form)` hashed",
    "body-quoted",
    [FORM, DERIVATIVES],
    (request) => sign(request, { hashed: () => text(request, JSON.stringify(request.body)) }),
  ],
  [
    "the request file has Windows line ends, the signed text has not",
    "line-ends",
    [spot(`{\r\n  "nonce": "${NONCE}",\r\n  "pair": "XBTUSD"\r\n}`), futures("symbol=x&note=a%0D%0Ab")],
    (request) => sign(request, { hashed: () => text(request, request.body.replaceAll("\r", "").replaceAll("%0D", "")) }),
  ],
  [
    "UTF-8 read as Latin-1 by the file that is sent, not by the one that is signed",
    "body-charset",
    [{ ...ACCENTS, body: Buffer.from(ACCENTS.body).toString("latin1") }],
    (request) => sign(request, { hashed: () => text(request, ACCENTS.body) }),
  ],
  [
    "VBA: parameters joined with `?`",
    "parameter-separator",
    [FORM, DERIVATIVES],
    (request) => sign(request, { hashed: () => text(request, request.body.replaceAll("&", "?")) }),
  ],
  [
    "C#: `Encoding.ASCII.GetBytes`",
    "ascii",
    [ACCENTS],
    (request) => sign(request, { hashed: () => text(request).replace(/[^\0-\x7f]/g, "?") }),
  ],
  [
    "`String([nonce, body])`",
    "parts-separated",
    [FORM, LIST],
    (request) => sign(request, { hashed: () => String([request.nonce, request.body]) }),
  ],
  [
    "`nonce + '?' + body` for JSON",
    "parts-separated",
    [LIST, ACCENTS],
    (request) => sign(request, { hashed: () => `${request.nonce}?${request.body}` }),
  ],
  [
    "`[postData, nonce, path].join('\\n')`",
    "parts-separated",
    [DERIVATIVES],
    (request) => sign(request, { hashed: () => [request.body, request.nonce, signedPath(request)].join("\n") }),
  ],
  [
    "`/api/v2` signed, `/api/v3` sent",
    "path-other-version",
    [DERIVATIVES],
    (request) => sign(request, { hashed: () => request.body + request.nonce + "/api/v2/sendorder" }),
  ],
  [
    "`/api/v3` signed, `/api/v2` sent",
    "path-other-version",
    [futures("", { path: "/api/history/v2/orders" })],
    (request) => sign(request, { hashed: () => request.nonce + "/api/history/v3/orders" }),
  ],
  ["`/1/private/…`", "path-other-version", [FORM], (request) => sign({ ...request, path: "/1/private/AddOrder" })],
  ["copied from the example for Balance", "path-of-other-endpoint", [FORM], (request) => sign({ ...request, path: "/0/private/Balance" })],
  [
    "copied from the example for accounts",
    "path-of-other-endpoint",
    [DERIVATIVES],
    (request) => sign({ ...request, path: "/derivatives/api/v3/accounts" }),
  ],
  [
    "`url.searchParams.sort()` after signing",
    "query-order",
    [QUERY],
    (request) => sign({ ...request, path: "/0/private/GetCustodyTask?name=x&id=a+b%2Fc" }),
  ],
  [
    "`encodeURI` for the signed URL",
    "query-encoding",
    [QUERY],
    (request) => sign({ ...request, path: "/0/private/GetCustodyTask?id=a%20b/c&name=x" }),
  ],
  ["`%20` signed, + sent", "query-encoding", [QUERY], (request) => sign({ ...request, path: request.path.replace("+", "%20") })],
  [
    "`base + '/' + path`, and the path of that",
    "path-double-slash",
    [FORM, SHORT, DERIVATIVES],
    (request) => sign({ ...request, path: `/${request.path}`.replace("//derivatives", "/derivatives/") }),
  ],
  [
    "`path + new Uint8Array(digest)`",
    "digest-as-numbers",
    [FORM, SHORT],
    (request) => sign(request, { message: (path, digest) => path + new Uint8Array(digest) }),
  ],
  [
    "Java: `path + Arrays.toString(digest)`",
    "digest-as-numbers",
    [FORM, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => `${path}[${signed(digest).join(", ")}]` }),
  ],
  [
    "`JSON.stringify(digest)` of a Buffer",
    "digest-as-numbers",
    [LIST, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + JSON.stringify(digest) }),
  ],
  [
    "Java: `new BigInteger(1, digest).toString()`",
    "digest-as-numbers",
    [SHORT, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + BigInt(`0x${digest.toString("hex")}`) }),
  ],
  [
    "`path + (await subtle.digest(…))`",
    "digest-as-object",
    [FORM, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + digest.buffer.slice(0) }),
  ],
  ["`await` forgotten", "digest-as-object", [SHORT], (request) => sign(request, { message: (path) => path + Promise.resolve() })],
  [
    "C: `strcat(message, digest)`",
    "digest-cut-at-zero",
    DIGEST_WITH_ZERO,
    (request) => sign(request, { digest: (data) => sha256(data).subarray(0, sha256(data).indexOf(0)) }),
  ],
  [
    "SHA-1",
    "digest-other-hash",
    [FORM, DERIVATIVES],
    (request) => sign(request, { digest: (data) => createHash("sha1").update(data).digest() }),
  ],
  ["SHA-384", "digest-other-hash", [LIST], (request) => sign(request, { digest: (data) => createHash("sha384").update(data).digest() })],
  [
    "CryptoJS: `message.toString()`, which is hexadecimal",
    "message-as-hex",
    [FORM, SHORT],
    (request) => sign(request, { message: (path, digest) => Buffer.concat([Buffer.from(path), digest]).toString("hex") }),
  ],
  [
    "`btoa(new Uint8Array(mac))`",
    "output-as-numbers",
    [FORM, DERIVATIVES],
    (request) => sign(request, { write: (mac) => btoa(new Uint8Array(mac)) }),
  ],
  [
    "Java: `Arrays.toString(mac)`",
    "output-as-numbers",
    [SHORT],
    (request) => sign(request, { write: (mac) => `[${signed(mac).join(", ")}]` }),
  ],
  ["`btoa(mac)` of an ArrayBuffer", "output-as-object", [FORM, DERIVATIVES], () => btoa(new ArrayBuffer(64))],
  ["the promise as the header", "output-as-object", [SHORT], () => String(Promise.resolve())],
  ["a column of 64 characters", "output-cut", [FORM, DERIVATIVES], (request) => sign(request).slice(0, 64)],
  ["the first character not copied", "output-cut", [FORM, LIST], (request) => sign(request).slice(1)],
  [
    "C: `base64(mac, strlen(mac))`",
    "output-cut",
    [MAC_WITH_ZERO],
    (request) => sign(request, { write: (mac) => mac.subarray(0, mac.indexOf(0)).toString("base64") }),
  ],
  [
    "a signature that came as a query parameter",
    "output-plus-lost",
    WITH_PLUS,
    (request) => new URLSearchParams(`s=${sign(request)}`).get("s"),
  ],
  [
    "`encodeURIComponent` by the author and by the library",
    "output-percent-encoded-twice",
    [FORM, DERIVATIVES],
    (request) => encodeURIComponent(encodeURIComponent(sign(request))),
  ],
  [
    "the body alone in UTF-16, the nonce in UTF-8",
    "utf-16",
    [FORM, LIST],
    (request) => sign(request, { hashed: () => Buffer.concat([Buffer.from(request.nonce), Buffer.from(request.body, "utf16le")]) }),
  ],
  [
    "`openssl dgst -sha256` with its «(stdin)= »",
    "digest-as-hex",
    [FORM, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => `${path}SHA2-256(stdin)= ${digest.toString("hex")}` }),
  ],
  [
    "C#: `BitConverter.ToString(digest)`",
    "digest-as-hex",
    [FORM, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + digest.toString("hex").toUpperCase().match(/../g).join("-") }),
  ],
  [
    "`byte.toString(16)` without a leading zero",
    "digest-as-hex",
    [SHORT, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + [...digest].map((byte) => byte.toString(16)).join("") }),
  ],
  [
    "Google Apps Script: `String.fromCharCode` of signed bytes",
    "digest-as-text",
    [FORM, DERIVATIVES],
    (request) => sign(request, { message: (path, digest) => path + String.fromCharCode(...signed(digest)) }),
  ],
  [
    "C#: `BitConverter.ToString(mac)` in base64",
    "output-base64-of-hex",
    [FORM, DERIVATIVES],
    (request) => sign(request, { write: (mac) => btoa(mac.toString("hex").toUpperCase().match(/../g).join("-")) }),
  ],
  [
    "PHP: `json_encode` of the signature",
    "output-quoted",
    [until(FORM, (one) => sign(one).includes("/"))],
    (request) => JSON.stringify(sign(request)).replaceAll("/", "\\/"),
  ],
];

/** The right signature of a request. */
export const rightSignature = (request) => sign(request);

/** Every signer with every request that it is for. */
export function moreCases(key) {
  const made = (did, mistakes, request, signature) => {
    return { language: "JavaScript", request: request.path, did, mistakes, input: { key, ...request, signature } };
  };
  const single = SIGNERS.flatMap(([did, mistake, requests, broken]) =>
    requests.map((request) => made([did], [mistake], request, broken(request))),
  );
  // Each of them with a second mistake in its output.
  const pairs = SIGNERS.filter(([, mistake]) => !mistake.startsWith("output-")).map(([did, mistake, [request], broken]) => {
    const signature = Buffer.from(broken(request), "base64").toString("hex");
    return made([did, "in hexadecimal"], [mistake, "output-hex"], request, signature);
  });
  const rare = [...RARE, ...PRINTED].flatMap(([did, mistakes, requests, broken]) =>
    requests.map((request) => made([did], mistakes, request, broken(request))),
  );
  return [...single, ...pairs, ...rare];
}
