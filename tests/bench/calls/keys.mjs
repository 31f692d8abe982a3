// The keys of the bench. The server and its clients compute them alike, so that nothing has to be passed on.
import { createHash, createHmac } from "node:crypto";

/** A request with this key is not checked: its sender measures what a request costs that nobody signs. */
export const UNSIGNED = "unsigned";

/** The key of a caller, in the form of Kraken's. */
export const keyOf = (index) => ({
  key: `bench${String(index).padStart(51, "0")}`,
  secret: createHash("sha512").update(`secret ${index}`).digest("base64"),
});

const secrets = new Map();

/** Whether a signature is the one that node:crypto makes for this key. */
export function isSigned({ key, sign, path, body }) {
  let secret = secrets.get(key);
  if (!secret) secrets.set(key, (secret = Buffer.from(keyOf(Number(key.slice(5))).secret, "base64")));
  const nonce = /(?:^|&)nonce=(\d+)/.exec(body)?.[1];
  const hash = createHash("sha256")
    .update(nonce + body)
    .digest();
  return sign === createHmac("sha512", secret).update(path).update(hash).digest("base64");
}

/** What the server answers to Balance. */
export const BALANCE = { XXBT: "1.0000000000", ZUSD: "100.0000" };

const order = {
  refid: null,
  userref: 0,
  status: "open",
  opentm: 1616666559.8974,
  starttm: 0,
  expiretm: 0,
  descr: { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30010.0", order: "buy 1.25000000 XBTUSD @ limit 30010.0", close: "" },
  vol: "1.25000000",
  vol_exec: "0.37500000",
  cost: "11253.7",
  fee: "0.00000",
  price: "30010.0",
  stopprice: "0.00000",
  limitprice: "0.00000",
  misc: "",
  oflags: "fciq",
  trades: ["TCCCTY-WE2O6-P3NB37"],
};
const ids = Array.from({ length: 100 }, (_, index) => `OQCLML-BW3P3-${String(index).padStart(6, "A")}`);

/** What the server answers to OpenOrders: a hundred orders. */
export const OPEN_ORDERS = { open: Object.fromEntries(ids.map((id) => [id, order])) };

/** The request that is measured where nothing is signed; its path is that of the row. */
export const BARE = {
  headers: { "API-Key": UNSIGNED, "API-Sign": "x".repeat(88), "Content-Type": "application/x-www-form-urlencoded" },
  body: "nonce=1616492376594",
};
