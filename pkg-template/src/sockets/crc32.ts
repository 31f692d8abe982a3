/** What each byte does to the remainder. */
const STEPS = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** CRC-32 (ISO 3309, as in zip and PNG) of ASCII text. Several texts in a row are as one: pass what the one before came to. */
export function crc32(text: string, before = 0): number {
  let remainder = ~before;
  for (let place = 0; place < text.length; place++) remainder = STEPS[(remainder ^ text.charCodeAt(place)) & 255]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
