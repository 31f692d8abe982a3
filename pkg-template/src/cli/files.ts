// Reads files by the names that options give them, where `-` is standard input.
import { readFileSync, statSync } from "node:fs";
import { repeatedName } from "../rest/answer/json.js";
import { shownName } from "../rest/endpoint-name.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";

/** Reads a file, or standard input for `-`. */
export async function textOf(io: Io, file: string): Promise<string> {
  if (file === "-") return io.terminal.readAll();
  try {
    const bytes = readFileSync(file);
    // In PowerShell 5, > writes UTF-16.
    return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le", 2) : bytes.toString();
  } catch (error) {
    if (/^\s*[{[]/.test(file)) throw new UsageError("Expected the name of a file, got JSON. Pass - and write the JSON to standard input.");
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}).`);
  }
}

/** Warns if other users can read a file that contains a secret. */
export function warnIfShared(io: Io, file: string): void {
  if (file !== "-" && process.platform !== "win32" && statSync(file).mode & 0o044)
    io.warn(`${file} can be read by other users of this machine: chmod 600 ${file}`);
}

/** Reads a file that contains a secret. */
export async function secretTextOf(io: Io, file: string): Promise<string> {
  const text = (await textOf(io, file)).trim();
  warnIfShared(io, file);
  const what = file === "-" ? "Standard input" : file;
  if (!text) throw new UsageError(`${what} is empty.`);
  // A line of an .env file. In base64 and base32, only more of them follow a =.
  if (/^[\w ]+=\s*[^\s=]/.test(text)) throw new UsageError(`${what} has a name and = before the secret: it must contain only the secret.`);
  return text;
}

/** Reads a file as JSON. The error for malformed JSON does not quote it, since it may contain secrets. */
export async function jsonOf(io: Io, file: string): Promise<unknown> {
  // Some editors write a BOM first, which counts as white space.
  const text = (await textOf(io, file)).trim();
  const what = file === "-" ? "Standard input" : file;
  const value = parsed(text, what);
  const repeated = repeatedName(text);
  if (repeated !== undefined) throw new UsageError(`${what} has the name ${shownName(repeated)} twice in one object. Write it once.`);
  return value;
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${what} is not JSON.`);
  }
}
