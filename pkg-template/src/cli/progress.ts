// What is known of a call while it is made. It decides what the process ends with, however it ends.
import { nonceIn } from "./captured.js";
import { EXIT } from "./exit.js";

/** A request that is about to be sent. */
export interface Outgoing {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The nonce of a request. */
export const nonceOf = ({ headers, body }: Pick<Outgoing, "headers" | "body">): string =>
  headers.Nonce ?? headers["API-Nonce"] ?? nonceIn(body) ?? "";

/** The names by which the orders in a request can be found, from a form or JSON. */
function namesIn(body: string): string[] {
  let text = body;
  try {
    text = decodeURIComponent(body);
  } catch {
    // JSON, in which a percent sign is one.
  }
  const names = text.matchAll(/\b(cl_ord_id|cliOrdId|userref)[\]"]*\s*[=:]\s*"?([^"&,}\]]+)/g);
  return [...new Set([...names].map(([, kind, name]) => (kind === "userref" ? `userref ${name!}` : name!)))];
}

export class Progress {
  #phase: "idle" | "reading" | "changing" | "done" = "idle";
  #path: string | undefined;
  #exit: number | undefined;
  /** The endpoint that changes something. */
  endpoint = "";
  /** The nonce that it was last sent with. */
  nonce = "";
  /** What its orders are called. */
  names: readonly string[] = [];
  /** What Kraken answered, once it is known to have been carried out. */
  answer: unknown;

  constructor() {
    // Should the process end in a way that nobody has thought of, the code is right all the same.
    process.exitCode = EXIT.internal;
  }

  /** Something was sent that changes something, and nothing proves what became of it. */
  get mayHaveChanged(): boolean {
    return this.#phase === "changing";
  }

  /** Something was changed, and that is proven. */
  get isDone(): boolean {
    return this.#phase === "done";
  }

  /** Whether nothing was sent at all. */
  get isIdle(): boolean {
    return this.#phase === "idle";
  }

  /** What the process ends with, once that is certain. */
  get exit(): number | undefined {
    return this.#exit;
  }

  /** Notes a request just before it is sent. */
  sends(endpoint: string, write: boolean, request: Outgoing): void {
    if (!write) {
      this.#phase = "reading";
      return;
    }
    this.#phase = "changing";
    process.exitCode = EXIT.unknown;
    // A look for an order follows the order with another path.
    this.#path ??= request.path;
    if (this.#path !== request.path) return;
    this.endpoint = endpoint;
    this.nonce = nonceOf(request);
    this.names = namesIn(request.body);
  }

  /** Notes what was sent last as carried out, if it changes something. */
  succeeds(answer: unknown): void {
    if (this.#phase !== "changing") return;
    this.#phase = "done";
    this.answer = answer;
    process.exitCode = EXIT.done;
  }

  /** Notes what the process will end with. */
  settle(exit: number): number {
    this.#exit = exit;
    process.exitCode = exit;
    return exit;
  }
}
