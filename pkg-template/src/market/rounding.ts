import { described } from "../checks.js";
import { need } from "../errors.js";
import type { AssetPair } from "../rest/spot/endpoints/market.js";
import type { DecimalParam } from "../rest/spot/endpoints/common.js";

/** The properties of a pair that rounding needs, from the result of AssetPairs. */
export type PairPrecision = Pick<AssetPair, "pair_decimals" | "lot_decimals" | "tick_size" | "ordermin" | "costmin">;

/** The direction in which a value between two steps is rounded. `nearest` rounds half a step up. */
export type RoundingDirection = "down" | "up" | "nearest";

const DIRECTIONS: readonly RoundingDirection[] = ["down", "up", "nearest"];

/** A decimal number with the value `units / 10 ** scale`. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

function decimalOf(value: DecimalParam, name: string): Decimal {
  const isDecimal = ["string", "number", "bigint"].includes(typeof value);
  need(isDecimal, `Invalid ${name}: expected a decimal number, such as "0.0001", as text, got ${described(value)}.`);
  const text = `${value}`;
  // Kraken reads a price with a sign relative to the last one: +5 is five above it.
  const [, whole = "", fraction = ""] = /^(\d{1,60})(?:\.(\d{1,60}))?$/.exec(text) ?? [];
  need(whole, `Invalid ${name}: expected a decimal number without a sign, such as "0.0001", as text, got ${text.slice(0, 80)}.`);
  // 0.1 + 0.2 is 0.30000000000000004. A number with so many digits does not show which value was meant.
  const isExact = typeof value !== "number" || (whole + fraction).replace(/^0+/, "").length <= 15;
  need(isExact, `Invalid ${name}: the number ${text} is not exact. Pass the text that is meant.`);
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

/** Returns the units of a value in another scale, which must not be smaller. */
const scaled = ({ units, scale }: Decimal, to: number): bigint => units * 10n ** BigInt(to - scale);

/** Rounds a value to a multiple of a step. */
function toStep(value: Decimal, step: Decimal, direction: RoundingDirection): Decimal {
  const scale = Math.max(value.scale, step.scale);
  const [dividend, divisor] = [scaled(value, scale), scaled(step, scale)];
  const down = dividend / divisor;
  const rest = dividend - down * divisor;
  const goesUp = direction === "up" ? rest > 0n : direction === "nearest" && 2n * rest >= divisor;
  return { units: (goesUp ? down + 1n : down) * step.units, scale: step.scale };
}

function isBelow(value: Decimal, least: Decimal): boolean {
  const scale = Math.max(value.scale, least.scale);
  return scaled(value, scale) < scaled(least, scale);
}

const times = (one: Decimal, other: Decimal): Decimal => ({ units: one.units * other.units, scale: one.scale + other.scale });

function textOf({ units, scale }: Decimal): string {
  const digits = units.toString().padStart(scale + 1, "0");
  return scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
}

/** The most decimals that a pair may have. Kraken's pairs have at most 12, and 10 ** 1e9 would take minutes. */
const MOST_DECIMALS = 30;

/** Returns one unit of the last decimal of a pair's prices or volumes. */
function lastDecimalOf(pair: PairPrecision, name: "pair_decimals" | "lot_decimals"): Decimal {
  const scale: unknown = pair[name];
  const got = typeof scale === "number" ? scale : described(scale);
  need(
    Number.isInteger(scale) && (scale as number) >= 0 && (scale as number) <= MOST_DECIMALS,
    `Invalid \`${name}\` of the pair: expected an integer from 0 to ${MOST_DECIMALS}, got ${got}.`,
  );
  return { units: 1n, scale: scale as number };
}

function checkPair(pair: unknown): void {
  need(
    typeof pair === "object" && pair !== null,
    `Invalid pair: expected an entry of the result of AssetPairs, such as pairs.XXBTZUSD, got ${described(pair)}.`,
  );
}

