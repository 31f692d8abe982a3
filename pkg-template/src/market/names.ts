import { need } from "../errors.js";
import type { SpotResult } from "../rest/spot/endpoints.js";

/** Kraken's own tickers, and what everybody else calls them. */
const ALIASES: Readonly<Record<string, string>> = { XBT: "BTC", XDG: "DOGE" };

/**
 * How an asset is held, as balances and ledgers say: `.F` in rewards, `.B` for a yield, `.S` staked, `.M` opted in for rewards, `.HOLD` not cleared
 * yet, and others. Such an asset is another one than that without. Not all of those that balances have are in Assets.
 */
const SUFFIX = /^(.+)\.(F|B|S|M|P|T|HOLD)$/;

/** The name that people know: `BTC` for `XBT`, and `BTC.M` for `XBT.M`. */
function displayName(altname: string): string {
  const [, ticker = altname, suffix] = SUFFIX.exec(altname) ?? [];
  const name = Object.hasOwn(ALIASES, ticker) ? ALIASES[ticker]! : ticker;
  return suffix === undefined ? name : `${name}.${suffix}`;
}

/** Names of things, of which each belongs to one thing; or to several, and then to none. */
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

  /** Adds a name that somebody has made up: it counts where nothing is really called so. */
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
 * The names of assets and pairs, both ways: `XXBT`, `XBT` and `BTC` are one asset; `XXBTZUSD`, `XBTUSD`, `XBT/USD`, `BTC/USD` and `BTCUSD` one
 * pair. From what Kraken says in Assets and AssetPairs; the only names of its own are `BTC` for `XBT` and `DOGE` for `XDG`.
 *
 * A name that more than one asset or pair has is refused, so that nobody trades the wrong one. Names are told apart by case.
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
   * Kraken's id of an asset, as it is in balances: `XXBT` for `BTC`, and `XBT.M` for `BTC.M`, also where Assets has only `XXBT`.
   *
   * @throws InvalidRequestError for a name that no asset has, or more than one
   */
  assetId(name: string): string {
    const [, ticker, suffix] = (!this.#assets.has(name) && SUFFIX.exec(name)) || [];
    return ticker === undefined ? this.#assets.find(name) : `${this.#altnames.get(this.#assets.find(ticker))!}.${suffix!}`;
  }

  /** The name of an asset that people know: `BTC` for `XXBT`, `BTC.M` for `XBT.M`. */
  assetName(name: string): string {
    const id = this.assetId(name);
    return this.#assetNames.get(id) ?? displayName(id);
  }

  /**
   * Kraken's id of a pair, as it is in answers: `XXBTZUSD` for `BTC/USD`.
   *
   * @throws InvalidRequestError for a name that no pair has, or more than one
   */
  pairId(name: string): string {
    return this.#pairs.find(name);
  }

  /** The name of a pair that people know: `BTC/USD` for `XXBTZUSD`. */
  pairName(name: string): string {
    return this.#pairNames.get(this.pairId(name))!;
  }
}
