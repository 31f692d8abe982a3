/** Kraken's checksum of an order book, as the channels `book` and `level3` send it. */

import { crc32 } from "../crc32.js";

/** A price and a volume, with all decimals of the pair. */
export type ChecksumRow = readonly [price: string, volume: string];

/**
 * Returns the CRC-32 of the digits of all prices and volumes, without points and leading zeros: the asks, and then the bids, each from the best on.
 * The rows are those of the ten best prices, one for each price (`book`) or for each order (`level3`).
 */
export function checksum(asks: readonly ChecksumRow[], bids: readonly ChecksumRow[]): number {
  const digits = [...asks, ...bids].flat().map((text) => text.replace(".", "").replace(/^0+/, ""));
  return crc32(new TextEncoder().encode(digits.join("")));
}
