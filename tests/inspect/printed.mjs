// Broken signers that hash values as a language prints them, beside those of rare.mjs. Nothing here knows how the inspector works.
import { createHash, createHmac } from "node:crypto";
import { NONCE, SECRET, futures, spot } from "./templates.mjs";

const ORDER = spot(`nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`);
const JSON_ORDER = spot(`{"nonce":"${NONCE}","ordertype":"limit","pair":"XBTUSD","price":"37500","type":"buy","volume":"1.25"}`);
const JSON_BATCH = spot(`{"nonce":"${NONCE}","pair":"XBTUSD","orders":[{"type":"buy","volume":"1"},{"type":"sell","volume":"2"}]}`, {
  path: "/0/private/AddOrderBatch",
});
const LIST = spot(`nonce=${NONCE}&txid=OABC%2CODEF`, { path: "/0/private/QueryOrders" });
const AXIOS_LIST = spot(`nonce=${NONCE}&txid%5B%5D=OABC&txid%5B%5D=ODEF`, { path: "/0/private/QueryOrders" });
const SEND = futures("orderType=lmt&symbol=PI_XBTUSD&side=buy&size=1&limitPrice=1.5");
const JSON_IN_FORM = futures(`json=${encodeURIComponent('{"batchOrder":[{"order":"send","size":1,"limitPrice":1.5}]}')}`, {
  path: "/derivatives/api/v3/batchorder",
});

/** The signed fields of a FIX logon, and all of them, each with its end. */
const joined = (fields) => fields.map((field) => `${field}\x01`).join("");
const SIGNED = ["35=A", "34=7", "49=MY-DESK", "56=KRAKEN-TRD", "553=a-key"];
const SENT = ["8=FIX.4.4", "9=200", ...SIGNED.slice(0, 4), "52=20210323-09:39:36.594", "98=0", "108=60", SIGNED[4]];
const LOGON = futures(joined(SIGNED), { path: "", sent: { body: joined(SENT) } });

/** What Kraken signs, in steps that can be replaced. */
function sign(request, { key = Buffer.from(SECRET, "base64"), nonce = request.nonce, body = request.body, hash = "sha256", write } = {}) {
  const path = request.path.replace("/derivatives", "");
  const digest = createHash(hash);
  const parts = request.api === "spot" ? [nonce, body] : [body, nonce, path];
  parts.forEach((part) => digest.update(part));
  const hmac = createHmac("sha512", key);
  if (request.api === "spot") hmac.update(path);
  const mac = hmac.update(digest.digest()).digest();
  return write ? write(mac) : mac.toString("base64");
}

const pairs = (request, write, between = ", ") => [...new URLSearchParams(request.body)].map(write).join(between);
const bytes = (method, nonce) => {
  const made = Buffer.alloc(8);
  made[method](BigInt(nonce));
  return made;
};
const change = (from, to) => (request) => sign(request, { body: request.body.replaceAll(from, to) });
const printed = (did, write, requests = [ORDER, SEND]) => [did, ["object-as-text"], requests, (r) => sign(r, { body: write(r) })];
const numbers = (did, requests, broken) => [did, ["json-number-or-string"], requests, broken];

