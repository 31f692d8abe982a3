// Logons of FIX that are signed wrongly: each mistake is named, from the parts and from the message as a log prints it.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { capturedRequest, explain, investigate } from "kraken-signer/inspect";
import { Signer } from "kraken-signer";
import { SECRET } from "./templates.mjs";

const KEY = "q+4qT6iXXVMAIDGvsXrdCC4KA97Cqo8vM5I7Yw2fYmmbsgvecg5ZDX3l";
const NONCE = "1616492376594";
const END = "\x01";
const FIELDS = ["35=A", "34=1", "49=MY-DESK", "56=KRAKEN-TRD", `553=${KEY}`];
const SIGNED = FIELDS.map((field) => field + END).join("");
const bytes = Buffer.from(SECRET, "base64");
const sha256 = (data) => createHash("sha256").update(data).digest();

/** The right signature of a logon, some steps of it replaced. */
function sign({
  text = SIGNED,
  nonce = NONCE,
  hashed = text + nonce,
  key = bytes,
  digest = sha256(hashed),
  hash = "sha512",
  as = "base64",
} = {}) {
  return createHmac(hash, key).update(digest).digest(as);
}
const values = FIELDS.map((field) => field.replace(/^\d+=/, ""));

const TIME = "20210323-09:39:36.594";
/** These fields in their order, each with its end. */
const joined = (fields, end = END) => fields.map((field) => field + end).join("");
/** All fields of the message but the checksum, the signature and the nonce. */
const OTHERS = ["8=FIX.4.4", "9=300", ...FIELDS.slice(0, 4), `52=${TIME}`, "98=0", "108=60", "141=Y", FIELDS[4]];

/** Signers of other fields, which only the whole message shows: `[what its author did, the mistakes that it is, the signature]`. */
const OF_OTHER_FIELDS = [
  ["all fields", ["fix-fields"], sign({ text: joined(OTHERS) })],
  ["all fields, with 5025 in place of the nonce", ["fix-fields", "nonce-missing"], sign({ hashed: joined([...OTHERS, `5025=${NONCE}`]) })],
  ["all fields but 8 and 9", ["fix-fields"], sign({ text: joined(OTHERS.slice(2)) })],
  ["8 and 9 before the five", ["fix-fields"], sign({ text: joined([...OTHERS.slice(0, 2), ...FIELDS]) })],
  ["the time in the order of the message", ["fix-fields"], sign({ text: joined([...FIELDS.slice(0, 4), `52=${TIME}`, FIELDS[4]]) })],
  ["the time after the five", ["fix-fields"], sign({ text: joined([...FIELDS, `52=${TIME}`]) })],
  ["the time in place of the nonce", ["nonce-differs"], sign({ nonce: TIME })],
  ["98 and 108", ["fix-fields"], sign({ text: joined([...FIELDS.slice(0, 4), "98=0", "108=60", FIELDS[4]]) })],
  ["all fields, with | for the separator", ["fix-fields", "parameter-separator"], sign({ text: joined(OTHERS, "|") })],
  ["another sequence number", ["fix-fields"], sign({ text: SIGNED.replace("34=1", "34=2") })],
  [
    "another sequence number, and the private key as text",
    ["secret-as-text", "fix-fields"],
    sign({ key: SECRET, text: SIGNED.replace("34=1", "34=2") }),
  ],
  ["no Username", ["fix-fields"], sign({ text: SIGNED.split("553=")[0] })],
  ["no MsgSeqNum", ["fix-fields"], sign({ text: SIGNED.replace("34=1\x01", "") })],
];

