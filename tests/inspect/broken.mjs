// Broken signers, by hand: each is a whole function, wrong in the way that JavaScript makes easy. Nothing here knows how the inspector works.
import { createHash, createHmac } from "node:crypto";

const sha256 = (data) => createHash("sha256").update(data).digest();
const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha512", key)).digest();
const decode = (secret) => Buffer.from(secret, "base64");

/** What a right client would send. */
const form = (params) => new URLSearchParams(params).toString();
const json = (params) => JSON.stringify(Object.fromEntries(params));
const sent = ({ format, params }) => (format === "json" ? json(params) : form(params));

/**
 * `[what its author did, the mistakes that it is, the function, for which requests]`. The function returns the signature, or an object with it
 * and what is sent otherwise than in the request.
 */
const SPOT = [
  [
    "`path + hash.digest('binary')`, concatenated as strings",
    ["digest-as-text"],
    ({ secret, path, nonce }, body) => {
      const digest = createHash("sha256")
        .update(nonce + body)
        .digest("binary");
      return createHmac("sha512", decode(secret))
        .update(path + digest)
        .digest("base64");
    },
  ],
  [
    "`${path}${digest}` in a template",
    ["digest-as-text"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), `${path}${sha256(nonce + body)}`).toString("base64"),
  ],
  [
    "the secret not decoded",
    ["secret-as-text"],
    ({ secret, path, nonce }, body) => hmac(secret, path, sha256(nonce + body)).toString("base64"),
  ],
  [
    "`atob(secret)` given to createHmac",
    ["secret-bytes-as-text"],
    ({ secret, path, nonce }, body) => hmac(atob(secret), path, sha256(nonce + body)).toString("base64"),
  ],
  [
    "`Buffer.from(secret, 'base64').toString()`",
    ["secret-bytes-as-text"],
    ({ secret, path, nonce }, body) => hmac(decode(secret).toString(), path, sha256(nonce + body)).toString("base64"),
  ],
  [
    "a secret that came as a query parameter, its + become blanks",
    ["secret-plus-lost"],
    ({ secret, path, nonce }, body) => {
      const received = new URLSearchParams(`secret=${secret}`).get("secret");
      return hmac(decode(received), path, sha256(nonce + body)).toString("base64");
    },
    ({ secret }) => secret.includes("+"),
  ],
  [
    "a tutorial: the form signed is sent as `postdata` of another form",
    ["postdata-wrapped"],
    ({ secret, path, nonce, params }) => ({
      signature: hmac(decode(secret), path, sha256(nonce + form(params))).toString("base64"),
      body: form([
        ["nonce", nonce],
        ["postdata", form(params)],
      ]),
    }),
    ({ format }) => format === "form",
  ],
  [
    "an API with the nonce in a header, signed as the others with `nonce=…`",
    ["nonce-added-to-body"],
    ({ secret, nonce }) => {
      const path = "/funding/v1/addresses?asset=XBT";
      const signature = hmac(decode(secret), path, sha256(`${nonce}nonce=${nonce}`)).toString("base64");
      return { signature, path, body: "" };
    },
  ],
  [
    "`nonce + params`, an object",
    ["object-as-text"],
    ({ secret, path, nonce, params }) => hmac(decode(secret), path, sha256(nonce + Object.fromEntries(params))).toString("base64"),
  ],
  [
    "`JSON.stringify(params)` signed, a form sent",
    ["json-instead-of-form"],
    ({ secret, path, nonce, params }) => hmac(decode(secret), path, sha256(nonce + json(params))).toString("base64"),
    ({ format }) => format === "form",
  ],
  [
    "`JSON.stringify(params, null, 2)`",
    ["json-spacing"],
    ({ secret, path, nonce, params }) =>
      hmac(decode(secret), path, sha256(nonce + JSON.stringify(Object.fromEntries(params), null, 2))).toString("base64"),
    ({ format }) => format === "json",
  ],
  [
    "`JSON.stringify` twice",
    ["json-encoded-twice"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce + JSON.stringify(body))).toString("base64"),
    ({ format }) => format === "json",
  ],
  [
    "`Number(nonce)` in the JSON that is signed, a string in the JSON that is sent",
    ["json-number-or-string"],
    ({ secret, path, nonce }, body) =>
      hmac(decode(secret), path, sha256(nonce + body.replace(`"nonce":"${nonce}"`, `"nonce":${Number(nonce)}`))).toString("base64"),
    ({ format, nonce }) => format === "json" && nonce.length < 16,
  ],
  [
    "`nonce = Number('…')` beyond 2^53",
    ["nonce-as-number"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(Number(nonce) + body)).toString("base64"),
    ({ nonce }) => nonce.length > 16,
  ],
  [
    "`Date.now() / 1000` for the hash",
    ["nonce-as-number"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce / 1000 + body)).toString("base64"),
    ({ nonce }) => nonce.length === 13,
  ],
  [
    "`Date.now() * 1000` for the hash",
    ["nonce-unit"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce * 1000 + body)).toString("base64"),
    ({ nonce }) => nonce.length === 13,
  ],
  [
    "`encodeURIComponent` for each value, `URLSearchParams` sent",
    ["space-encoding", "body-escapes"],
    ({ secret, path, nonce, params }) => {
      const encoded = params.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
      return hmac(decode(secret), path, sha256(nonce + encoded)).toString("base64");
    },
    ({ params }) => params.some(([, value]) => String(value).includes("'")),
  ],
  [
    "`decodeURIComponent(body)`",
    ["body-decoded"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce + decodeURIComponent(body))).toString("base64"),
    ({ format, params }) => format === "form" && params.length > 1,
  ],
  [
    "`new URL(url).href` for the path",
    ["path-with-host"],
    ({ secret, path, nonce }, body) =>
      hmac(decode(secret), new URL(path, "https://api.kraken.com").href, sha256(nonce + body)).toString("base64"),
  ],
  [
    "`new URL(url).pathname`",
    ["path-without-query"],
    ({ secret, path, nonce }, body) =>
      hmac(decode(secret), new URL(path, "https://api.kraken.com").pathname, sha256(nonce + body)).toString("base64"),
    ({ path }) => path.includes("?"),
  ],
  [
    "the OTP appended to the body after signing",
    ["otp-added-after-signing"],
    ({ secret, path, nonce, format, params }) =>
      hmac(decode(secret), path, sha256(nonce + sent({ format, params: params.filter(([name]) => name !== "otp") }))).toString("base64"),
    ({ params }) => params.some(([name]) => name === "otp"),
  ],
  [
    "`digest('base64url')`",
    ["output-url-safe"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce + body)).toString("base64url"),
  ],
  [
    "`btoa(hex)`",
    ["output-base64-of-hex"],
    ({ secret, path, nonce }, body) => btoa(hmac(decode(secret), path, sha256(nonce + body)).toString("hex")),
  ],
  [
    "`Buffer.from(mac.digest('binary')).toString('base64')`",
    ["output-bytes-as-text"],
    ({ secret, path, nonce }, body) => Buffer.from(hmac(decode(secret), path, sha256(nonce + body)).toString("binary")).toString("base64"),
  ],
  [
    "`encodeURIComponent(signature)` in the header",
    ["output-percent-encoded"],
    ({ secret, path, nonce }, body) => encodeURIComponent(hmac(decode(secret), path, sha256(nonce + body)).toString("base64")),
  ],
  [
    "digest('hex') twice, as for other exchanges",
    ["digest-as-hex", "output-hex"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path + sha256(nonce + body).toString("hex")).toString("hex"),
  ],
  [
    "an example for Binance: query signed with the bare secret, in hexadecimal",
    ["secret-as-text", "hash-missing", "output-hex"],
    ({ secret, path, nonce }, body) => createHmac("sha512", secret).update(path).update(nonce).update(body).digest("hex"),
  ],
  [
    "an example for Coinbase: method and path, HMAC-SHA256",
    ["path-with-method", "hmac-sha256"],
    ({ secret, path, nonce }, body) =>
      createHmac("sha256", decode(secret))
        .update("POST" + path)
        .update(sha256(nonce + body))
        .digest("base64"),
  ],
  [
    "`echo` in a shell: line breaks after body and signature",
    ["trailing-newline", "output-white-space"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(`${nonce}${body}\n`)).toString("base64") + "\n",
  ],
  [
    "the secret read with its line break, used as text, digest in hexadecimal",
    ["secret-as-text", "secret-white-space", "digest-as-hex"],
    ({ secret, path, nonce }, body) => hmac(`${secret}\n`, path + sha256(nonce + body).toString("hex")).toString("base64"),
  ],
];

