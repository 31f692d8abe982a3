// Broken signers in JavaScript whose mistakes are less common, beside those of kinds.mjs. Nothing here knows how the inspector works.
import { createHash, createHmac } from "node:crypto";
import { NONCE, SECRET, futures, spot } from "./templates.mjs";

/** A key that begins with hexadecimal digits. */
const HEX_LIKE = "a9f0HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

const ORDER = spot(`nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`);
const SMALL = spot(`nonce=${NONCE}&ordertype=limit&pair=SHIBUSD&price=0.0000123&type=sell&volume=250000`);
const JSON_ORDER = spot(`{"nonce":"${NONCE}","ordertype":"limit","pair":"XBTUSD","price":37500,"type":"buy","volume":"1.25"}`);
const WITH_OTP = spot(`nonce=${NONCE}&ordertype=market&pair=XBTUSD&type=buy&volume=1&otp=493817`);
const FLAG = spot(`{"nonce":"${NONCE}","pair":"XBTUSD","validate":true,"leverage":null}`);
/** A program whose private key is in quotation marks, with and without a +. */
const QUOTED = [SECRET, SECRET.replace("F", "+")].map((secret) => ({ ...ORDER, secret: `"${secret}"` }));
const KEY = "q+4qT6iXXVMAIDGvsXrdCC4KA97Cqo8vM5I7Yw2fYmmbsgvecg5ZDX3l";
const BATCH = futures("json=%7B%22batchOrder%22%3A%5B%7B%22order%22%3A%22cancel%22%2C%22order_id%22%3A%22a%22%7D%5D%7D", {
  path: "/derivatives/api/v3/batchorder",
});
const SHORT = spot(`nonce=${NONCE}`, { path: "/0/private/Balance" });
const QUERY = spot(`nonce=${NONCE}`, { path: "/0/private/GetCustodyTask?id=TGWOJ4JQPOTZT2" });
const SEND = futures("orderType=lmt&symbol=PI_XBTUSD&side=buy&size=1&limitPrice=1.5");
const GET = futures("", { path: "/derivatives/api/v3/openpositions" });
const SPOT_PROXY = spot(`nonce=${NONCE}`, { path: "/kraken/0/private/Balance" });
const FUTURES_PROXY = futures("symbol=PI_XBTUSD", { path: "/api/exchange/derivatives/api/v3/cancelallorders" });

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const signedPath = ({ api, path }) => (api === "spot" ? path : path.replace("/derivatives", ""));
/** What Kraken signs, in steps that can be replaced. */
function sign(
  request,
  { key, nonce = request.nonce, body = request.body, path = signedPath(request), digest, hash = "sha512", write } = {},
) {
  const hashed = createHash("sha256").update(request.api === "spot" ? nonce + body : body + nonce + path);
  const made = digest ? digest(hashed.digest("hex")) : hashed.digest();
  const hmac = createHmac(hash, key ?? Buffer.from(request.secret, "base64"));
  if (request.api === "spot") hmac.update(path);
  const mac = hmac.update(made).digest();
  return write ? write(mac) : mac.toString("base64");
}

/** CryptoJS.enc.Hex.parse, as its source has it. */
function cryptoJsHex(text) {
  const words = [];
  for (let at = 0; at < text.length; at += 2) words[at >>> 3] |= parseInt(text.substr(at, 2), 16) << (24 - (at % 8) * 4);
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, at) => bytes.writeInt32BE(word, at * 4));
  return bytes.subarray(0, text.length / 2);
}
const lines = (text, length) => text.match(new RegExp(`.{1,${length}}`, "g")).join("\n");
const later = (request, by) => String(BigInt(request.nonce) + BigInt(by));
/** The same request with another nonce. */
const at = (request, nonce) => ({ ...request, nonce, body: request.body.replace(NONCE, nonce) });

