import type { Api } from "./apis.js";
import { type KeyReport, report } from "./check.js";
import { type Credential, type Held, choose, hold } from "./credentials.js";
import {
  ApiError,
  type ErrorKind,
  HttpError,
  InvalidNonceError,
  type NetworkError,
  ResponseError,
  TimeoutError,
  UnknownOutcomeError,
  need,
} from "./errors.js";
import { type SignedRequest, baseOf, exchange, inBrowser, jsonOf, matches } from "./http.js";
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
  /** What the caller called the order. */
  readonly clientOrderId?: unknown;
  /** Signs it: `url` is a path yet, and headers that say nothing of the call are missing. */
  sign(held: Held, nonce: string, otp: string): SignedRequest;
  /** What an answer means; undefined if it is not in Kraken's shape. */
  read(json: Record<string, unknown>, fail: Fail): unknown;
}

type Failure = Partial<Omit<ApiError, "code"> & Omit<HttpError, "code"> & Omit<NetworkError, "code">> | undefined;

/** Kraken said no, or never heard of it: nothing was carried out. A 4xx is a refusal (RFC 9110 §15.5), but for 408, a timeout. */
const refused = ({ kind, status, reason }: NonNullable<Failure>): boolean =>
  kind ? kind !== "unavailable" : /^4(?!08)/.test(`${status}`) || /refused|enotfound|eai_again|connect_timeout/i.test(`${reason}`);

const isNonce = (error: unknown): boolean => (error as Failure)?.kind === "nonce";

/** What both clients do: takes calls through a queue to an answer, with the right key, as often as is safe. */
export abstract class Client {
  readonly #base: string;
  readonly #userAgent: string;
  readonly #api: Api & { readonly words: Words };
  readonly #keys: Held[];
  readonly #fetch: typeof fetch | undefined;
  readonly #timeout: number;
  readonly #retries: number;

  constructor(api: Api & { readonly words: Words }, options: ClientOptions) {
    const {
      baseUrl = api.baseUrl,
      fetch: fetcher,
      timeout = 30_000,
      userAgent = "kraken-signer",
      retries = 2,
      keys = [options as Credential],
    } = options;
    need(options.allowBrowser || !inBrowser(), "No secrets in pages: sign on a server, or pass allowBrowser.");
    need(
      matches(/^[ -~]+$/, userAgent) && retries >= 0 && keys.length && !(options.keys && options.key),
      "Invalid userAgent, retries or keys.",
    );
    this.#base = baseOf(baseUrl);
    this.#userAgent = userAgent;
    this.#api = api;
    this.#fetch = fetcher;
    this.#timeout = timeout;
    this.#retries = retries;
    this.#keys = keys.map(hold);
  }

