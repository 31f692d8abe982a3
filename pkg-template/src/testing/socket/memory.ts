/** The in-memory adapter: the exchange behind a constructor like `WebSocket`. */

import { splitTarget } from "../outcome.js";
import type { RawMessage } from "./faults.js";
import type { SocketHub } from "./hub.js";
import type { SocketSession } from "./session.js";

/** A `WebSocket` constructor like the standard one. Binary messages are an `ArrayBuffer` or a view of one. */
export type ExchangeWebSocket = new (url: string | URL) => WebSocket;

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

/** Makes the constructor. Every URL leads to this exchange, and only its path matters. */
export function createWebSocket(hub: SocketHub, ip: string): ExchangeWebSocket {
  /** Runs actions later and in sequence, as on a network. */
  const later = (run: () => void): void => void hub.timers.setTimeout(run, 0);

  class MemorySocket extends EventTarget {
    readonly url: string;
    readonly protocol = "";
    readonly extensions = "";
    readonly bufferedAmount = 0;
    binaryType = "blob";
    readyState = CONNECTING;
    onopen: ((event: Event) => void) | null = null;
    onmessage: ((event: Event) => void) | null = null;
    onerror: ((event: Event) => void) | null = null;
    onclose: ((event: Event) => void) | null = null;
    #session: SocketSession | undefined;

    constructor(url: string | URL) {
      super();
      const { href, protocol, pathname, search } = new URL(url);
      if (!/^wss?:$/.test(protocol)) throw new SyntaxError("the URL of a WebSocket begins with ws: or wss:");
      this.url = href;
      later(() => this.#handshake(splitTarget(pathname + search).pathname));
    }

    #handshake(path: string): void {
      if (this.readyState !== CONNECTING) return;
      const admission = hub.admit(path, ip);
      if (admission.type === "silence") return;
      if (admission.type !== "open") return this.#over(1006);
      this.readyState = OPEN;
      this.#tell("open");
      this.#session = hub.connect(path, ip, {
        send: (data) => later(() => this.readyState === OPEN && this.#tell("message", { data: this.#dataOf(data) })),
        // Half of a frame is not a message.
        sendHalf: () => {},
        close: (code) => later(() => this.#over(code)),
        reset: () => later(() => this.#over(1006)),
      });
    }

    /** Returns bytes in the type that the client selected with `binaryType`. */
    #dataOf(data: RawMessage): unknown {
      if (typeof data === "string") return data;
      const { buffer } = new Uint8Array(data);
      return this.binaryType === "arraybuffer" ? buffer : new Blob([buffer]);
    }

    send(data: string | ArrayBuffer | Uint8Array): void {
      if (this.readyState === CONNECTING) throw new DOMException("still connecting", "InvalidStateError");
      if (this.readyState !== OPEN) return;
      const binary = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
      const text = binary ? new TextDecoder().decode(data) : String(data);
      later(() => (binary && !hub.takesBinary(this.#session?.path ?? "") ? this.#session?.close(1003) : this.#session?.receive(text)));
    }

    close(code = 1005): void {
      if (this.readyState >= CLOSING) return;
      const failed = this.readyState === CONNECTING;
      this.readyState = CLOSING;
      later(() => {
        this.#session?.gone();
        this.#over(failed ? 1006 : code);
      });
    }

    #over(code: number): void {
      if (this.readyState === CLOSED) return;
      this.readyState = CLOSED;
      if (code === 1006) this.#tell("error");
      this.#tell("close", { code, reason: "", wasClean: code !== 1006 });
    }

    #tell(type: "open" | "message" | "error" | "close", fields: object = {}): void {
      const event = Object.assign(new Event(type), fields);
      this.dispatchEvent(event);
      this[`on${type}`]?.(event);
    }
  }
  return MemorySocket as unknown as ExchangeWebSocket;
}