/** `[what its author did, the mistakes that it is, the signature]`. */
const SIGNERS = [
  ["nothing wrong", [], sign()],
  ["the private key not decoded", ["secret-as-text"], sign({ key: SECRET })],
  ["hexadecimal in place of base64", ["output-hex"], sign({ as: "hex" })],
  ["hexadecimal of the digest signed", ["digest-as-hex"], sign({ digest: sha256(SIGNED + NONCE).toString("hex") })],
  ["HMAC-SHA256", ["hmac-sha256"], sign({ hash: "sha256" })],
  ["no SHA-256 before the HMAC", ["hash-missing"], sign({ digest: SIGNED + NONCE })],
  [
    "SHA-512 in place of SHA-256",
    ["digest-sha512"],
    sign({
      digest: createHash("sha512")
        .update(SIGNED + NONCE)
        .digest(),
    }),
  ],
  ["the nonce before the fields", ["hash-order"], sign({ hashed: NONCE + SIGNED })],
  ["no nonce", ["nonce-missing"], sign({ nonce: "" })],
  ["another nonce than in 5025, some milliseconds later", ["nonce-taken-twice"], sign({ nonce: String(Number(NONCE) + 40) })],
  ["a nonce in seconds", ["nonce-unit"], sign({ nonce: NONCE.slice(0, -3) })],
  ["a nonce in nanoseconds", ["nonce-unit"], sign({ nonce: `${NONCE}000000` })],
  ["the nonce as a field", ["nonce-added-to-body"], sign({ hashed: `${SIGNED}5025=${NONCE}${END}${NONCE}` })],
  ["only the nonce as a field", ["nonce-added-to-body", "nonce-missing"], sign({ hashed: `${SIGNED}5025=${NONCE}${END}` })],
  [
    "fields in the order of their tags",
    ["parameter-order"],
    sign({ text: [FIELDS[1], FIELDS[0], ...FIELDS.slice(2)].map((field) => field + END).join("") }),
  ],
  [
    "the key before the names",
    ["parameter-order"],
    sign({ text: [...FIELDS.slice(0, 2), FIELDS[4], ...FIELDS.slice(2, 4)].map((field) => field + END).join("") }),
  ],
  ["no separator after the last field", ["parameter-separator"], sign({ text: FIELDS.join(END) })],
  ["| for the separator", ["parameter-separator"], sign({ text: SIGNED.replaceAll(END, "|") })],
  ["| between the fields", ["parameter-separator"], sign({ text: FIELDS.join("|") })],
  ["^A for the separator", ["parameter-separator"], sign({ text: SIGNED.replaceAll(END, "^A") })],
  ["the text \\x01 for the separator", ["parameter-separator"], sign({ text: SIGNED.replaceAll(END, "\\x01") })],
  ["no separators", ["parameter-separator"], sign({ text: FIELDS.join("") })],
  ["& for the separator", ["parameter-separator"], sign({ text: FIELDS.join("&") })],
  ["no Username", ["parameters-added-after-signing"], sign({ text: SIGNED.split("553=")[0] })],
  ["no MsgType", ["parameters-added-after-signing"], sign({ text: SIGNED.slice(5) })],
  ["no TargetCompID", ["parameters-added-after-signing"], sign({ text: SIGNED.replace("56=KRAKEN-TRD\x01", "") })],
  ["only the nonce", ["body-missing"], sign({ text: "" })],
  ["values without tags", ["parameter-names-missing"], sign({ text: values.join("") })],
  ["values without tags, as for other exchanges", ["parameter-names-missing"], sign({ text: values.join(END) })],
  ["a line break at the end", ["trailing-newline"], sign({ text: `${SIGNED}\n` })],
  ["two mistakes", ["secret-as-text", "output-hex"], sign({ key: SECRET, as: "hex" })],
  ["separators and the private key", ["secret-as-text", "parameter-separator"], sign({ key: SECRET, text: FIELDS.join("|") })],
  [
    "plain SHA-512 of the digest",
    ["hash-instead-of-hmac"],
    createHash("sha512")
      .update(sha256(SIGNED + NONCE))
      .digest("base64"),
  ],
  ["the API key as the key", ["key-and-secret-swapped", "secret-as-text"], sign({ key: KEY })],
];

/** A whole message, with these characters at the end of each field. */
const message = (signature, end = END) =>
  [
    "8=FIX.4.4",
    "9=300",
    ...FIELDS.slice(0, 4),
    "52=20210323-09:39:36.594",
    "98=0",
    "108=60",
    "141=Y",
    FIELDS[4],
    `554=${signature}`,
    `5025=${NONCE}`,
    "10=111",
  ]
    .map((field) => field + end)
    .join("");

