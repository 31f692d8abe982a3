import { checkMilliseconds, checkNames } from "../checks.js";
import { type ApiError, KrakenError, TimeoutError, UnknownOutcomeError } from "../errors.js";
import { checkSignal } from "../rest/call.js";
import type { Row } from "../rest/endpoint.js";
import { type Destination, type SentCall, beginCall, claimOrders, endCall, placedIds, rememberSent } from "../rest/sent-calls.js";
import type { SentOrder } from "../rest/sent-order.js";
import type { Connection } from "./connection.js";

/** Options of one call over a socket. */
export interface SocketCallOptions {
  /** Ends the call; none by default. If the call was sent and changes something, its outcome is then unknown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call, including the wait for the connection and for a token; by default, the socket's `timeout`. */
  readonly timeout?: number | undefined;
}

/** A request that waits to be sent, or for its answer. */
export interface Request {
  id: number;
  /** Its first number, which shows the order in which calls were made. */
  readonly made: number;
  readonly endpoint: string;
  readonly method: string;
  /** The parameters from which the subclass makes a message. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The parameters as members of a JSON object, if they were written already. */
  readonly written?: string | undefined;
  /** Whether it changes something. After it was sent, only an answer proves what happened. */
  readonly write: boolean;
  /** The ids of the orders in it. */
  readonly order?: SentOrder | undefined;
  /** Properties of the order that it places, with the names of REST, by which `resolveOrder` searches for it; `undefined` if it places none. */
  readonly like?: Readonly<Record<string, unknown>> | undefined;
  /** The number of orders in it, if the answer has a row for each. */
  readonly orders?: number | undefined;
  /** The number of answers that are expected. */
  readonly expects: number;
  /** The action when the connection breaks: fail, send it again, or count it as done. */
  readonly atBreak: "fail" | "again" | "done";
  readonly timeout: number;
  /** The answers so far. */
  rows: Row[];
  results: unknown[];
  seen: Set<string>;
  /** The token, or the signed challenge, that was sent with it. */
  token?: string | undefined;
  renewed?: boolean;
  sent: boolean;
  /** The call as it is remembered from its sending on, if it changes something. */
  record?: SentCall;
  /** Resolves to Kraken's answer. */
  readonly answer: Promise<unknown>;
  succeed(result: unknown): void;
  /** Ends a request that Kraken rejected. Nothing was carried out, except what the error lists. */
  refuse(error: ApiError): void;
  /** Ends a request without an answer that proves its outcome. The `result` of a batch may name orders that were placed. */
  fail(error: unknown, result?: unknown): void;
}

/** The fields of a request that its caller sets. */
export type Draft = Pick<Request, "endpoint" | "method" | "params"> &
  Partial<Pick<Request, "expects" | "atBreak" | "write" | "written" | "order" | "like" | "orders">> & {
    /** Called with the answer, before any later message is processed. */
    readonly done?: (request: Request) => void;
  };

/** The parts of a socket that its requests use. */
export interface Sender {
  readonly connection: Connection;
  /** Where its orders are placed, as far as it is known. */
  readonly destination: Destination | undefined;
  /** Whether only one request may be sent at a time, because answers do not name their request. */
  readonly serial: boolean;
  /** Makes the message of a request; `undefined` if it has to wait for something. Unless requests are serial, later ones go first then. */
  compose(request: Request): string | undefined;
}

/** Returns the error of a request that was sent, and whose outcome is unknown. */
function unknownOutcome({ endpoint, params, order, record, like }: Request, cause: unknown, result: unknown): UnknownOutcomeError {
  const orderIds = [...(order?.orderIds ?? []), ...(like ? placedIds(result, params) : [])];
  const error = new UnknownOutcomeError(endpoint, { ...order, orderIds, cause, result });
  if (record) rememberSent(error, record);
  return error;
}

/** Returns the answers so far, if several are expected. */
const answersTo = ({ expects, results }: Request): readonly unknown[] | undefined =>
  expects > 1 && results.length ? [...results] : undefined;

/** The requests of a socket, each until it is answered or has failed. They survive a reconnect. */
export class Requests implements Iterable<Request> {
  readonly #sender: Sender;
  /** The requests by number, in order. */
  readonly #waiting = new Map<number, Request>();
  /** The latest call that changes something and was sent with a token, by the token. */
  readonly #latest = new Map<string | undefined, number>();
  #ids = 0;
  #pumping = false;
  #more = false;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Returns the request with this number, if it was sent. */
  get(id: unknown): Request | undefined {
    const request = this.#waiting.get(id as number);
    return request?.sent ? request : undefined;
  }

