// The class for Kraken alone, by its file. ccxt does not offer this; it is the least that it could be.
import Kraken from "../node_modules/ccxt/js/src/kraken.js";

export function sign({ key, secret, nonce, params }) {
  const exchange = new Kraken({ apiKey: key, secret });
  exchange.nonce = () => Number(nonce);
  return exchange.sign("AddOrder", "private", "POST", params).headers["API-Sign"];
}