/** The same for the right signature of Go's own encoders, by hand: sorted keys, escapes for HTML, alphabets by name. */
const url = {
  /** url.Values.Encode: sorted by key, QueryEscape for both. */
  encode: (values) =>
    [...values]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${url.queryEscape(name)}=${url.queryEscape(String(value))}`)
      .join("&"),
  queryEscape: (text) =>
    [...Buffer.from(text)]
      .map((byte) =>
        /[\w.~-]/.test(String.fromCharCode(byte)) && byte < 128
          ? String.fromCharCode(byte)
          : byte === 32
            ? "+"
            : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
      )
      .join(""),
  /** url.PathEscape: %20 for a blank. */
  pathEscape: (text) => url.queryEscape(text).replaceAll("+", "%20"),
};
/** json.Marshal of a map: sorted keys; <, > and & escaped. */
const marshal = (params) =>
  JSON.stringify(Object.fromEntries([...params].sort(([one], [other]) => (one < other ? -1 : 1)))).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
const stdEncoding = (bytes) => Buffer.from(bytes).toString("base64");
const rawStdEncoding = (bytes) => stdEncoding(bytes).replace(/=+$/, "");
const urlEncoding = (bytes) => stdEncoding(bytes).replaceAll("+", "-").replaceAll("/", "_");
const sortable = ({ params }) => params.length > 1;

const GO = [
  [
    "`values.Encode()` signed, which sorts; the values sent in their own order",
    ["parameter-order"],
    ({ secret, path, nonce, params }) => stdEncoding(hmac(decode(secret), path, sha256(nonce + url.encode(params)))),
    (request) => request.format === "form" && sortable(request),
  ],
  [
    "`json.Marshal` of a map, which sorts, and escapes <, > and &",
    (request) => (/[<>&]/.test(sent(request)) ? ["parameter-order", "json-escapes"] : ["parameter-order"]),
    ({ secret, path, nonce, params }) => stdEncoding(hmac(decode(secret), path, sha256(nonce + marshal(params)))),
    (request) => request.format === "json" && sortable(request),
  ],
  [
    "`fmt.Sprint(params)`",
    ["object-as-text"],
    ({ secret, path, nonce, params }) => {
      const map = [...params].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
      return stdEncoding(hmac(decode(secret), path, sha256(`${nonce}map[${map.join(" ")}]`)));
    },
    ({ params }) => params.every(([, value]) => typeof value !== "object"),
  ],
  [
    "`[]byte(secret)`",
    ["secret-as-text"],
    ({ secret, path, nonce }, body) => stdEncoding(hmac(Buffer.from(secret), path, sha256(nonce + body))),
  ],
  [
    "`hex.EncodeToString(sum[:])` before the HMAC",
    ["digest-as-hex"],
    ({ secret, path, nonce }, body) => stdEncoding(hmac(decode(secret), path + sha256(nonce + body).toString("hex"))),
  ],
  [
    "`append(sum[:], path...)`",
    ["path-after-digest"],
    ({ secret, path, nonce }, body) => stdEncoding(hmac(decode(secret), sha256(nonce + body), path)),
  ],
  [
    "`sha512.Sum512` for the digest",
    ["digest-sha512"],
    ({ secret, path, nonce }, body) => {
      const sum = createHash("sha512")
        .update(nonce + body)
        .digest();
      return stdEncoding(hmac(decode(secret), path, sum));
    },
  ],
  [
    "`hmac.New(sha256.New, key)`",
    ["hmac-sha256"],
    ({ secret, path, nonce }, body) =>
      stdEncoding(
        createHmac("sha256", decode(secret))
          .update(path)
          .update(sha256(nonce + body))
          .digest(),
      ),
  ],
  [
    "`strconv.FormatFloat(nonce, 'e', -1, 64)`",
    ["nonce-as-number"],
    ({ secret, path, nonce }, body) => stdEncoding(hmac(decode(secret), path, sha256(Number(nonce).toExponential() + body))),
  ],
  [
    "`time.Now().Unix()` for the hash, `UnixMilli()` in the body",
    ["nonce-unit"],
    ({ secret, path, nonce }, body) => stdEncoding(hmac(decode(secret), path, sha256(String(BigInt(nonce) / 1000n) + body))),
    ({ nonce }) => nonce.length === 13,
  ],
  [
    "`base64.RawStdEncoding`",
    ["output-unpadded"],
    ({ secret, path, nonce }, body) => rawStdEncoding(hmac(decode(secret), path, sha256(nonce + body))),
  ],
  [
    "`base64.URLEncoding`",
    ["output-url-safe"],
    ({ secret, path, nonce }, body) => urlEncoding(hmac(decode(secret), path, sha256(nonce + body))),
    (request) => /[-_]/.test(urlEncoding(hmac(decode(request.secret), request.path, sha256(request.nonce + sent(request))))),
  ],
  [
    "`hex.EncodeToString(mac.Sum(nil))`",
    ["output-hex"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce + body)).toString("hex"),
  ],
  [
    "`u.Path` without its RawQuery, and `mac.Sum(sum[:])` in hexadecimal",
    ["path-without-query", "output-hex"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path.split("?")[0], sha256(nonce + body)).toString("hex"),
    ({ path }) => path.includes("?"),
  ],
  [
    "`url.PathEscape` for the values, sorted, as bytes of the secret's text",
    ["secret-as-text", "parameter-order", "space-encoding"],
    ({ secret, path, nonce, params }) => {
      const body = [...params]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => `${url.pathEscape(name)}=${url.pathEscape(value)}`)
        .join("&");
      return stdEncoding(hmac(Buffer.from(secret), path, sha256(nonce + body)));
    },
    (request) => request.format === "form" && sortable(request),
  ],
];

/** Futures, in JavaScript. */
const FUTURES = [
  [
    "`url.pathname`, with /derivatives",
    ["path-with-derivatives"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), sha256(body + nonce + path)).toString("base64"),
  ],
  [
    "the order of Spot in the hash",
    ["hash-order"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), sha256(nonce + body + path.replace("/derivatives", ""))).toString("base64"),
  ],
  [
    "the whole scheme of Spot",
    ["scheme-of-spot"],
    ({ secret, path, nonce }, body) => hmac(decode(secret), path.replace("/derivatives", ""), sha256(nonce + body)).toString("base64"),
  ],
  [
    "no nonce in the hash, though one in the header",
    ["nonce-missing"],
    ({ secret, path }, body) => hmac(decode(secret), sha256(body + path.replace("/derivatives", ""))).toString("base64"),
  ],
  [
    "the form decoded, as before February 2024",
    ["body-decoded"],
    ({ secret, path, nonce, params }) => {
      const body = params.map(([name, value]) => `${name}=${value}`).join("&");
      return hmac(decode(secret), sha256(body + nonce + path.replace("/derivatives", ""))).toString("base64");
    },
  ],
  [
    "`digest('hex')` under the HMAC",
    ["digest-as-hex"],
    ({ secret, path, nonce }, body) =>
      hmac(decode(secret), sha256(body + nonce + path.replace("/derivatives", "")).toString("hex")).toString("base64"),
  ],
];

const right = {
  spot: ({ secret, path, nonce }, body) => hmac(decode(secret), path, sha256(nonce + body)).toString("base64"),
  futures: ({ secret, path, nonce }, body) =>
    hmac(decode(secret), sha256(body + nonce + path.replace("/derivatives", ""))).toString("base64"),
};

/** Every broken signer with every request that it can sign. */
export function cases({ key, requests }) {
  const all = [
    ...SPOT.map((signer) => ["JavaScript", "spot", ...signer]),
    ...GO.map((signer) => ["Go-like", "spot", ...signer]),
    ...FUTURES.map((signer) => ["JavaScript", "futures", ...signer]),
  ];
  return all.flatMap(([language, api, did, mistakes, sign, when = () => true]) => {
    const fitting = requests.filter((request) => request.api === api && when(request));
    if (!fitting.length) throw new Error(`no request for: ${did}`);
    return fitting.map((request) => {
      const { secret, path, nonce } = request;
      const made = sign(request, sent(request));
      const input = { api, key, secret, path, nonce, body: sent(request), ...(typeof made === "string" ? { signature: made } : made) };
      // What has no effect is no mistake: bytes below 128 are the same as text.
      const harmless = input.signature === right[api](request, input.body);
      const labels = typeof mistakes === "function" ? mistakes(request) : mistakes;
      return { language, request: request.name, did: [did], mistakes: harmless ? [] : labels, input };
    });
  });
}
