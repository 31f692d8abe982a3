/** Checks of the exchange's options, and of what is inside them. */

import { findContract } from "./futures/contracts.js";
import { formatDecimal, parseDecimal } from "./market/decimal.js";
import { findAsset, findPair } from "./market/market.js";
import { TIERS } from "./limits.js";
import { checkKnown, checkOneOf } from "./names.js";
import { ASSUMPTIONS, EXCHANGE_OPTIONS, type ExchangeOptions } from "./options.js";

/**
 * Checks the names of all options, and returns the options.
 * @throws TypeError with the option that is unknown or invalid
 */
export function checkOptions(options: ExchangeOptions): ExchangeOptions {
  checkKnown("Exchange", options, EXCHANGE_OPTIONS);
  const { assumptions = {}, lockout = {}, sockets = {}, rateLimit = {}, balances = {}, withdrawAddresses = [] } = options;
  checkKnown("assumptions", assumptions, ASSUMPTIONS);
  checkKnown("lockout", lockout, ["attempts", "duration"]);
  checkKnown("sockets", sockets, ["heartbeat", "attempts"]);
  if (typeof rateLimit === "string") checkOneOf("rateLimit", rateLimit, Object.keys(TIERS));
  else checkKnown("rateLimit", rateLimit, ["max", "decay", "trading"]);
  for (const name of Object.keys(balances)) checkAsset("balances", name);
  for (const { asset, fee } of withdrawAddresses) {
    checkAsset("withdrawAddresses", asset);
    if (fee !== undefined && parseDecimal(fee) === undefined)
      throw new TypeError("Invalid `fee` of `withdrawAddresses`: expected a decimal.");
  }
  return options;
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
  const value = parseDecimal(price) ?? 0n;
  const unit = formatDecimal(tick, (pair ?? contract)?.priceDecimals ?? 0);
  if (value === 0n || value % tick !== 0n)
    throw new TypeError(`Invalid price "${price}" of ${name}: expected a positive multiple of ${unit}.`);
  return pair?.altname ?? contract?.symbol ?? name;
}
