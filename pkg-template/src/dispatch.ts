import type { Api } from "./apis.js";
import { type KeyReport, report } from "./check.js";
import { type Credential, type Held, choose, hold } from "./credentials.js";
import {
  ApiError,
  type ErrorKind,
  HttpError,
  InvalidNonceError,
  InvalidRequestError,
  NetworkError,
  ResponseError,
  TimeoutError,
  UnknownOutcomeError,
} from "./errors.js";
import { type Signed, baseOf, exchange, inBrowser, initOf, jsonOf, matches, until } from "./http.js";
import { type Words, refusal } from "./meaning.js";

/** What a client can be told, besides its keys. */
export interface ClientSettings {
  /** https, or http on loopback; Kraken's own by default. */
  readonly baseUrl?: string | undefined;
  /** The `fetch` to use; the runtime's own by default. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds for a whole call, with waiting for its turn, repetitions and pauses; 30 000 by default. */
  readonly timeout?: number | undefined;
  readonly userAgent?: string | undefined;
  /** How often a call that may be sent again is sent again, after 1 s, 2 s, 4 s … at most; 2 by default. */
  readonly retries?: number | undefined;
  /** Allows a browser page, where everyone can read the secret. */
  readonly allowBrowser?: boolean | undefined;
}

/** Options of a client: one key, or several. */
export type ClientOptions = ClientSettings &
  ((Credential & { readonly keys?: undefined }) | { readonly keys: readonly Credential[]; readonly key?: undefined });

export interface CallOptions {
  /** Ends the call. If it had been sent and changes something, its outcome is then unknown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this call, instead of the client's. */
  readonly timeout?: number | undefined;
}

/** Says what Kraken refused; of rows, with the whole result. `unnamed` is what an unknown error is about. */
export type Fail = (errors: readonly string[], result?: unknown, unnamed?: ErrorKind) => never;

/** One call, ready to be signed as often as it takes. */
export interface Call {
  /** As errors name it. */
  readonly endpoint: string;
  readonly needs: string;
  readonly write: boolean;
  readonly file?: boolean;
  readonly clientOrderId?: string | undefined;
  /** Signs it: `url` is a path yet, and headers that say nothing of the call are missing. */
  sign(held: Held, nonce: string, otp: string): Signed;
  /** What an answer means; undefined if it is not in Kraken's shape. */
  read(json: Record<string, unknown>, fail: Fail): unknown;
}

/** Kraken said no, or never heard of it: nothing was carried out. A 4xx is a refusal (RFC 9110 §15.5), but for 408, a timeout. */
function refused(error: unknown): boolean {
  if (error instanceof ApiError) return error.kind !== "unavailable";
  if (error instanceof HttpError) return /^4(?!08)/.test(`${error.status}`);
  return error instanceof NetworkError && /REFUSED|Refused|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT/.test(`${error.reason}`);
}

const isNonce = (error: unknown): boolean => error instanceof ApiError && error.kind === "nonce";

/** What both clients do: takes calls through a queue to an answer, with the right key, as often as is safe. */
export abstract class Client {
  readonly #base: string;
  readonly #userAgent: string;
  readonly #api: Api;
  readonly #words: Words;
  readonly #keys: Held[];
  readonly #fetch: typeof fetch | undefined;
  readonly #timeout: number;
  readonly #retries: number;

  constructor(api: Api, words: Words, options: ClientOptions) {
    const {
      baseUrl = api.baseUrl,
      fetch: fetcher,
      timeout = 30_000,
      userAgent = "kraken-signer",
      retries = 2,
      keys = [options as Credential],
    } = options;
    if (!options.allowBrowser && inBrowser())
      throw new InvalidRequestError("Everyone who opens a page can read its secret: sign on a server, or pass allowBrowser.");
    if (!matches(/^[ -~]+$/, userAgent) || !(retries >= 0) || !keys.length || (options.keys && options.key !== undefined))
      throw new InvalidRequestError("userAgent, retries or keys: an invalid option, or keys beside key.");
    this.#base = baseOf(baseUrl);
    this.#userAgent = userAgent;
    this.#api = api;
    this.#words = words;
    this.#fetch = fetcher;
    this.#timeout = timeout;
    this.#retries = retries;
    this.#keys = keys.map((credential) => hold(credential, api));
  }

