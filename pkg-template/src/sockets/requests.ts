import { type ApiError, InvalidRequestError, KrakenError, TimeoutError, UnknownOutcomeError } from "../errors.js";
import type { Row } from "../rest/endpoint.js";
import { type SentOrder, rememberSent } from "../rest/sent-order.js";
import type { Connection } from "./connection.js";

/** Options of one call over a socket. */
export interface SocketCallOptions {
  /** Ends the call. If it had been sent and changes something, its outcome is then unknown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this call, with waiting for the connection and for a token; by default the socket's. */
  readonly timeout?: number | undefined;
}

/** Something that was, or is to be, sent, and whoever waits for its answer. */
export interface Request {
  id: number;
  readonly endpoint: string;
  readonly method: string;
  /** What the subclass makes a message from. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters that have been written already, as members of a JSON object. */
  readonly written?: string | undefined;
  /** It changes something: once it was sent, only an answer tells what became of it. */
  readonly write: boolean;
  /** What orders in it are called. */
  readonly order?: SentOrder | undefined;
  /** What an order in it is like, in the words of REST, by which `resolveOrder` looks for it. */
  readonly like?: Readonly<Record<string, unknown>> | undefined;
  /** How many orders are in it, where the answer has a row for each. */
  readonly orders?: number | undefined;
  /** How many answers there will be. */
  readonly expects: number;
  /** What is to be done with it when the connection breaks. */
  readonly atBreak: "fail" | "again" | "done";
  readonly timeout: number;
  /** What has been answered so far, and for what. */
  rows: Row[];
  results: unknown[];
  seen: Set<string>;
  /** The token, or the proof, that it was sent with. */
  token?: string | undefined;
  renewed?: boolean;
  sent: boolean;
  /** When it was sent last, by the clock and by `performance.now()`. */
  sentAt: number;
  sentUptime: number;
  /** Resolves to what Kraken answers. */
  readonly answer: Promise<unknown>;
  succeed(result: unknown): void;
  /** Kraken refused it, so that nothing was done, or only what the error says. */
  refuse(error: ApiError): void;
  /** No answer, or none that tells what became of it. */
  fail(error: unknown): void;
}

/** A request, as far as who makes it says. */
export type Draft = Pick<Request, "endpoint" | "method" | "params"> &
  Partial<Pick<Request, "expects" | "atBreak" | "write" | "written" | "order" | "like" | "orders">> & {
    /** Runs with the answer, before anything else comes in. */
    readonly done?: (request: Request) => void;
  };

/** What a set of requests needs to know of its socket. */
export interface Sender {
  readonly connection: Connection;
  /** One request at a time: answers do not say to what they belong. */
  readonly serial: boolean;
  /** The message for a request; `undefined` if it has to wait for something: then those behind it go first, unless they are to go one at a time. */
  compose(request: Request): string | undefined;
}

function unknownOutcome(request: Request, cause: unknown): UnknownOutcomeError {
  const { endpoint, order, like = {}, sentAt, sentUptime } = request;
  const error = new UnknownOutcomeError(endpoint, { ...order, cause });
  rememberSent(error, { key: undefined, endpoint, params: like, sentAt, sentUptime });
  return error;
}

/** Requests over one connection after the other, each until it is answered or given up. */
export class Requests implements Iterable<Request> {
  readonly #sender: Sender;
  /** By number and in order. */
  readonly #waiting = new Map<number, Request>();
  #ids = 0;
  #pumping = false;
  #more = false;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The one to which an answer with this number belongs. What has not been sent has no answer. */
  get(id: unknown): Request | undefined {
    const request = this.#waiting.get(id as number);
    return request?.sent ? request : undefined;
  }