  /** Wipes the keys. */
  close(): void {
    for (const { secret } of this.#keys) secret.free();
  }

  /**
   * Asks Kraken about a key, the first one by default, in one call that reads. A key that Kraken refuses is reported too
   * ({@link KeyReport.works}); that Kraken cannot be reached is thrown.
   */
  async check(options: CallOptions & { readonly key?: string | undefined } = {}): Promise<KeyReport> {
    const held = this.#keys.find(({ key }) => key === (options.key ?? key));
    need(held, "No such key.");
    try {
      return report(this.#api, await this.run(this.keyInfo(), options, held), held);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { works: false, error, permissions: [], ipAllowlist: [], endpoints: [], warnings: [error.hint] };
    }
  }

  /** The call that asks about a key. */
  protected abstract keyInfo(): Call;

  /** Signs a call at once, out of turn. */
  protected signed(call: Call): SignedRequest {
    const held = choose(this.#keys, call);
    return this.#signed(call, held, held.lane.next?.(), held.otp?.());
  }

  /** Signs a call with a nonce and a one-time password, which may come from others and are checked. */
  #signed(call: Call, held: Held, nonce: unknown, otp: unknown): SignedRequest {
    // In the finest unit there is, a day ahead: one that is higher would burn the key.
    if (!matches(/^\d{1,20}$/, nonce) || Number(nonce) > (Date.now() + 864e5) * 1e6)
      throw new InvalidNonceError("The lane gave no nonce, or one far ahead of the clock.");
    need(!held.otp || matches(/^[ -~]+$/, otp), "otp gave no code.");
    const signed = call.sign(held, nonce, (otp ?? "") as string);
    signed.url = this.#base + signed.url;
    signed.headers["User-Agent"] = this.#userAgent;
    return signed;
  }

  /** Makes a call; or only signs it, and returns the Request. */
  protected async run<T>(call: Call, options: CallOptions, held = choose(this.#keys, call), unsent?: boolean): Promise<T> {
    const { endpoint, write } = call;
    const { signal, timeout = this.#timeout } = options;
    need(timeout > 0 && timeout < 2 ** 31, "timeout: ms below 2^31.");
    signal?.throwIfAborted();
    const deadline = Date.now() + timeout;
    const stopper = new AbortController();
    const stop = stopper.signal;
    const stopped = new Promise<never>((_, reject) => stop.addEventListener("abort", () => reject(stop.reason)));
    // Not every `fetch`, lane or OTP listens to signals.
    const until = <V>(work: V): Promise<Awaited<V>> => Promise.race([stopped, work]);
    const abort = (): void => stopper.abort(signal!.reason);
    signal?.addEventListener("abort", abort);
    const timer = setTimeout(() => stopper.abort(new TimeoutError(`${endpoint}: no answer within ${timeout} ms.`)), timeout);
    let attempts = 0;
    let renewed = false;
    let nonce: string;
    /** Whether what was sent may have been carried out; undefined if nothing was. */
    let unclear: boolean | undefined;

    const ask = async (one: Call, number: string): Promise<unknown> => {
      const otp = await held.otp?.();
      stop.throwIfAborted();
      const signed = this.#signed(one, held, number, otp);
      if (unsent) return new Request(signed.url, signed);
      unclear = true;
      attempts++;
      const { ok, status, blob } = await exchange(this.#fetch ?? fetch, endpoint, signed, stop, one.file);
      // A file is neither empty, nor a page in HTML, nor an error in JSON.
      if (one.file && ok && /^[^<{]/.test(await blob.slice(0, 1).text())) return new Uint8Array(await blob.arrayBuffer());
      const json = jsonOf(await blob.text());
      const value =
        json &&
        one.read(json, (errors, result, unnamed) => {
          throw refusal(endpoint, errors, { ...held, words: this.#api.words, attempts, write }, unnamed, result);
        });
      // A redirect is not accepted either; its status is 0 where the runtime hides it.
      if (!ok) throw new HttpError(endpoint, status);
      if (value === undefined) throw new ResponseError(endpoint);
      return value;
    };

    const send = async (given: string): Promise<unknown> => {
      need(!nonce, "A lane sends once.");
      nonce = given;
      try {
        return await ask(call, nonce);
      } catch (error) {
        unclear &&= !refused(error as NonNullable<Failure>);
        if (write && isNonce(error)) {
          // A proxy may have delivered it twice, and this answers the second copy. Then the key's mark is this very nonce, and the next
          // number passes. Only if that is refused too have others raised the mark, so that nothing ran.
          unclear = true;
          await ask(this.keyInfo(), `${BigInt(nonce) + 1n}`).catch((second: unknown) => (unclear = !isNonce(second)));
        }
        throw error;
      }
    };

    const inLane = (work: (nonce: string) => Promise<unknown>): Promise<unknown> =>
      until(held.lane.run((given) => until(work(given)), { signal: stop }));

    try {
      for (;;) {
        nonce = "";
        unclear = undefined;
        try {
          return (await inLane(send)) as T;
        } catch (error) {
          if (unclear && write) throw new UnknownOutcomeError(endpoint, { nonce, clientOrderId: call.clientOrderId, cause: error });
          if (unclear === undefined || stop.aborted) throw error;
          if (isNonce(error) && !renewed) {
            renewed = true;
            // Refused before it ran, so that even an order may follow it once, with everything fresh: if anything passes at all. Where all
            // comes twice nothing does, and the order is not tried again.
            if (write) await inLane((fresh) => ask(this.keyInfo(), fresh));
            continue;
          }
          // The reason of what was not sent at all: no connection.
          const { retryable, status, reason } = error as NonNullable<Failure>;
          const passing = unclear || retryable || reason || status === 429;
          const pause = 500 * 2 ** attempts * (0.5 + Math.random() / 2);
          if (write || !passing || attempts > this.#retries || Date.now() + pause > deadline) throw error;
          await until(new Promise((resolve) => setTimeout(resolve, pause)));
        }
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}