  [Symbol.iterator](): Iterator<Request> {
    return [...this.#waiting.values()][Symbol.iterator]();
  }

  /** The oldest request. If requests are serial, an answer belongs to it. */
  get first(): Request | undefined {
    return this.#waiting.values().next().value;
  }

  /**
   * Sends a request as soon as there is a connection.
   *
   * @throws InvalidRequestError, KrakenError or the reason of the signal, if the request cannot be sent at all
   */
  make(draft: Draft, options: SocketCallOptions): Request {
    const { connection } = this.#sender;
    checkNames(draft.endpoint, options, ["signal", "timeout"]);
    const { timeout = connection.timeout, signal } = options;
    checkMilliseconds("timeout", timeout);
    checkSignal(signal);
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
    const id = ++this.#ids;
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
      id,
      made: id,
      timeout,
      rows: [],
      results: [],
      seen: new Set(),
      sent: false,
      answer,
      succeed: (result) => {
        done?.(request);
        leave();
        this.#conclude(request, result);
        settle.resolve(result);
      },
      refuse: (error) => {
        leave();
        this.#conclude(request, error.result);
        settle.reject(error);
      },
      fail: (error, result) => {
        leave();
        if (request.write && request.sent) return settle.reject(unknownOutcome(request, error, result ?? answersTo(request)));
        endCall(request.record);
        settle.reject(error);
      },
    };
    return request;
  }

  /** Counts a call as settled, and claims the orders that it placed, so that a later search does not take them for another call's. */
  #conclude({ record, like }: Request, result: unknown): void {
    endCall(record);
    if (like) claimOrders(placedIds(result, like), this.#sender.destination);
  }

  /** Sends a request again that Kraken rejected before it ran, in its old place. */
  again(request: Request): void {
    this.#reset(request);
    const all = [...this];
    this.#waiting.clear();
    // It gets a new number, so that a late answer to the first copy is not taken for an answer to the second.
    request.id = ++this.#ids;
    for (const one of all) this.#waiting.set(one.id, one);
    this.pump();
  }

  /**
   * Whether a later call that changes something was sent with another token than this one. If Kraken rejected the token of this one, the later call may
   * have been carried out, so this one must not follow it.
   */
  isOvertaken({ made, token }: Request): boolean {
    return [...this.#latest].some(([other, latest]) => other !== token && latest > made);
  }

  /** Forgets earlier answers. */
  #reset(request: Request): void {
    request.sent = false;
    request.rows = [];
    request.results = [];
    request.seen = new Set();
  }

  /** Handles a broken connection. If it is `final`, there is no other one. */
  lost(cause: KrakenError, final: boolean): void {
    this.#latest.clear();
    for (const request of this) {
      if (request.atBreak === "again" && !final) this.#reset(request);
      else if (request.atBreak === "done") request.succeed(undefined);
      else request.fail(request.sent ? cause : this.#unsent(request.endpoint));
    }
  }

  /** Ends all requests, because the socket was closed. */
  end(): void {
    for (const request of this) request.fail(this.#unsent(request.endpoint, request.sent));
  }

  /** Sends the requests that can be sent now, in order. */
  pump(): void {
    this.#more = true;
    // If a request fails at once, the next one can be sent, so the loop runs once more.
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
    // Set before sending, because some WebSockets deliver an answer or an error before `send` returns.
    request.sent = true;
    if (request.write) this.#remember(request);
    this.#sender.connection.send(text, () => (request.sent = false));
  }

  /** Remembers a call that is being sent: it may have placed an order that another call searches for. */
  #remember(request: Request): void {
    const { endpoint, like = {}, made, token } = request;
    const { destination } = this.#sender;
    this.#latest.set(token, Math.max(this.#latest.get(token) ?? 0, made));
    endCall(request.record);
    request.record = { key: undefined, destination, endpoint, params: like, sentAt: Date.now(), sentUptime: performance.now() };
    beginCall(request.record);
  }

  #unsent(endpoint: string, sent = false): KrakenError {
    const { closed } = this.#sender.connection;
    return new KrakenError(
      "ERR_UNAVAILABLE",
      `${endpoint}: ${sent ? "no answer" : "not sent"}, because the socket ${closed ? "is closed" : "has no connection"}.`,
    );
  }
}