/**
 * Rounds a price to a multiple of the pair's `tick_size`, in exact decimal arithmetic. Without a `tick_size`, it rounds to `pair_decimals`.
 *
 * @param direction - `nearest` by default; use `down` or `up` if the price must not get worse
 * @returns decimal text for the parameter `price`
 * @throws InvalidRequestError if the price is not a decimal number or rounds to 0, or a field of the pair is missing or broken
 *
 * @example
 * ```ts
 * const { XXBTZUSD: pair } = await client.call("AssetPairs", { pair: "XBTUSD" });
 * if (pair) console.log(roundPrice(pair, "37500.123", "down")); // 37500.1
 * ```
 */
export function roundPrice(pair: PairPrecision, price: DecimalParam, direction: RoundingDirection = "nearest"): string {
  need(DIRECTIONS.includes(direction), `Invalid direction: expected ${DIRECTIONS.join(", ")}, got ${described(direction)}.`);
  checkPair(pair);
  const tick = pair.tick_size ?? undefined;
  const step = tick === undefined ? lastDecimalOf(pair, "pair_decimals") : decimalOf(tick, "`tick_size` of the pair");
  need(step.units > 0n, "Invalid `tick_size` of the pair: expected more than 0.");
  const rounded = toStep(decimalOf(price, "price"), step, direction);
  need(rounded.units > 0n, `Invalid price: ${price} is less than the pair's least price step, ${textOf(step)}.`);
  return textOf(rounded);
}

/**
 * Returns the minimum volume of an order at a price. It is at least `ordermin`, is worth at least `costmin`, and has `lot_decimals` decimals.
 *
 * @returns decimal text in units of the base asset
 *
 * @example
 * ```ts
 * const { XXBTZUSD: pair } = await client.call("AssetPairs", { pair: "XBTUSD" });
 * if (pair) console.log(leastVolume(pair, "37500.1")); // 0.00005000
 * ```
 */
export function leastVolume(pair: PairPrecision, price: DecimalParam): string {
  checkPair(pair);
  const lot = lastDecimalOf(pair, "lot_decimals");
  const least = toStep(decimalOf(pair.ordermin ?? "0", "`ordermin` of the pair"), lot, "up");
  const cost = decimalOf(pair.costmin ?? "0", "`costmin` of the pair");
  const one = decimalOf(price, "price");
  need(one.units > 0n, "Invalid price: expected more than 0.");
  // The cost divided by the price, rounded up to a lot.
  const scale = Math.max(cost.scale, one.scale + lot.scale);
  const divisor = scaled(times(one, lot), scale);
  const units = (scaled(cost, scale) + divisor - 1n) / divisor;
  return textOf(units > least.units ? { units, scale: lot.scale } : least);
}

/**
 * Rounds a volume down to `lot_decimals` decimals, in exact decimal arithmetic. It never rounds up, so that no order is larger than was meant.
 *
 * @param price - the order's price; if given, the order must also be worth `costmin`
 * @returns decimal text for the parameter `volume`
 * @throws InvalidRequestError if the volume is not a decimal number or is too small for an order of the pair, or a field of the pair is missing or broken
 *
 * @example
 * ```ts
 * const { XXBTZUSD: pair } = await client.call("AssetPairs", { pair: "XBTUSD" });
 * if (pair) console.log(roundVolume(pair, "0.123456789", "37500.1")); // 0.12345678
 * ```
 */
export function roundVolume(pair: PairPrecision, volume: DecimalParam, price?: DecimalParam): string {
  checkPair(pair);
  const rounded = toStep(decimalOf(volume, "volume"), lastDecimalOf(pair, "lot_decimals"), "down");
  const least = price === undefined ? (pair.ordermin ?? "0") : leastVolume(pair, price);
  need(
    rounded.units > 0n && !isBelow(rounded, decimalOf(least, "`ordermin` of the pair")),
    `Invalid volume: ${volume} is less than the pair takes${price === undefined ? "" : ` at ${price}`}: at least ${least}.`,
  );
  return textOf(rounded);
}
