// Writes to the two standard streams, and reports whether the data arrived.
import { randomUUID } from "node:crypto";
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

/** Returns the system's code for a failed operation. */
export const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown reason";

/** Returns a value as JSON. An integer that a number does not hold exactly, a `bigint`, keeps its digits. */
export function jsonTextOf(value: unknown, indent?: number): string {
  // No string in the value begins with it.
  const prefix = randomUUID();
  const text = JSON.stringify(value, (_name, one: unknown) => (typeof one === "bigint" ? `${prefix}${one}` : one), indent);
  return text.replace(new RegExp(`"${prefix}(-?\\d+)"`, "g"), "$1");
}

/** Writes all data to a file. If the disk is nearly full, the system writes a part of it and returns its length. */
function writeAll(fd: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += writeSync(fd, data, at);
}

/** Whether a descriptor is a file or a device, such as /dev/full. Pipes, sockets and terminals may have to wait for a reader. */
function isFile(fd: number): boolean {
  try {
    const is = fstatSync(fd);
    return is.isFile() || is.isBlockDevice() || (is.isCharacterDevice() && !isatty(fd));
  } catch {
    return false;
  }
}

/** One of the standard streams. Writing to it never throws, but returns how it went. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  readonly #fd: number;
  readonly #isFile: boolean;

  /** @param fd - the stream's file descriptor */
  constructor(stream: NodeJS.WriteStream, fd: 1 | 2) {
    this.#stream = stream;
    this.#fd = fd;
    this.#isFile = isFile(fd);
    // Without a listener, the process would end with 1, which means that Kraken rejected the call.
    stream.on("error", () => {});
  }

  /** Writes data. Resolves to the reason if that failed. */
  async write(data: string | Uint8Array): Promise<string | undefined> {
    try {
      if (this.#isFile) writeAll(this.#fd, bytesOf(data));
      else
        await new Promise<void>((resolve, reject) => {
          this.#stream.write(data, (error) => (error ? reject(error) : resolve()));
        });
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Writes what can be written without waiting, just before the process ends. Returns whether that was all. */
  writeNow(data: string): boolean {
    try {
      writeAll(this.#fd, bytesOf(data));
      return true;
    } catch {
      return false;
    }
  }
}

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === "string" ? new TextEncoder().encode(data) : data);
