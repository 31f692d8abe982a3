/** Makes a ZIP archive of one file, uncompressed. Every unzip program opens it. */

import { concat } from "../crypto.js";
import { crc32 } from "../crc32.js";

export function zip(name: string, content: string): Uint8Array {
  const data = concat(content);
  const fileName = concat(name);
  // The fields of both headers: version 2.0, no flags, stored, 1980-01-01 00:00, then CRC, sizes and lengths.
  const sizes = concat(u32(crc32(data)), u32(data.length), u32(data.length), u16(fileName.length), u16(0));
  const common = concat(u16(20), u16(0), u16(0), u16(0), u16(33), sizes);
  const local = concat(u32(0x04034b50), common, fileName, data);
  const central = concat(u32(0x02014b50), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(0), fileName);
  const end = concat(u32(0x06054b50), u16(0), u16(0), u16(1), u16(1), u32(central.length), u32(local.length), u16(0));
  return concat(local, central, end);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