test("the logon is signed as Futures without a path, in the package and in the inspector", () => {
  const { vectors } = JSON.parse(readFileSync(new URL("../vectors/kraken.json", import.meta.url), "utf8"));
  assert.ok(vectors.length);
  assert.equal(new Signer(SECRET).signFixLogon(SIGNED, NONCE), sign());
  assert.equal(explain({ api: "futures", secret: SECRET, path: "", nonce: NONCE, body: SIGNED }).signature, sign());
});

test(`${SIGNERS.length} signers of FIX: each mistake is named, and none is misnamed`, async () => {
  for (const [did, mistakes, signature] of SIGNERS) {
    const [first] = investigate({ api: "futures", key: KEY, secret: SECRET, path: "", nonce: NONCE, body: SIGNED, signature });
    assert.deepEqual([first.kind, first.mistakes], [mistakes.length ? "mistake" : "right", mistakes], did);
    const [read] = await investigate({ request: message(signature), secret: SECRET });
    // The message shows which fields there are besides.
    const ofMessage = mistakes.map((name) => (name === "parameters-added-after-signing" ? "fix-fields" : name));
    assert.deepEqual([read.kind, read.mistakes], [first.kind, ofMessage], `${did}, from a message`);
  }
});

test("code for the REST API is shown neither for a logon nor for a challenge", () => {
  const signature = sign({ key: SECRET });
  for (const [path, isShown] of [
    ["", false],
    ["/derivatives/api/v3/sendorder", true],
  ]) {
    const key = createHmac("sha512", SECRET);
    const other = key.update(sha256(SIGNED + NONCE + path.replace("/derivatives", ""))).digest("base64");
    const [first] = investigate({
      api: "futures",
      secret: SECRET,
      path,
      nonce: NONCE,
      body: SIGNED,
      signature: path ? other : signature,
      language: "python",
    });
    assert.deepEqual([first.mistakes, first.snippet !== undefined], [["secret-as-text"], isShown], path);
  }
});

test(`${OF_OTHER_FIELDS.length} signers of other fields of the logon are named from the message`, async () => {
  for (const [did, mistakes, signature] of OF_OTHER_FIELDS) {
    const [first] = await investigate({ request: message(signature), secret: SECRET });
    assert.deepEqual([first.kind, first.mistakes], ["mistake", mistakes], did);
  }
  // The password is no part of what is read.
  const { body, sent } = await capturedRequest(message(sign()));
  assert.equal(body, SIGNED);
  assert.equal(sent.body, joined([...OTHERS, `5025=${NONCE}`, "10=111"]));
});

test("a logon is read as logs print it", async () => {
  for (const end of [END, "|", "^A", "<SOH>", "\\x01", "\\u0001", "\u2401", " ", ";"]) {
    const text = `2021-03-23 09:39:36 INFO connected\n2021-03-23 09:39:36,594 <outgoing> ${message(sign(), end)}\r\n<incoming> 8=FIX.4.4${end}35=5${end}`;
    const { format, api, path, nonce, body, key, signature, missing } = await capturedRequest(text);
    assert.deepEqual(
      { format, api, path, nonce, body, key, signature, missing },
      { format: "fix", api: "futures", path: "", nonce: NONCE, body: SIGNED, key: KEY, signature: sign(), missing: [] },
      end,
    );
  }
  const unsigned = message(sign()).replace(/554=[^\x01]*\x01/, "");
  await assert.rejects(investigate({ request: unsigned, secret: SECRET }), /has no field Password \(554\)/);
  const hidden = message("***");
  await assert.rejects(investigate({ request: hidden, secret: SECRET }), { name: "InvalidRequestError" });
});

test("a random signature of a logon has no explanation", () => {
  const [finding] = investigate({
    ...{ api: "futures", key: KEY, secret: SECRET, path: "", nonce: NONCE, body: SIGNED },
    signature: randomBytes(64).toString("base64"),
  });
  assert.match(finding.explanation, /^None of \d+ combinations of up to 3 known mistakes produces this signature\.$/);
});
