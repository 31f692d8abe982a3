/** Checks of the exchange's options, and of what is inside them. */

import { findContract } from "./futures/contracts.js";
import { formatDecimal, parseDecimal } from "./market/decimal.js";
import { findAsset, findPair } from "./market/market.js";
import { TIERS } from "./limits.js";
import { checkKnown, checkOneOf, checkTypes } from "./names.js";
import { ASSUMPTIONS, EXCHANGE_OPTIONS, type ExchangeOptions } from "./options.js";

/** The types of the options. Those with options of their own are checked apart. */
const TYPES = {
  ...{ now: "function", arrivalDelay: "function", onRequest: "function", timers: "object" },
  ...{ tokenLifetime: "number", seed: "number", lenient: "boolean" },
};
const COUNTER = { max: "number", decay: "number" };
const ADDRESS = { asset: "string", key: "string", address: "string", verified: "boolean", fee: "string" };

/**
 * Checks the names and types of all options, and returns the options.
 * @throws TypeError with the option that is unknown or invalid
 */
export function checkOptions(options: ExchangeOptions): ExchangeOptions {
  checkKnown("Exchange", options, EXCHANGE_OPTIONS);
  checkTypes("Exchange", options, TYPES);
  const { assumptions = {}, lockout = {}, sockets = {}, rateLimit = {}, balances = {}, withdrawAddresses = [] } = options;
  checkInside("assumptions", assumptions, Object.fromEntries(ASSUMPTIONS.map((name) => [name, "boolean"])));
  checkInside("lockout", lockout, { attempts: "number", duration: "number" });
  checkInside("sockets", sockets, { heartbeat: "number", attempts: "number" });
  if (typeof rateLimit === "string") checkOneOf("rateLimit", rateLimit, Object.keys(TIERS));
  else {
    checkInside("rateLimit", rateLimit, { ...COUNTER, trading: "object" });
    checkInside("rateLimit.trading", ("trading" in rateLimit && rateLimit.trading) || {}, COUNTER);
  }
  for (const name of Object.keys(balances)) checkAsset("balances", name);
  checkDecimals("balances", balances);
  for (const address of withdrawAddresses) {
    checkInside("withdrawAddresses", address, ADDRESS);
    checkAsset("withdrawAddresses", address.asset);
    checkDecimals("withdrawAddresses", { fee: address.fee ?? "0" });
  }
  return options;
}

function checkInside(owner: string, options: object, types: Readonly<Record<string, string>>): void {
  checkTypes(owner, checkKnown(owner, options, Object.keys(types)), types);
}

/** Checks amounts, which are text, because a number would lose digits. */
function checkDecimals(owner: string, amounts: Readonly<Record<string, unknown>>): void {
  for (const [name, amount] of Object.entries(amounts))
    if (typeof amount !== "string" || parseDecimal(amount) === undefined)
      throw new TypeError(`Invalid \`${name}\` of \`${owner}\`: expected a decimal as text, such as "0.5".`);
}

function checkAsset(option: string, name: string): void {
  if (!findAsset(name)) throw new TypeError(`Unknown asset "${name}" in \`${option}\`.`);
}

/**
 * Returns the initial prices by the names of the markets.
 * @throws TypeError if there is no such market, or the price is not one of its prices
 */
export function initialPrices(given: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).map(([name, price]) => [checkPrice(name, price), price]));
}

/** Checks the price of a market, and returns the name of the market. */
function checkPrice(name: string, price: string): string {
  const [pair, contract] = [findPair(name), findContract(name)];
  const tick = pair ? 10n ** BigInt(18 - pair.priceDecimals) : contract?.tick;
  if (tick === undefined) throw new TypeError(`Unknown market "${name}" in \`prices\`.`);
  // Without types, it may also be a number.
  const value = typeof price === "string" ? (parseDecimal(price) ?? 0n) : 0n;
  const unit = formatDecimal(tick, (pair ?? contract)?.priceDecimals ?? 0);
  if (value === 0n || value % tick !== 0n)
    throw new TypeError(`Invalid price "${price}" of ${name}: expected a positive multiple of ${unit}.`);
  return pair?.altname ?? contract?.symbol ?? name;
}
