import { described } from "../checks.js";
import { need } from "../errors.js";
import { isText, property } from "../rest/endpoint.js";
import type { SpotResult } from "../rest/spot/endpoints.js";
import type { AssetPair } from "../rest/spot/endpoints/market.js";

/** Kraken's own tickers, with the common ticker of each. */
const ALIASES: Readonly<Record<string, string>> = { XBT: "BTC", XDG: "DOGE" };

/**
 * The suffix with which balances and ledgers show how an asset is kept: `.F` in rewards, `.B` for a yield, `.S` staked, `.M` opted in for
 * rewards, `.HOLD` not cleared yet, and others. An asset with a suffix is not the one without. Assets does not list all of them.
 */
const SUFFIX = /^(.+)\.(F|B|S|M|P|T|HOLD)$/;

/** The ids with a prefix, which Kraken gives to no new asset. */
const PREFIXED = /^(X(ETC|ETH|LTC|MLN|REP|XBT|XDG|XLM|XMR|XRP|ZEC)|Z(AUD|CAD|EUR|GBP|JPY|USD))$/;

/** Returns the other names that Kraken has for an asset, by its common name: `XBT` and `XXBT` for `BTC`, and `ZUSD` for `USD`. */
function olderNames(common: string): string[] {
  const own = Object.entries(ALIASES).find(([, name]) => name === common)?.[0];
  const ticker = own ?? common;
  return [...(own ? [own] : []), ...["X", "Z"].map((prefix) => prefix + ticker).filter((id) => PREFIXED.test(id))];
}

/** Returns the common name of an asset: `BTC` for `XBT`, and `BTC.M` for `XBT.M`. */
function displayName(altname: string): string {
  const [, ticker = altname, suffix] = SUFFIX.exec(altname) ?? [];
  const name = Object.hasOwn(ALIASES, ticker) ? ALIASES[ticker]! : ticker;
  return suffix === undefined ? name : `${name}.${suffix}`;
}

/** An index of ids by name. A name that several ids share finds none of them. */
class Index {
  readonly #kind: string;
  readonly #ids = new Map<string, readonly string[]>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  add(name: string | undefined, id: string): void {
    if (!name) return;
    const ids = this.#ids.get(name) ?? [];
    if (!ids.includes(id)) this.#ids.set(name, [...ids, id]);
  }

  /** Adds a name that Kraken does not list, unless it is already the name of something else. */
  addSpare(name: string, id: string): void {
    if (!this.#ids.has(name)) this.add(name, id);
  }

  has(name: string): boolean {
    return this.#ids.has(name);
  }

  find(name: string): string {
    const ids = this.#ids.get(name);
    need(ids, `There is no ${this.#kind} called ${JSON.stringify(`${name}`.slice(0, 40))}.`);
    const [id] = ids as readonly [string];
    need(
      ids.length === 1,
      `${name} is the name of more than one ${this.#kind}: ${ids.join(", ")}. Pass a name that only one of them has, or use Kraken's id without this helper.`,
    );
    // An id that is also the name of another one would not be understood.
    return id === name ? id : this.find(id);
  }
}

/** Whether a name is known, and leads to this id. */
function leadsTo(idOf: () => string, id: string): boolean {
  try {
    return idOf() === id;
  } catch {
    return false;
  }
}

/** Checks that each entry of a result has these texts, so that the whole answer or the wrong result is not taken for one without names. */
function checkResult(endpoint: "Assets" | "AssetPairs", result: object, ...texts: readonly string[]): void {
  need(described(result) === "an object", `Invalid names: expected the result of ${endpoint}, got ${described(result)}.`);
  for (const [id, entry] of Object.entries(result))
    for (const text of texts)
      need(isText(property(entry, text)), `Invalid names: \`${id.slice(0, 40)}\` has no \`${text}\`. Pass the result of ${endpoint}.`);
}

