// The two streams that the program writes to, and whether what was written has arrived.
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

/** The system's code for a failed write. */
export const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "unknown reason";

/** Writes all of it to a file. Near the end of a disk, the system writes a part and says how much. */
function writeAll(fd: number, data: Uint8Array): void {
  for (let at = 0; at < data.length;) at += writeSync(fd, data, at);
}

/** Files and devices, such as /dev/full. What is written to pipes, sockets and terminals may have to wait for a reader. */
function isFile(fd: number): boolean {
  try {
    const is = fstatSync(fd);
    return is.isFile() || is.isBlockDevice() || (is.isCharacterDevice() && !isatty(fd));
  } catch {
    return false;
  }
}

/** One of the standard streams. No write to it throws: each one says how it went. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  readonly #fd: number;
  readonly #isFile: boolean;

  /** @param fd - the stream's number, as the system knows it */
  constructor(stream: NodeJS.WriteStream, fd: 1 | 2) {
    this.#stream = stream;
    this.#fd = fd;
    this.#isFile = isFile(fd);
    // Without a listener, the process would end with 1, which means that Kraken rejected the call.
    stream.on("error", () => {});
  }

  /** Resolves when it has been written, or to the reason why it could not be. */
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

  /** Writes as much as can be written without waiting: the process is about to end. Returns whether that was all. */
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