  /** Wipes the keys. */
  close(): void {
    for (const { signer } of this.#keys) signer.free();
  }

  /**
   * Asks Kraken about a key, the first one by default, in one call that reads. A key that Kraken refuses is reported too
   * ({@link KeyReport.works}); that Kraken cannot be reached is thrown.
   */
  async check(options: CallOptions & { readonly key?: string | undefined } = {}): Promise<KeyReport> {
    const held = this.#keys.find(({ key }) => key === (options.key ?? key));
    if (!held) throw new InvalidRequestError("This client has no such key.");
    try {
      return report(this.#api, await this.run(this.keyInfo(), options, held), held);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { works: false, error, permissions: [], ipAllowlist: [], endpoints: [], warnings: [error.hint] };
    }
  }

  /** The call that asks about a key. */
  protected abstract keyInfo(): Call;

  /** Signs a call and does not send it. */
  protected async signed(call: Call, options: CallOptions): Promise<Request> {
    return this.run(call, options, undefined, (signed) => new Request(signed.url, initOf(signed)));
  }

  /** Makes a call, or hands it over signed but not sent to `deliver`. */
  protected async run<T>(call: Call, options: CallOptions, held = choose(this.#keys, call), deliver?: (signed: Signed) => T): Promise<T> {
    const { endpoint, write } = call;
    const { signal, timeout = this.#timeout } = options;
    if (!(timeout > 0 && timeout < 2 ** 31)) throw new InvalidRequestError("timeout: give milliseconds, at most 2^31-1.");
    const deadline = Date.now() + timeout;
    const stopper = new AbortController();
    const stop = stopper.signal;
    const abort = (): void => stopper.abort(signal!.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    const timer = setTimeout(() => stopper.abort(new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`)), timeout);
    let pauses = 0;
    let renewed = false;
    try {
      for (let attempts = 1; ; attempts++) {
        let nonce = "";
        let sent = false;
        let copied = false;
        const fail: Fail = (errors, result, unnamed) => {
          const { otp, unit, key } = held;
          const circumstances = { api: this.#api.name, words: this.#words, otp: !!otp, unit, keyLength: key.length, attempts, write };
          throw refusal(endpoint, errors, circumstances, unnamed, result);
        };
        const ask = async ({ sign, read, file }: Call, number: string): Promise<unknown> => {
          // In the finest unit there is, a day ahead: one that is higher would burn the key.
          if (!matches(/^(0|[1-9]\d{0,19})$/, number) || BigInt(number) > BigInt(Date.now() + 864e5) * 1_000_000n)
            throw new InvalidNonceError("The lane gave no nonce, or one far ahead of the clock.");
          const otp = await until(stop, held.otp?.());
          if (held.otp && !matches(/^[ -~]+$/, otp)) throw new InvalidRequestError("otp: no code, or one that is not ASCII.");
          const { url, headers, ...rest } = sign(held, number, otp ?? "");
          const signed = { ...rest, url: this.#base + url, headers: { ...headers, "User-Agent": this.#userAgent } };
          if (deliver) return deliver(signed);
          sent = true;
          const { status, bytes } = await exchange(this.#fetch ?? fetch, endpoint, signed, stop, file);
          // A file is neither an error in JSON nor a page in HTML.
          if (file && status === 200 && bytes.length && !/[<{]/.test(String.fromCharCode(bytes[0]!))) return bytes;
          const json = jsonOf(bytes);
          const value = json && read(json, fail);
          // A redirect is not accepted either; its status is 0 where the runtime hides it.
          if (status < 200 || status > 299) throw new HttpError(endpoint, status);
          if (value === undefined) throw new ResponseError(endpoint);
          return value;
        };
        const send = async (given: string): Promise<T> => {
          stop.throwIfAborted();
          if (nonce) throw new InvalidRequestError("A lane sends a request once.");
          nonce = given;
          try {
            return (await ask(call, nonce)) as T;
          } catch (error) {
            if (!write || !isNonce(error)) throw error;
            // A proxy may have delivered it twice, and this answers the second copy. Then the key's mark is this very nonce, and the next
            // number passes. Only if that is refused too have others raised the mark, so that nothing ran.
            copied = true;
            await ask(this.keyInfo(), `${BigInt(nonce) + 1n}`).catch((second: unknown) => (copied = !isNonce(second)));
            throw error;
          }
        };
        try {
          return await until(stop, held.lane.run(send, { signal: stop }));
        } catch (error) {
          const unclear = copied || (sent && !refused(error));
          if (unclear && write) throw new UnknownOutcomeError(endpoint, nonce, call.clientOrderId, error);
          if (!sent || stop.aborted) throw error;
          if (isNonce(error) && !renewed) {
            renewed = true;
            // Refused before it ran, so that even an order may follow it once, with everything fresh: if anything passes at all. Where all
            // comes twice nothing does, and the order is not tried again.
            if (write) {
              attempts++;
              await until(
                stop,
                held.lane.run((fresh) => ask(this.keyInfo(), fresh), { signal: stop }),
              ).catch((second: unknown) => {
                throw isNonce(second) || stop.aborted ? second : error;
              });
            }
            continue;
          }
          const passing =
            unclear || error instanceof NetworkError || (error instanceof ApiError ? error.retryable : (error as HttpError).status === 429);
          const pause = Math.min(60_000, 1000 * 2 ** pauses) * (0.5 + Math.random() / 2);
          if (write || !passing || pauses++ >= this.#retries || Date.now() + pause > deadline) throw error;
          await until(stop, new Promise((resolve) => setTimeout(resolve, pause)));
        }
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}