/** `[what its author did, the mistakes that it is, the requests, the function]`. */
export const SIGNERS = [
  // Parameters as text
  printed("PHP: `$nonce . $data` with an array", () => "Array"),
  printed("a promise that was not awaited", () => "[object Promise]"),
  printed("`${formData}`", () => "[object FormData]"),
  printed("C#: `content.ToString()` of FormUrlEncodedContent", () => "System.Net.Http.FormUrlEncodedContent"),
  printed("C#: `content.ToString()` of StringContent", () => "System.Net.Http.StringContent", [JSON_ORDER]),
  printed('C#: a Dictionary in `$""`', () => "System.Collections.Generic.Dictionary`2[System.String,System.String]"),
  printed("Ruby: `params.to_s`", (r) => `{${pairs(r, ([name, value]) => `"${name}"=>"${value}"`)}}`),
  printed("Ruby 3.4: `params.to_s`", (r) => `{${pairs(r, ([name, value]) => `"${name}" => "${value}"`)}}`),
  printed("Ruby: `params.to_s` with symbols", (r) => `{${pairs(r, ([name, value]) => `:${name}=>"${value}"`)}}`),
  printed("Ruby 3.4: `params.to_s` with symbols", (r) => `{${pairs(r, ([name, value]) => `${name}: "${value}"`)}}`),
  printed("Python: `str(list(data.items()))`", (r) => `[${pairs(r, ([name, value]) => `('${name}', '${value}')`)}]`),
  printed("Python: `str(OrderedDict(…))`", (r) => `OrderedDict([${pairs(r, ([name, value]) => `('${name}', '${value}')`)}])`),
  printed("Python 3.12: `str(OrderedDict(…))`", (r) => `OrderedDict({${pairs(r, ([name, value]) => `'${name}': '${value}'`)}})`),
  printed("Rust: `{:?}` of a list of pairs", (r) => `[${pairs(r, ([name, value]) => `("${name}", "${value}")`)}]`),
  printed('Swift: `"\\(parameters)"`', (r) => `[${pairs(r, ([name, value]) => `"${name}": "${value}"`)}]`),
  printed("`util.inspect` of URLSearchParams", (r) => `URLSearchParams { ${pairs(r, ([name, value]) => `'${name}' => '${value}'`)} }`),
  printed("Go: `fmt.Sprint(values)` of url.Values", (r) => {
    const sorted = new URLSearchParams(r.body);
    sorted.sort();
    return `map[${[...sorted].map(([name, value]) => `${name}:[${value}]`).join(" ")}]`;
  }),
  // Nonces
  ...["undefined", "null", "None", "NaN", "0", "[object Promise]"].map((text) => [
    `a nonce without a value, hashed as \`${text}\``,
    ["nonce-missing"],
    [ORDER, SEND],
    (r) => sign(r, { nonce: text }),
  ]),
  [
    "the nonce as 8 bytes, the highest first",
    ["nonce-notation"],
    [ORDER, SEND],
    (r) => sign(r, { nonce: bytes("writeBigUInt64BE", r.nonce) }),
  ],
  ["the nonce as 8 bytes, the lowest first", ["nonce-notation"], [ORDER], (r) => sign(r, { nonce: bytes("writeBigUInt64LE", r.nonce) })],
  ["C: `%f` of the nonce", ["nonce-as-number"], [ORDER, SEND], (r) => sign(r, { nonce: `${r.nonce}.000000` })],
  // Numbers
  ["C: `%f` of the volume", ["number-format"], [ORDER], change("1.25", "1.250000")],
  [
    "C++: `std::to_string` of all numbers",
    ["number-format"],
    [ORDER],
    (r) => change("37500", "37500.000000")({ ...r, body: r.body.replace("1.25", "1.250000") }),
  ],
  ["`toFixed(10)` of the volume", ["number-format"], [ORDER], change("1.25", "1.2500000000")],
  ["a locale with a decimal comma", ["number-format"], [ORDER], change("1.25", "1,25")],
  numbers("numbers for price and volume, and text for the nonce", [JSON_ORDER], change(/"(37500|1.25)"/g, "$1")),
  numbers("only the volume as a number", [JSON_ORDER], change('"1.25"', "1.25")),
  numbers("numbers for the volumes in a batch", [JSON_BATCH], change(/"(1|2)"/g, "$1")),
  numbers(
    "text for the size in a batch of Futures",
    [JSON_IN_FORM],
    change(encodeURIComponent('"size":1'), encodeURIComponent('"size":"1"')),
  ),
  // Lists
  ["PHP: `http_build_query` of a list", ["nested-as-text"], [LIST], change("txid=OABC%2CODEF", "txid%5B0%5D=OABC&txid%5B1%5D=ODEF")],
  ["jQuery: `txid[]=`", ["nested-as-text"], [LIST], change("txid=OABC%2CODEF", "txid%5B%5D=OABC&txid%5B%5D=ODEF")],
  [
    "a list joined by commas, which axios sends as `txid[]=`",
    ["nested-as-text"],
    [AXIOS_LIST],
    change("txid%5B%5D=OABC&txid%5B%5D=ODEF", "txid=OABC%2CODEF"),
  ],
  // The hash, the private key and the signature
  ["MD5 in place of SHA-256", ["digest-other-hash"], [ORDER, SEND], (r) => sign(r, { hash: "md5" })],
  ["a private key that is a promise", ["secret-missing"], [ORDER, SEND], (r) => sign(r, { key: "[object Promise]" })],
  ["`JSON.stringify` of the MAC", ["output-as-numbers"], [ORDER, SEND], (r) => sign(r, { write: JSON.stringify })],
  // The logon of FIX
  ["FIX: all fields", ["fix-fields"], [LOGON], (r) => sign(r, { body: joined(SENT) })],
  [
    "FIX: the time among the fields",
    ["fix-fields"],
    [LOGON],
    (r) => sign(r, { body: joined([...SIGNED.slice(0, 4), SENT[6], SIGNED[4]]) }),
  ],
  ["FIX: the sequence number 1, whichever is sent", ["fix-fields"], [LOGON], (r) => sign(r, { body: r.body.replace("34=7", "34=1") })],
];
