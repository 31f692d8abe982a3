// Runs what is worth counting on a binary whose global `work` counts its instructions, and prints the counts.
import { readFileSync } from "node:fs";

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(process.argv[2])));
const scratch = new Uint8Array(exports.memory.buffer, exports.scratch(), exports.capacity());
const put = (text) => new TextEncoder().encodeInto(text, scratch).written;

const SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const NONCE = "1616492376594";
const ORDER = `nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
const BATCH = JSON.stringify({
  nonce: NONCE,
  pair: "XBTUSD",
  orders: Array.from({ length: 75 }, (_, index) => ({ ordertype: "limit", type: "buy", volume: "1.25", price: String(37_500 + index) })),
});
const FUTURES = "orderType=lmt&symbol=PI_XBTUSD&side=buy&size=10000&limitPrice=37500";

const counts = {};
/** Counts an answer that is as long as it has to be. */
function count(what, answers, run) {
  const before = exports.work.value;
  const answer = run();
  if (!answers(answer)) throw new Error(`${what} answered ${answer}`);
  counts[what] = Number(exports.work.value - before);
  return answer;
}

const handle = (answer) => answer >= 0;
const signature = (answer) => answer === 88;
const key = put(SECRET);
const secret = count("a private key from base64", handle, () => exports.secret(key, 1));
const setupKey = put("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
const totp = count("a setup key of SHA-1", handle, () => exports.totp(setupKey, 0, 0, 0));
for (const [what, futures, path, body] of [
  ["AddOrder", 0, "/0/private/AddOrder", ORDER],
  [`AddOrderBatch of ${BATCH.length} bytes`, 0, "/0/private/AddOrderBatch", BATCH],
  ["a Futures order", 1, "/derivatives/api/v3/sendorder", FUTURES],
]) {
  const length = put(path + NONCE + body);
  count(what, signature, () => exports.sign(futures, secret, path.length, NONCE.length, length));
}
count(
  "a code of SHA-1",
  (answer) => answer === 6,
  () => exports.code(totp, 1_700_000_000_000),
);
console.log(JSON.stringify(counts));