/**
 * Converts the names of assets and pairs in both directions. `XXBT`, `XBT` and `BTC` are one asset, and `XXBTZUSD`, `XBTUSD`, `XBT/USD`,
 * `BTC/USD` and `BTCUSD` are one pair. The names come from Kraken's Assets and AssetPairs. This class adds `BTC` for `XBT` and `DOGE` for
 * `XDG`, and for results with `assetVersion: 1` the older names, such as `XBT`, `XXBT` and `XXBTZUSD`.
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
   * @param pairs - the result of AssetPairs; by default, the names of pairs are not known
   * @throws InvalidRequestError if one of them is not such a result
   */
  constructor(assets: SpotResult<"Assets">, pairs: SpotResult<"AssetPairs"> = {}) {
    checkResult("Assets", assets, "altname");
    checkResult("AssetPairs", pairs, "altname", "base", "quote");
    const displayed = Object.entries(assets).map(([id, { altname }]) => [id, displayName(altname)] as const);
    for (const [id, { altname }] of Object.entries(assets)) {
      this.#altnames.set(id, altname);
      this.#assets.add(id, id);
      this.#assets.add(altname, id);
    }
    for (const [id, name] of displayed) {
      this.#assets.add(name, id);
      this.#assetNames.set(id, name);
    }
    // With `assetVersion: 1`, Kraken lists common names only.
    for (const [id, name] of displayed) for (const older of olderNames(name)) this.#assets.addSpare(older, id);
    for (const [id, { altname, wsname }] of Object.entries(pairs)) for (const name of [id, altname, wsname]) this.#pairs.add(name, id);
    const [listed, unlisted] = [true, false].map((has) => Object.entries(pairs).filter(([, { wsname }]) => Boolean(wsname) === has));
    this.#addPairAliases(listed!);
    // A pair without `wsname`, such as one of a dark pool, has the assets of another pair, but not its name.
    this.#addPairAliases(unlisted!.filter(([, pair]) => !this.#pairs.has(this.#commonNameOf(pair))));
    for (const [id, pair] of Object.entries(pairs)) this.#pairNames.set(id, this.#commonNameOf(pair));
    for (const [id] of listed!) this.#addOlderNames(id);
  }

  #commonNameOf({ base, quote }: AssetPair): string {
    return `${this.#assetNames.get(base) ?? base}/${this.#assetNames.get(quote) ?? quote}`;
  }

  /** Adds the names of a pair whose assets have older names: `XBT/USD`, `XBTUSD` and `XXBTZUSD` for `BTC/USD`. */
  #addOlderNames(id: string): void {
    const [base, quote] = this.#pairNames.get(id)!.split("/") as [string, string];
    for (const one of [base, ...olderNames(base)])
      for (const other of [quote, ...olderNames(quote)]) {
        this.#pairs.addSpare(`${one}/${other}`, id);
        this.#pairs.addSpare(`${one}${other}`, id);
      }
  }

  #addPairAliases(pairs: readonly (readonly [id: string, pair: AssetPair])[]): void {
    for (const [id, pair] of pairs) {
      const name = this.#commonNameOf(pair);
      this.#pairs.add(name, id);
      this.#pairs.add(name.replace("/", ""), id);
    }
  }

  /**
   * Returns Kraken's id of an asset, as balances show it: `XXBT` for `BTC`, and `XBT.M` for `BTC.M`, even if Assets has only `XXBT`.
   *
   * @throws InvalidRequestError if no asset or more than one has this name
   */
  assetId(name: string): string {
    const [, ticker, suffix] = (!this.#assets.has(name) && SUFFIX.exec(name)) || [];
    if (ticker === undefined) return this.#assets.find(name);
    const id = `${this.#altnames.get(this.#assets.find(ticker))!}.${suffix!}`;
    // Also the id has to be listed, or to have a ticker that only one asset has.
    return id === name ? id : this.assetId(id);
  }

  /**
   * Returns the common name of an asset: `BTC` for `XXBT`, and `BTC.M` for `XBT.M`. If another asset has that name, too, it returns Kraken's own. The
   * result always leads back to the same asset.
   */
  assetName(name: string): string {
    const id = this.assetId(name);
    const common = this.#assetNames.get(id) ?? displayName(id);
    return leadsTo(() => this.assetId(common), id) ? common : id;
  }

  /**
   * Returns Kraken's id of a pair, as answers show it: `XXBTZUSD` for `BTC/USD`.
   *
   * @throws InvalidRequestError if no pair or more than one has this name
   */
  pairId(name: string): string {
    return this.#pairs.find(name);
  }

  /**
   * Returns the common name of a pair: `BTC/USD` for `XXBTZUSD`. If another pair has that name, too, it returns Kraken's own. The result always leads
   * back to the same pair.
   */
  pairName(name: string): string {
    const id = this.pairId(name);
    const common = this.#pairNames.get(id)!;
    return leadsTo(() => this.pairId(common), id) ? common : id;
  }
}
