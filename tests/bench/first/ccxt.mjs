// As its documentation says: all exchanges come along.
import ccxt from "ccxt";

export function sign({ key, secret, nonce, params }) {
  const exchange = new ccxt.kraken({ apiKey: key, secret });
  exchange.nonce = () => Number(nonce);
  return exchange.sign("AddOrder", "private", "POST", params).headers["API-Sign"];
}
