/** The effect of each byte on the remainder. */
const STEPS = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** Returns the CRC-32 (ISO 3309, as in zip and PNG) of ASCII text. To continue an earlier text, pass its CRC-32 as `before`. */
export function crc32(text: string, before = 0): number {
  let remainder = ~before;
  for (let place = 0; place < text.length; place++) remainder = STEPS[(remainder ^ text.charCodeAt(place)) & 255]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
