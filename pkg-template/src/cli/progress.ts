// The progress of a call. It determines the exit code, no matter how the process ends.
import { nonceIn } from "./captured.js";
import { EXIT } from "./exit.js";

/** A request that is about to be sent. */
export interface Outgoing {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns the nonce of a request. */
export const nonceOf = ({ headers, body }: Pick<Outgoing, "headers" | "body">): string =>
  headers.Nonce ?? headers["API-Nonce"] ?? nonceIn(body) ?? "";

/** Returns the ids by which the orders in a request can be found. The body is a form or JSON. */
function namesIn(body: string): string[] {
  let text = body;
  try {
    text = decodeURIComponent(body);
  } catch {
    // It is JSON, in which a percent sign has no meaning.
  }
  const names = text.matchAll(/\b(cl_ord_id|cliOrdId|userref)[\]"]*\s*[=:]\s*"?([^"&,}\]]+)/g);
  return [...new Set([...names].map(([, kind, name]) => (kind === "userref" ? `userref ${name!}` : name!)))];
}

export class Progress {
  #phase: "idle" | "reading" | "changing" | "done" = "idle";
  #path: string | undefined;
  #exit: number | undefined;
  /** The endpoint of the write. */
  endpoint = "";
  /** The nonce that the write was last sent with. */
  nonce = "";
  /** The ids of its orders. */
  names: readonly string[] = [];
  /** Kraken's answer, once the write is known to be carried out. */
  answer: unknown;

  constructor() {
    // If the process ends in an unforeseen way, the exit code is still right.
    process.exitCode = EXIT.internal;
  }

  /** Whether a write was sent, and nothing proves its outcome. */
  get mayHaveChanged(): boolean {
    return this.#phase === "changing";
  }

  /** Whether a write is proven to be carried out. */
  get isDone(): boolean {
    return this.#phase === "done";
  }

  /** Whether nothing was sent at all. */
  get isIdle(): boolean {
    return this.#phase === "idle";
  }

  /** The exit code, once it is certain. */
  get exit(): number | undefined {
    return this.#exit;
  }

  /** Records a request just before it is sent. */
  sends(endpoint: string, write: boolean, request: Outgoing): void {
    if (!write) {
      this.#phase = "reading";
      return;
    }
    this.#phase = "changing";
    process.exitCode = EXIT.unknown;
    // If the path differs, this request looks for the order that was sent before.
    this.#path ??= request.path;
    if (this.#path !== request.path) return;
    this.endpoint = endpoint;
    this.nonce = nonceOf(request);
    this.names = namesIn(request.body);
  }

  /** Records that the last request was carried out, if it is a write. */
  succeeds(answer: unknown): void {
    if (this.#phase !== "changing") return;
    this.#phase = "done";
    this.answer = answer;
    process.exitCode = EXIT.done;
  }

  /** Records the exit code. */
  settle(exit: number): number {
    this.#exit = exit;
    process.exitCode = exit;
    return exit;
  }
}
