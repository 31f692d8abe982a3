import { need } from "../errors.js";
import type { SpotResult } from "../rest/spot/endpoints.js";

/** Kraken's own tickers, with the common ticker of each. */
const ALIASES: Readonly<Record<string, string>> = { XBT: "BTC", XDG: "DOGE" };

/**
 * The suffix with which balances and ledgers show how an asset is kept: `.F` in rewards, `.B` for a yield, `.S` staked, `.M` opted in for
 * rewards, `.HOLD` not cleared yet, and others. An asset with a suffix is not the one without. Assets does not list all of them.
 */
const SUFFIX = /^(.+)\.(F|B|S|M|P|T|HOLD)$/;

/** Returns the common name of an asset: `BTC` for `XBT`, and `BTC.M` for `XBT.M`. */
function displayName(altname: string): string {
  const [, ticker = altname, suffix] = SUFFIX.exec(altname) ?? [];
  const name = Object.hasOwn(ALIASES, ticker) ? ALIASES[ticker]! : ticker;
  return suffix === undefined ? name : `${name}.${suffix}`;
}

/** An index of ids by name. A name that several ids share finds none of them. */
class Index {
  readonly #kind: string;
  readonly #ids = new Map<string, string | undefined>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  add(name: string | undefined, id: string): void {
    if (!name) return;
    const isTaken = this.#ids.has(name) && this.#ids.get(name) !== id;
    this.#ids.set(name, isTaken ? undefined : id);
  }

  /** Adds a name that is not Kraken's own. If the name already has another id, it becomes ambiguous. */
  addAlias(name: string, id: string): void {
    if (!this.#ids.has(name)) this.#ids.set(name, id);
    else this.add(name, id);
  }

  has(name: string): boolean {
    return this.#ids.has(name);
  }

  find(name: string): string {
    const id = this.#ids.get(name);
    need(id !== undefined || !this.#ids.has(name), `${name} is the name of more than one ${this.#kind}: use Kraken's own name.`);
    need(id !== undefined, `There is no ${this.#kind} that is called ${JSON.stringify(`${name}`.slice(0, 40))}.`);
    return id;
  }
}

/**
 * Converts the names of assets and pairs in both directions. `XXBT`, `XBT` and `BTC` are one asset, and `XXBTZUSD`, `XBTUSD`, `XBT/USD`,
 * `BTC/USD` and `BTCUSD` are one pair. The names come from Kraken's Assets and AssetPairs. This class adds only `BTC` for `XBT` and `DOGE` for
 * `XDG`.
 *
 * It refuses a name that more than one asset or pair has, so that no order is placed for the wrong one. Names are case-sensitive.
 *
 * @example
 * ```ts
 * const names = new MarketNames(await client.call("Assets"), await client.call("AssetPairs"));
 * names.assetId("BTC"); // XXBT, as balances show it
 * names.pairId("BTC/USD"); // XXBTZUSD
 * names.pairName("XXBTZUSD"); // BTC/USD
 * ```
 */
export class MarketNames {
  readonly #assets = new Index("asset");
  readonly #pairs = new Index("pair");
  readonly #assetNames = new Map<string, string>();
  readonly #altnames = new Map<string, string>();
  readonly #pairNames = new Map<string, string>();

  /**
   * @param assets - the result of Assets
   * @param pairs - the result of AssetPairs
   */
  constructor(assets: SpotResult<"Assets">, pairs: SpotResult<"AssetPairs"> = {}) {
    const displayed = Object.entries(assets).map(([id, { altname }]) => [id, displayName(altname)] as const);
    for (const [id, { altname }] of Object.entries(assets)) {
      this.#altnames.set(id, altname);
      this.#assets.add(id, id);
      this.#assets.add(altname, id);
    }
    for (const [id, name] of displayed) {
      this.#assets.addAlias(name, id);
      this.#assetNames.set(id, name);
    }
    for (const [id, { altname, wsname }] of Object.entries(pairs)) for (const name of [id, altname, wsname]) this.#pairs.add(name, id);
    for (const [id, { base, quote }] of Object.entries(pairs)) {
      const names = [this.#assetNames.get(base) ?? base, this.#assetNames.get(quote) ?? quote] as const;
      this.#pairNames.set(id, names.join("/"));
      this.#pairs.addAlias(names.join("/"), id);
      this.#pairs.addAlias(names.join(""), id);
    }
  }

  /**
   * Returns Kraken's id of an asset, as balances show it: `XXBT` for `BTC`, and `XBT.M` for `BTC.M`, even if Assets has only `XXBT`.
   *
   * @throws InvalidRequestError if no asset or more than one has this name
   */
  assetId(name: string): string {
    const [, ticker, suffix] = (!this.#assets.has(name) && SUFFIX.exec(name)) || [];
    return ticker === undefined ? this.#assets.find(name) : `${this.#altnames.get(this.#assets.find(ticker))!}.${suffix!}`;
  }

  /** Returns the common name of an asset: `BTC` for `XXBT`, and `BTC.M` for `XBT.M`. */
  assetName(name: string): string {
    const id = this.assetId(name);
    return this.#assetNames.get(id) ?? displayName(id);
  }

  /**
   * Returns Kraken's id of a pair, as answers show it: `XXBTZUSD` for `BTC/USD`.
   *
   * @throws InvalidRequestError if no pair or more than one has this name
   */
  pairId(name: string): string {
    return this.#pairs.find(name);
  }

  /** Returns the common name of a pair: `BTC/USD` for `XXBTZUSD`. */
  pairName(name: string): string {
    return this.#pairNames.get(this.pairId(name))!;
  }
}