/** `[what its author did, the mistakes that it is, the requests, the function]`. */
export const SIGNERS = [
  // Paths
  ["a proxy that removes /kraken, signed as Kraken receives it", [], [SPOT_PROXY], (r) => sign(r, { path: "/0/private/Balance" })],
  ["a proxy of Futures, signed as Kraken receives it", [], [FUTURES_PROXY], (r) => sign(r, { path: "/api/v3/cancelallorders" })],
  ["a proxy, and the path of its own URL signed", ["path-with-prefix"], [SPOT_PROXY], (r) => sign(r)],
  ["a proxy, and only the last part signed", ["path-shortened"], [SPOT_PROXY], (r) => sign(r, { path: "/Balance" })],
  ["a base path of /0/private signed", ["path-shortened"], [ORDER, SHORT], (r) => sign(r, { path: "/0/private" })],
  ["a base path of /0/private/ signed", ["path-shortened"], [ORDER], (r) => sign(r, { path: "/0/private/" })],
  ["a base path of /api/v3 signed", ["path-shortened"], [SEND], (r) => sign(r, { path: "/api/v3" })],
  ["`url.href`, with its query", ["path-with-host"], [QUERY], (r) => sign(r, { path: `https://api.kraken.com${r.path}` })],
  ["`http://` and the host", ["path-with-host"], [SHORT], (r) => sign(r, { path: `http://api.kraken.com${r.path}` })],
  ["the method and a line break before the path", ["path-with-method"], [ORDER, SEND], (r) => sign(r, { path: `POST\n${signedPath(r)}` })],
  // Outputs
  ["Swift: the description of the digest", ["digest-as-hex"], [ORDER, SEND], (r) => sign(r, { digest: (hex) => `SHA256 digest: ${hex}` })],
  [
    "Swift: the description of the MAC",
    ["output-hex"],
    [ORDER, SEND],
    (r) => sign(r, { write: (mac) => `HMAC with SHA512: ${mac.toString("hex")}` }),
  ],
  [
    "Swift: the description of the MAC, in base64",
    ["output-base64-of-hex"],
    [ORDER],
    (r) => sign(r, { write: (mac) => Buffer.from(`HMAC with SHA512: ${mac.toString("hex")}`).toString("base64") }),
  ],
  [
    "`Buffer.from(digest.toString()).toString('base64')`",
    ["digest-as-text", "digest-as-base64"],
    [ORDER, SEND],
    (r) => sign(r, { digest: (hex) => Buffer.from(Buffer.from(hex, "hex").toString()).toString("base64") }),
  ],
  [
    "`Buffer.from(mac.toString()).toString('base64')`",
    ["output-bytes-as-text"],
    [ORDER, SEND],
    (r) => sign(r, { write: (mac) => Buffer.from(mac.toString()).toString("base64") }),
  ],
  [
    "the same, keyed with the text of the private key",
    ["secret-as-text", "output-bytes-as-text"],
    [ORDER],
    (r) => sign(r, { key: r.secret, write: (mac) => Buffer.from(mac.toString()).toString("base64") }),
  ],
  ["SHA-1 in the HMAC", ["hmac-other-hash"], [ORDER, SEND], (r) => sign(r, { hash: "sha1" })],
  ["MD5 in the HMAC", ["hmac-other-hash"], [ORDER, SEND], (r) => sign(r, { hash: "md5" })],
  ["SHA-384 in the HMAC", ["hmac-other-hash"], [ORDER, SEND], (r) => sign(r, { hash: "sha384" })],
  [
    "SHA-224 in the HMAC, in hexadecimal",
    ["hmac-other-hash", "output-hex"],
    [ORDER],
    (r) => sign(r, { hash: "sha224", write: (mac) => mac.toString("hex") }),
  ],
  [
    "SHA-1 in the HMAC, keyed with text",
    ["hmac-other-hash", "secret-as-text"],
    [ORDER, SEND],
    (r) => sign(r, { hash: "sha1", key: r.secret }),
  ],
  ["a log shows the first 40 characters and an ellipsis", [], [ORDER, SEND], (r) => `${sign(r).slice(0, 40)}…`],
  [
    "a log shows the first 30 characters and dots",
    ["secret-as-text"],
    [ORDER, SEND],
    (r) => `${sign(r, { key: r.secret }).slice(0, 30)}...`,
  ],
  ["Ruby: `Base64.encode64`", ["output-white-space"], [ORDER, SEND], (r) => `${lines(sign(r), 60)}\n`],
  ["Ruby: `Base64.encode64(…).inspect`", ["output-quoted"], [ORDER, SEND], (r) => JSON.stringify(`${lines(sign(r), 60)}\n`)],
  // Keys
  ["an environment variable that is not set", ["secret-missing"], [ORDER, SEND], (r) => sign(r, { key: "" })],
  ["`String(process.env.SECRET)` without a value", ["secret-missing"], [ORDER, SEND], (r) => sign(r, { key: "undefined" })],
  ["`Buffer.from(String(null), 'base64')`", ["secret-missing"], [ORDER, SEND], (r) => sign(r, { key: Buffer.from("null", "base64") })],
  [
    "`Buffer.from(secret, 'hex')`, which is empty",
    ["secret-missing"],
    [ORDER, SEND],
    (r) => sign(r, { key: Buffer.from(r.secret, "hex") }),
  ],
  [
    "`undefined` in place of the private key, and given as it",
    ["secret-missing"],
    [{ ...ORDER, secret: "undefined" }],
    (r) => sign(r, { key: r.secret }),
  ],
  [
    "`Buffer.from(secret, 'hex')` of digits",
    ["secret-decoded-as-hex"],
    [{ ...ORDER, secret: HEX_LIKE }],
    (r) => sign(r, { key: Buffer.from(r.secret, "hex") }),
  ],
  ["`CryptoJS.enc.Hex.parse(secret)`", ["secret-decoded-as-hex"], [ORDER, SEND], (r) => sign(r, { key: cryptoJsHex(r.secret) })],
  ["a key of 32 bytes", ["secret-cut"], [ORDER, SEND], (r) => sign(r, { key: Buffer.from(r.secret, "base64").subarray(0, 32) })],
  [
    "a buffer of 64 characters for the text of the private key",
    ["secret-cut"],
    [ORDER],
    (r) => sign(r, { key: Buffer.from(r.secret.slice(0, 64), "base64") }),
  ],
  [
    "C: `sizeof` of the decoded key, with its zero byte",
    [],
    [ORDER],
    (r) => sign(r, { key: Buffer.from(`${Buffer.from(r.secret, "base64").toString("latin1")}\0`, "latin1") }),
  ],
  [
    "C: a zero byte after the text of the private key",
    [],
    [{ ...ORDER, secret: `${SECRET}\0` }],
    (r) => sign(r, { key: Buffer.from(SECRET, "base64") }),
  ],
  [
    "C: `sizeof` of the key in hexadecimal",
    ["secret-as-hex"],
    [ORDER],
    (r) => sign(r, { key: `${Buffer.from(r.secret, "base64").toString("hex")}\0` }),
  ],
  ["quotation marks removed, and the rest used as text", ["secret-as-text"], QUOTED, (r) => sign(r, { key: r.secret.slice(1, -1) })],
  [
    "the API key in both variables",
    ["key-and-secret-swapped"],
    [{ ...ORDER, secret: KEY, key: KEY }],
    (r) => sign(r, { key: Buffer.from(KEY, "base64") }),
  ],
  [
    "the API key in both variables, used as text",
    ["key-and-secret-swapped", "secret-as-text"],
    [{ ...SEND, secret: KEY, key: KEY }],
    (r) => sign(r, { key: KEY }),
  ],
  ["SHA-256 of the text of the secret", ["secret-hashed"], [ORDER, SEND], (r) => sign(r, { key: sha256(r.secret) })],
  [
    "SHA-256 of the text of the secret in hexadecimal",
    ["secret-hashed"],
    [ORDER],
    (r) => sign(r, { key: sha256(r.secret).toString("hex") }),
  ],
  ["SHA-256 of the decoded secret", ["secret-hashed"], [ORDER, SEND], (r) => sign(r, { key: sha256(Buffer.from(r.secret, "base64")) })],
  [
    "SHA-256 of the decoded secret in hexadecimal",
    ["secret-hashed"],
    [ORDER],
    (r) => sign(r, { key: sha256(Buffer.from(r.secret, "base64")).toString("hex") }),
  ],
  // Hashes
  [
    "the nonce twice in the form, and once in the dict that is sent",
    ["nonce-quoted"],
    [ORDER],
    (r) => sign(r, { body: `nonce=${r.nonce}&${r.body}` }),
  ],
  ["`nonce + '&' + body`", ["parts-separated"], [ORDER], (r) => sign(r, { nonce: `${r.nonce}&` })],
  ["`'nonce=' + nonce + '&' + body`", ["nonce-quoted", "parts-separated"], [ORDER], (r) => sign(r, { nonce: `nonce=${r.nonce}&` })],
  [
    "`path + new Uint8Array(digest)`, and the nonce in seconds",
    ["nonce-unit", "digest-as-numbers"],
    [ORDER],
    (r) => sign(r, { nonce: r.nonce.slice(0, 10), digest: (hex) => Buffer.from(hex, "hex").join(",") }),
  ],
  [
    "Java: `Arrays.toString(digest)`, and a line break after the body",
    ["trailing-newline", "digest-as-numbers"],
    [ORDER, JSON_ORDER],
    (r) => sign(r, { body: `${r.body}\n`, digest: (hex) => `[${new Int8Array(Buffer.from(hex, "hex")).join(", ")}]` }),
  ],
  [
    'PowerShell: `"$path$digest"` of a byte array, and `"$nonce"` in quotation marks',
    ["nonce-quoted", "digest-as-numbers"],
    [ORDER],
    (r) => sign(r, { nonce: `"${r.nonce}"`, digest: (hex) => Buffer.from(hex, "hex").join(" ") }),
  ],
  ["`xxd -p` of the digest", ["digest-as-hex"], [ORDER, SEND], (r) => sign(r, { digest: (hex) => `${lines(hex, 60)}\n` })],
  ["`$(xxd -p)` of the digest", ["digest-as-hex"], [ORDER], (r) => sign(r, { digest: (hex) => lines(hex, 60) })],
  [
    "`od -An -tx1` of the digest",
    ["digest-as-hex"],
    [ORDER],
    (r) =>
      sign(r, {
        digest: (hex) =>
          hex
            .match(/.{32}/g)
            .map((line) => `${line.replace(/../g, " $&")}\n`)
            .join(""),
      }),
  ],
  ["`nonce + otp + body`", ["otp-hashed-apart"], [WITH_OTP], (r) => sign(r, { nonce: `${r.nonce}493817` })],
  ["`nonce + body + otp`", ["otp-hashed-apart"], [WITH_OTP], (r) => sign(r, { body: `${r.body}493817` })],
  // Bodies
  [
    "`price=undefined` signed, which axios leaves out",
    ["parameters-not-sent"],
    [ORDER],
    (r) => sign(r, { body: `${r.body}&price2=undefined` }),
  ],
  [
    "`leverage=` signed and left out",
    ["parameters-not-sent"],
    [ORDER],
    (r) => sign(r, { body: r.body.replace("&pair", "&leverage=&pair") }),
  ],
  ["`validate=true` signed and left out", ["parameters-not-sent"], [ORDER], (r) => sign(r, { body: `${r.body}&validate=true` })],
  [
    "`null` signed and left out of the JSON",
    ["parameters-not-sent"],
    [JSON_ORDER],
    (r) => sign(r, { body: r.body.replace("}", ',"otp":null}') }),
  ],
  ["`37500.0` signed, 37500 sent", ["number-format"], [ORDER, JSON_ORDER], (r) => sign(r, { body: r.body.replace("37500", "37500.0") })],
  ["`toFixed(2)` for the price", ["number-format"], [ORDER], (r) => sign(r, { body: r.body.replace("37500", "37500.00") })],
  [
    "`toFixed(8)` for all numbers",
    ["number-format"],
    [ORDER],
    (r) => sign(r, { body: r.body.replace("37500", "37500.00000000").replace("1.25", "1.25000000") }),
  ],
  [
    "`String(0.0000001)`, which has an exponent",
    ["number-format"],
    [{ ...SMALL, body: SMALL.body.replace("0.0000123", "0.0000001") }],
    (r) => sign(r, { body: r.body.replace("0.0000001", "1e-7") }),
  ],
  [
    "Python: JSON made with an f-string, with True and None",
    ["json-spacing", "literals-as-text"],
    [FLAG],
    (r) => sign(r, { body: `{"nonce": "${r.nonce}", "pair": "XBTUSD", "validate": True, "leverage": None}` }),
  ],
  ["a batch signed without `json=`", ["postdata-wrapped"], [BATCH], (r) => sign(r, { body: decodeURIComponent(r.body.slice(5)) })],
  ["a batch signed without `json=`, escaped", ["postdata-wrapped"], [BATCH], (r) => sign(r, { body: r.body.slice(5) })],
  [
    "a batch signed without `json=`, with Python's white space",
    ["postdata-wrapped", "json-spacing"],
    [BATCH],
    (r) => sign(r, { body: decodeURIComponent(r.body.slice(5)).replace(/(?<=[,:])/g, " ") }),
  ],
  [
    "the values joined, without their names",
    ["parameter-names-missing"],
    [ORDER, SEND],
    (r) => sign(r, { body: [...new URLSearchParams(r.body).values()].join("") }),
  ],
  [
    "`Object.values(params).join('&')`",
    ["parameter-names-missing"],
    [ORDER],
    (r) => sign(r, { body: [...new URLSearchParams(r.body).values()].join("&") }),
  ],
  // Nonces
  ["the nonce in hexadecimal", ["nonce-notation"], [ORDER, SEND], (r) => sign(r, { nonce: BigInt(r.nonce).toString(16) })],
  [
    "`toLocaleString()` of the nonce",
    ["nonce-notation"],
    [ORDER, SEND],
    (r) => sign(r, { nonce: Number(r.nonce).toLocaleString("en-US") }),
  ],
  [
    "`toLocaleString('fr')` of the nonce",
    ["nonce-notation"],
    [ORDER],
    (r) => sign(r, { nonce: r.nonce.replace(/\B(?=(\d{3})+$)/g, "\u202f") }),
  ],
  ["`padStart(20, '0')` for the hash", ["nonce-notation"], [ORDER], (r) => sign(r, { nonce: r.nonce.padStart(20, "0") })],
  [
    "the clock read again 700 ms later, for the hash",
    ["nonce-taken-twice"],
    [ORDER, JSON_ORDER, SEND],
    (r) => sign(r, { nonce: later(r, 700) }),
  ],
  ["the clock read 31 ms before", ["nonce-taken-twice"], [ORDER, GET], (r) => sign(r, { nonce: later(r, -31) })],
  ["the body made again 900 ms later, with a new nonce", ["nonce-taken-twice"], [ORDER, JSON_ORDER], (r) => sign(at(r, later(r, -900)))],
  [
    "two readings of a clock in microseconds with a step of a millisecond",
    ["nonce-taken-twice"],
    [at(ORDER, `${NONCE}000`)],
    (r) => sign(r, { nonce: later(r, 45_000) }),
  ],
  [
    "a new nonce 12 ms later, and hexadecimal",
    ["nonce-taken-twice", "output-hex"],
    [ORDER],
    (r) => sign(r, { nonce: later(r, 12), write: (mac) => mac.toString("hex") }),
  ],
];
