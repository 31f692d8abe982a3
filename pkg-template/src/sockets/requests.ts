import type { CallOptions } from "../dispatch.js";
import { ApiError, InvalidRequestError, KrakenError, TimeoutError, UnknownOutcomeError } from "../errors.js";
import type { Connection } from "./connection.js";

/** Something that was, or is to be, sent, and whoever waits for its answer. */
export interface Request {
  id: number;
  readonly endpoint: string;
  /** What the subclass makes messages from. */
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** How many answers there will be. */
  readonly expects: number;
  /** What is to be done with it when the connection breaks. */
  readonly atBreak: "fail" | "again" | "done";
  readonly results: unknown[];
  readonly errors: string[];
  /** The token it was sent with. */
  token?: string | undefined;
  renewed?: boolean;
  sent: boolean;
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** A request, as far as who makes it says. */
export type Draft = Pick<Request, "endpoint" | "method" | "params"> &
  Partial<Pick<Request, "expects" | "atBreak">> & { readonly write?: boolean };

/** What a set of requests needs to know of its socket. */
export interface Sender {
  readonly connection: Connection;
  /** One request at a time: answers do not say to what they belong. */
  readonly serial: boolean;
  /** The message for a request; `undefined` if it has to wait for something. */
  compose(request: Request): Promise<string | undefined>;
}

/** Requests over one connection after the other, each until it is answered or given up. */
export class Requests {
  readonly #sender: Sender;
  /** By number and in order. */
  readonly #waiting = new Map<number, Request>();
  #ids = 0;
  /** Counts connections: what began with one must not go on with another. */
  #generation = 0;
  #pumping: number | undefined;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  get(id: number): Request | undefined {
    return this.#waiting.get(id);
  }

  /** The oldest one. */
  get first(): Request | undefined {
    return this.#waiting.values().next().value;
  }

  /** Sends something as soon as there is a connection, and resolves to what Kraken answers. `done` runs with the answer, before anything else comes in. */
  make<T>(draft: Draft, options: CallOptions, done?: (request: Request) => void): Promise<T> {
    const { connection, serial } = this.#sender;
    const { timeout = connection.timeout, signal } = options;
    const { endpoint, write } = draft;
    if (!(timeout > 0 && timeout < 2 ** 31)) throw new InvalidRequestError("timeout: give milliseconds, at most 2^31-1.");
    signal?.throwIfAborted();
    if (connection.closed) throw this.#unsent(endpoint);
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(request.id);
        if (serial) this.pump();
      };
      const request: Request = {
        expects: 1,
        atBreak: "fail",
        results: [],
        errors: [],
        sent: false,
        ...draft,
        id: ++this.#ids,
        succeed: (result) => {
          done?.(request);
          leave();
          resolve(result as T);
        },
        fail: (error) => {
          leave();
          const { cl_ord_id: name } = draft.params;
          const unclear = write && request.sent && !(error instanceof ApiError && error.kind !== "unavailable");
          reject(unclear ? new UnknownOutcomeError(endpoint, { clientOrderId: name, cause: error }) : error);
        },
      };
      const abort = (): void => request.fail(signal!.reason);
      const timer = setTimeout(
        () => request.fail(new TimeoutError(`${endpoint}: ${request.sent ? "no answer" : "not sent"} within ${timeout} ms.`)),
        timeout,
      );
      signal?.addEventListener("abort", abort);
      this.#waiting.set(request.id, request);
      connection.start();
      this.pump();
    });
  }

  /** Sends a request again that was refused before it ran. */
  again(request: Request): void {
    request.sent = false;
    this.#waiting.delete(request.id);
    // Under a new number: an answer to the old one must not be taken for one to the new one.
    request.id = ++this.#ids;
    this.#waiting.set(request.id, request);
    this.pump();
  }

  /** The connection broke; `final`: there will be no other. */
  lost(cause: KrakenError, final: boolean): void {
    this.#generation++;
    this.#pumping = undefined;
    for (const request of [...this.#waiting.values()]) {
      if (request.atBreak === "again" && !final) request.sent = false;
      else if (request.atBreak === "done") request.succeed(undefined);
      else request.fail(request.sent ? cause : this.#unsent(request.endpoint));
    }
  }

  /** The socket was closed. */
  end(): void {
    this.#generation++;
    for (const request of [...this.#waiting.values()]) request.fail(this.#unsent(request.endpoint, request.sent));
  }

  /** Sends what can be sent now. */
  pump(): void {
    void this.#pump();
  }

  /** Sends what waits, one after the other in the order in which it was asked for. */
  async #pump(): Promise<void> {
    const generation = this.#generation;
    const { connection, serial } = this.#sender;
    if (!connection.open || this.#pumping === generation) return;
    this.#pumping = generation;
    for (const request of this.#waiting.values()) {
      if (request.sent && serial) break;
      if (request.sent) continue;
      try {
        const text = await this.#sender.compose(request);
        if (generation !== this.#generation) return;
        if (text === undefined) break;
        // It may have been given up in the meantime.
        if (this.#waiting.get(request.id) === request) request.sent = connection.send(text);
        if (request.sent && serial) break;
      } catch (error) {
        if (generation !== this.#generation) return;
        request.fail(error);
      }
    }
    if (this.#pumping === generation) this.#pumping = undefined;
  }

  #unsent(endpoint: string, sent = false): KrakenError {
    const { closed } = this.#sender.connection;
    return new KrakenError(
      "ERR_UNAVAILABLE",
      `${endpoint}: ${sent ? "no answer" : "not sent"}, since the socket ${closed ? "is closed" : "has no connection"}.`,
    );
  }
}