  [Symbol.iterator](): Iterator<Request> {
    return [...this.#waiting.values()][Symbol.iterator]();
  }

  /** The oldest one: where they go one at a time, the one to which an answer belongs, if it was sent. */
  get first(): Request | undefined {
    return this.#waiting.values().next().value;
  }

  /**
   * Sends something as soon as there is a connection.
   *
   * @throws InvalidRequestError, KrakenError, the signal's reason: at once, for what can be seen at once
   */
  make(draft: Draft, options: SocketCallOptions): Request {
    const { connection } = this.#sender;
    const { timeout = connection.timeout, signal } = options;
    if (!(timeout > 0 && timeout < 2 ** 31)) throw new InvalidRequestError("timeout: give milliseconds, at most 2^31-1.");
    signal?.throwIfAborted();
    if (connection.closed) throw this.#unsent(draft.endpoint);
    const request = this.#begin(draft, timeout, signal);
    this.#waiting.set(request.id, request);
    connection.start();
    this.pump();
    return request;
  }

  #begin(draft: Draft, timeout: number, signal: AbortSignal | undefined): Request {
    const { done, ...rest } = draft;
    let settle!: { resolve(result: unknown): void; reject(error: unknown): void };
    const answer = new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
    const abort = (): void => request.fail(signal!.reason);
    const late = (): void =>
      request.fail(new TimeoutError(`${draft.endpoint}: ${request.sent ? "no answer" : "not sent"} within ${timeout} ms.`));
    signal?.addEventListener("abort", abort);
    const timer = setTimeout(late, timeout);
    const leave = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#waiting.delete(request.id);
      if (this.#sender.serial) this.pump();
    };
    const request: Request = {
      expects: 1,
      atBreak: "fail",
      write: false,
      ...rest,
      id: ++this.#ids,
      timeout,
      rows: [],
      results: [],
      seen: new Set(),
      sent: false,
      sentAt: 0,
      sentUptime: 0,
      answer,
      succeed: (result) => {
        done?.(request);
        leave();
        settle.resolve(result);
      },
      refuse: (error) => {
        leave();
        settle.reject(error);
      },
      fail: (error) => {
        leave();
        settle.reject(request.write && request.sent ? unknownOutcome(request, error) : error);
      },
    };
    return request;
  }

  /** Sends a request again that was refused before it ran. */
  again(request: Request): void {
    this.#reset(request);
    this.#waiting.delete(request.id);
    // Under a new number: an answer to the old one must not be taken for one to the new one.
    request.id = ++this.#ids;
    this.#waiting.set(request.id, request);
    this.pump();
  }

  /** What was answered before does not count any more. */
  #reset(request: Request): void {
    request.sent = false;
    request.rows = [];
    request.results = [];
    request.seen = new Set();
  }

  /** The connection broke; `final`: there will be no other. */
  lost(cause: KrakenError, final: boolean): void {
    for (const request of this) {
      if (request.atBreak === "again" && !final) this.#reset(request);
      else if (request.atBreak === "done") request.succeed(undefined);
      else request.fail(request.sent ? cause : this.#unsent(request.endpoint));
    }
  }

  /** The socket was closed. */
  end(): void {
    for (const request of this) request.fail(this.#unsent(request.endpoint, request.sent));
  }

  /** Sends what can be sent now, in the order in which it was asked for. */
  pump(): void {
    this.#more = true;
    // What is sent may fail, and make room for the next one: then this goes round once more.
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#more) {
      this.#more = false;
      this.#pump();
    }
    this.#pumping = false;
  }

  #pump(): void {
    const { connection, serial } = this.#sender;
    for (const request of this.#waiting.values()) {
      if (!connection.open || (request.sent && serial)) return;
      if (request.sent) continue;
      try {
        const text = this.#sender.compose(request);
        if (text !== undefined) this.#send(request, text);
      } catch (error) {
        request.fail(error);
        continue;
      }
      if (serial) return;
    }
  }

  #send(request: Request, text: string): void {
    // Before it is: there are WebSockets that answer, or break, before they return.
    Object.assign(request, { sent: true, sentAt: Date.now(), sentUptime: performance.now() });
    this.#sender.connection.send(text, () => (request.sent = false));
  }

  #unsent(endpoint: string, sent = false): KrakenError {
    const { closed } = this.#sender.connection;
    return new KrakenError(
      "ERR_UNAVAILABLE",
      `${endpoint}: ${sent ? "no answer" : "not sent"}, since the socket ${closed ? "is closed" : "has no connection"}.`,
    );
  }
}
