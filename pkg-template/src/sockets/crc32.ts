let table: Uint32Array | undefined;

/** What each byte does to the remainder. Made when it is first needed, since nothing should happen when the module is loaded. */
function tableOf(): Uint32Array {
  if (table) return table;
  table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    table[byte] = remainder;
  }
  return table;
}

/** CRC-32 (ISO 3309, as in zip and PNG) of ASCII text. Several texts in a row are as one: pass what the one before came to. */
export function crc32(text: string, before = 0): number {
  const steps = tableOf();
  let remainder = ~before;
  for (let place = 0; place < text.length; place++) remainder = steps[(remainder ^ text.charCodeAt(place)) & 255]! ^ (remainder >>> 8);
  return ~remainder >>> 0;
}
