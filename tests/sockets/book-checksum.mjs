// Kraken's checksum of a book by its documentation, and nothing of the package.
import * as zlib from "node:zlib";

/** CRC-32 as Node has it, where it has it (20.15, 22.2), else bit by bit. */
export function crc32(text) {
  if (zlib.crc32) return zlib.crc32(text);
  let sum = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** Of levels as pairs of texts, the best first. */
export const checksumOf = (asks, bids) =>
  crc32(
    [...asks.slice(0, 10), ...bids.slice(0, 10)]
      .flat()
      .map((text) => text.replace(".", "").replace(/^0+/, ""))
      .join(""),
  );
