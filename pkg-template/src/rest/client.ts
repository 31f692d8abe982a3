import { KrakenError, NetworkError, UnknownOutcomeError, need } from "../errors.js";
import { checkNonce } from "../lane/limit.js";
import { ProcessLane } from "../lane/process.js";
import type { WaitingCall } from "../lane/rates.js";
import {
  type Attempt,
  NotDone,
  deadlineOf,
  ended,
  errorsOf,
  failedOf,
  behindOf,
  freshCode,
  isSignature,
  isWorthRepeating,
  judged,
  mayBeOfCopy,
  newAttempt,
  passed,
} from "./attempt.js";
import { CALL_OPTIONS, type CallOptions, type PreparedCall, checkCallOptions } from "./call.js";
import { CallRecords } from "./call-records.js";
import { CallTimer } from "./call-timer.js";
import type { Credential, LoadedCredential } from "./credentials.js";
import type { Endpoints } from "./endpoint.js";
import type { ErrorPattern } from "./answer/error-patterns.js";
import { baseOfClient, inBrowser, matches } from "./guards.js";
import type { Fetch } from "./http/fetch.js";
import { NoAnswer, type SignedRequest, exchange } from "./http/exchange.js";
import type { Hooks } from "./hooks.js";
import { type CheckOptions, type KeyReport, checkKeysFor } from "./key-report.js";
import { KeySet } from "./key-set.js";
import { type SpotClientOptions, checkKeys, checkOptions } from "./options.js";
import type { Outcome } from "./answer/outcome.js";
import { CallObserver } from "./observer.js";
import { WAITING } from "./rate-limit.js";
import { type Limits, limitsOf } from "./rate-options.js";
import { type Progress, nextAttempt } from "./retry.js";
import { type SlotCall, inSlot, limiterOf } from "./slot.js";
import { type CallUnderWay, BEGIN, UnderWay } from "./under-way.js";
import { beginCall, destinationOf, rememberDestination } from "./sent-calls.js";

/** The facts about an API that its client needs. */
export interface ApiFacts {
  /** The product of Kraken that the API belongs to. */
  readonly product: "spot" | "futures";
  /** The base URL of the API, unless the client's options name another one. */
  readonly baseUrl: string;
  /** The records of the known endpoints. */
  readonly endpoints: Endpoints;
  /** The error patterns of the API. */
  readonly patterns: readonly ErrorPattern[];
}

/** A call that is under way, and what it needs. */
interface RunningCall extends CallUnderWay, SlotCall {
  readonly timer: CallTimer;
  /** The credential that signs its next attempt; none for a public endpoint. */
  credential: LoadedCredential | undefined;
  /** Whether the caller has chosen the key. */
  readonly isKeyGiven: boolean;
  /** Tells the hooks about it, if the client has hooks. */
  readonly observer: CallObserver | undefined;
}

/** The base of both clients: it takes a call through the queue to an answer, with the right key, as often as is safe. */
export abstract class Client {
  readonly #api: ApiFacts;
  readonly #base: string;
  readonly #userAgent: string;
  readonly #keys: KeySet;
  readonly #fetch: Fetch | undefined;
  readonly #timeout: number;
  readonly #retries: number;
  readonly #records: CallRecords;
  readonly #hooks: Hooks | undefined;
  readonly #limits: Limits | undefined;
  readonly #allowBrowser: boolean;
  readonly #underWay = new UnderWay();
  readonly #waiting: Set<WaitingCall> | undefined;
  #calls = 0;
  #state: "open" | "draining" | "closed" = "open";

  constructor(api: ApiFacts, options: SpotClientOptions) {
    const credentials = checkOptions(options);
    const { baseUrl = api.baseUrl, fetch: fetcher, timeout = 30_000, userAgent = "kraken-signer", retries = 2 } = options;
    this.#allowBrowser = options.allowBrowser === true;
    this.#checkPlace(credentials);
    this.#api = api;
    this.#base = baseOfClient(baseUrl, api.product);
    this.#userAgent = userAgent;
    this.#fetch = fetcher;
    const destination = destinationOf(options, fetcher ?? globalThis.fetch, this.#base);
    rememberDestination(this, destination);
    this.#records = new CallRecords(destination, api.product);
    this.#timeout = timeout;
    this.#retries = retries;
    this.#hooks = options.hooks;
    this.#keys = new KeySet(credentials, options.hooks);
    this.#limits = options.rateLimit && limitsOf(options.rateLimit);
    this.#waiting = (options as { readonly [WAITING]?: Set<WaitingCall> })[WAITING] ?? (this.#limits && new Set());
    if (!(BEGIN in this)) Client.#addUntyped();
  }

  /** Adds the methods that the types omit. The first client does this, because bundlers keep a class whose definition does more than define it. */
  static #addUntyped(): void {
    const { prototype } = Client;
    const add = (name: symbol, value: (this: Client) => unknown): void => void Object.defineProperty(prototype, name, { value });
    add(BEGIN, function () {
      return this.#underWay.beginOperation();
    });
    // For `await using`, if the runtime supports it. Its types would require a newer `lib`.
    const { asyncDispose } = Symbol as { asyncDispose?: symbol };
    if (asyncDispose) add(asyncDispose, prototype.drain);
  }

  /**
   * Closes the client at once: wipes the keys, and ends the calls that wait, which then fail with an error that says that nothing was sent. A request
   * that is on its way is not stopped, and its call ends with the answer. Public endpoints can still be called. To end what is under way first, use
   * `drain`.
   */
  close(): void {
    this.#state = "closed";
    this.#underWay.endUnsent((running) => notSent((running as RunningCall).call));
    this.#keys.close();
  }

  /**
   * Closes the client in an orderly way, for example on SIGTERM: refuses new private calls, waits for those that are under way, also for `placeOrder` and
   * `resolveOrder`, and then wipes the keys. It takes as long as these do, which have their timeouts; `close` cuts it short. `await using`
   * drains a client at the end of its block, if the runtime supports that.
   *
   * @example
   * ```ts
   * async function stop() {
   *   await client.drain(); // orders that are under way come to their end
   *   console.log("stopped");
   * }
   * ```
   */
  async drain(): Promise<void> {
    if (this.#state === "open") this.#state = "draining";
    await this.#underWay.idle();
    this.close();
  }

  /**
   * Replaces the keys of the client without a pause: calls that begin from now on use these keys, and calls that have begun end with the key that they
   * began with. A key is wiped when its last call has ended. If the outcome of a call is unknown, its key is kept until the client is closed, because
   * `resolveOrder` needs it. A key that is among the new ones, too, keeps its queue and its nonces.
   *
   * @param keys - at least one; if one of them is invalid, nothing changes. While calls with a key are under way, its `lane` has to be the same object.
   * @throws InvalidRequestError, InvalidSecretError or InvalidNonceError, which names the invalid option
   *
   * @example
   * ```ts
   * client.setKeys([{ key, secret }]); // the pair that replaces the old one
   * ```
   */
  setKeys(keys: readonly Credential[]): void {
    const credentials = checkKeys(keys);
    this.#checkPlace(credentials);
    if (this.#state !== "open") throw new KrakenError("ERR_FREED", `setKeys: the client is ${this.#state}, and takes no more keys.`);
    this.#keys.replace(credentials);
  }

  /**
   * Asks Kraken what a key may do, with one call that changes nothing; by default, the first key. If Kraken rejects the key, the report says so
   * ({@link KeyReport.works}). If Kraken cannot be reached, or rejects the call for a reason that is not the key's, the method throws. With the option `for`, it checks all keys, and says what is missing for
   * the endpoints that your program calls.
   *
   * @example
   * ```ts
   * const { works, permissions, warnings } = await client.check();
   * if (!works) throw new Error("Kraken does not accept this key");
   * console.log(permissions, warnings);
   * ```
   */
  async check(options: CheckOptions = {}): Promise<KeyReport> {
    checkCallOptions("check()", options, ["for", ...CALL_OPTIONS]);
    const { for: names, ...rest } = options;
    const credentials = options.key === undefined ? this.#keys.current : [this.#keys.named(options.key)];
    need(credentials.length, "check() asks Kraken about a key, but this client has none. Pass `key` and `secret`.");
    return checkKeysFor(this.#api.endpoints, credentials, names, ({ key }) => this.run(this.keyInfo(), { ...rest, key }));
  }

  /** Returns the call that asks about a key. */
  protected abstract keyInfo(): PreparedCall;

  /** Makes a call. */
  protected async run<T>(call: PreparedCall, options: CallOptions): Promise<T> {
    const { retries = this.#retries } = options;
    const running = this.#begin(call, options);
    try {
      return (await this.#repeat(running, retries)) as T;
    } finally {
      this.#end(running);
    }
  }

  /** Signs a call in a slot of the lane, and sends nothing. */
  protected async signedRequest(call: PreparedCall, options: CallOptions): Promise<Request> {
    const running = this.#begin(call, options);
    try {
      const signed = await inSlot(running, async (nonce, otp) => this.#sign(call, running.credential, nonce, otp, deadlineOf(call)));
      this.#records.rememberSigned(call, running.credential);
      return new Request(signed.url, signed);
    } finally {
      this.#end(running);
    }
  }

  /** Signs a call at once, without a slot. */
  protected signed(call: PreparedCall, key?: string): SignedRequest {
    const credential = this.#credentialFor(call, key);
    if (!credential) return this.#sign(call, undefined, "", undefined, "");
    need(credential.lane.next, "signSync() cannot wait, and this lane gives a nonce only together with a slot. Use sign().");
    const otp = credential.otp?.make();
    // Its failure must not count as unhandled.
    if (otp instanceof Promise) otp.catch(() => {});
    need(otp === undefined || typeof otp === "string", "signSync() cannot wait, and `otp` returns a promise. Use sign().");
    const signed = this.#sign(call, credential, credential.lane.next(), otp, deadlineOf(call));
    this.#records.rememberSigned(call, credential);
    void limiterOf(credential, this.#limits)
      ?.count(call)
      .catch(() => {});
    return signed;
  }

  /** Refuses keys in a web page. */
  #checkPlace({ length }: readonly Credential[]): void {
    need(
      !length || this.#allowBrowser || !inBrowser(),
      "Everyone who opens this page can read the secret. Sign on a server, or pass `allowBrowser: true` if only you open the page.",
    );
  }

  /** @param isPartOfOperation - whether the call belongs to an operation that is under way */
  #credentialFor(call: PreparedCall, key: string | undefined, isPartOfOperation = false): LoadedCredential | undefined {
    if (call.isPublic) return undefined;
    if (this.#state === "closed") throw notSent(call);
    if (this.#state === "draining" && !isPartOfOperation)
      throw new KrakenError("ERR_FREED", `${call.endpoint}: not sent, because the client is draining and takes no more calls.`);
    if (key === undefined) return this.#keys.choose(call);
    const credential = this.#keys.named(key);
    need(
      !call.write || credential.use !== "read",
      `${call.endpoint} changes something, but the key that was asked for has \`use: "read"\`.`,
    );
    return credential;
  }

  #begin(call: PreparedCall, options: CallOptions): RunningCall {
    const { key, timeout = this.#timeout, signal } = options;
    const credential = this.#credentialFor(call, key, this.#underWay.isPartOfOperation(options));
    const timer = new CallTimer(call.endpoint, timeout, signal);
    const observer = this.#hooks && new CallObserver(this.#hooks, call, ++this.#calls);
    const shared = { limits: this.#limits, waiting: this.#waiting! };
    const running = { call, credential, isKeyGiven: key !== undefined, ...shared, timer, observer, isSent: false };
    this.#keys.begin(credential);
    this.#underWay.begin(running);
    return running;
  }

  #end(running: RunningCall): void {
    running.timer.stop();
    this.#keys.end(running.credential);
    this.#underWay.end(running);
  }

  /** Attempts a call until there is a result, or until another attempt would be unsafe or useless. */
  async #repeat(running: RunningCall, retries: number): Promise<unknown> {
    const { call, timer, observer } = running;
    let nonceRetried = false;
    for (let number = 1; ; number++) {
      const attempt = await this.#attempt(running, number);
      if (attempt.outcome?.outcome === "done") {
        if (attempt.credential) passed(call, attempt.credential, attempt);
        this.#records.conclude(call, attempt, attempt.outcome.result);
        return attempt.outcome.result;
      }
      const progress: Progress = { attempt: number, retries, nonceRetried, remaining: timer.remaining, random: Math.random() };
      const failed = failedOf(call, attempt);
      const next = isWorthRepeating(attempt, timer) ? nextAttempt(failed, progress) : undefined;
      this.#keys.rejected(attempt.credential, call, { ...failed, errors: errorsOf(attempt) });
      try {
        if (!next) throw this.#errorOf(running, attempt);
        observer?.retries(attempt, next.pause);
        nonceRetried ||= next.forNonce;
        if (next.pause) await timer.pause(next.pause);
        this.#chooseAgain(running);
      } catch (error) {
        observer?.failed(attempt, error);
        throw error;
      }
    }
  }

  /** Returns the error of a call without a result. If its outcome is unknown, its key is kept. */
  #errorOf({ call }: RunningCall, attempt: Attempt): unknown {
    const error = this.#records.errorOf(call, attempt);
    if (error instanceof UnknownOutcomeError) this.#keys.keep(attempt.credential);
    return error;
  }

  /** Chooses the key of the next attempt: another one, if the key was set aside and the caller has not chosen it. */
  #chooseAgain(running: RunningCall): void {
    const { call, credential, isKeyGiven } = running;
    if (!credential || isKeyGiven) return;
    running.credential = this.#keys.chooseAgain(credential, call);
    this.#keys.begin(running.credential);
    this.#keys.end(credential);
  }

  /** Attempts a call once. Errors are returned in the attempt, not thrown. */
  async #attempt(running: RunningCall, number: number): Promise<Attempt> {
    const attempt = newAttempt(number, running.credential);
    try {
      const work = async (nonce: string, otp: string | undefined): Promise<void> => {
        attempt.nonce = nonce;
        const isRejected = await this.#send(running, attempt, otp);
        const fresh = isRejected ? await freshCode(attempt, otp) : undefined;
        // The nonce stays the same: if a copy of the first request did run, Kraken rejects this one for its nonce. Making a code may take longer
        // than the call may.
        if (fresh !== undefined && !attempt.isOver) await this.#send(running, attempt, fresh);
        if (attempt.outcome && attempt.outcome.outcome !== "done") throw new NotDone(attempt.outcome);
      };
      await inSlot(running, work, () => attempt.outcome);
      return ended(attempt);
    } catch (error) {
      if (error instanceof NotDone) return ended(attempt);
      attempt.error = error;
      // A copy, because work that was given up may still settle and change the attempt.
      return { ...ended(attempt) };
    }
  }

  /**
   * Signs and sends the request of an attempt, and judges the answer.
   *
   * @returns whether the signature was refused, of which the one-time password is a part
   */
  async #send(running: RunningCall, attempt: Attempt, otp: string | undefined): Promise<boolean> {
    const { call, timer, observer } = running;
    attempt.deadline = deadlineOf(call);
    const signed = this.#sign(call, attempt.credential, attempt.nonce, otp, attempt.deadline);
    const wasSent = attempt.sent;
    // Only a request with another code follows one that was sent.
    attempt.isSecondCode = wasSent;
    attempt.sent = running.isSent = true;
    // The answer to a request with another code proves nothing about this one.
    delete attempt.outcome;
    delete attempt.endedAt;
    attempt.sentAt = performance.now();
    attempt.codeUntil = attempt.credential?.otp?.validUntil;
    if (call.write) beginCall((attempt.record ??= this.#records.recordOf(call, attempt.credential)));
    try {
      const answering = exchange(this.#fetch ?? globalThis.fetch, signed, timer.signal, { file: call.file, write: call.write });
      // Only now, so that a slow hook does not hold the request up.
      observer?.requested(attempt);
      const answer = await answering;
      if (attempt.isOver) return false;
      attempt.endedAt = performance.now();
      attempt.status = answer.status;
      attempt.retryAfter = answer.retryAfter;
      attempt.clockBehind = behindOf(answer, attempt.endedAt - attempt.sentAt);
      attempt.outcome = judged(call, answer);
      const isRejected = isSignature(attempt);
      if (mayBeOfCopy(call, attempt, otp)) attempt.outcome = { ...attempt.outcome, outcome: "unknown" } as Outcome;
      observer?.answered(attempt);
      return isRejected;
    } catch (error) {
      if (timer.signal.aborted || !(error instanceof NoAnswer)) throw error;
      const { neverSent, reason, cause } = error.failure;
      // If an earlier request of this attempt was sent, the attempt counts as sent.
      attempt.sent = wasSent || !neverSent;
      throw new NetworkError(call.endpoint, reason, cause);
    } finally {
      running.isSent = false;
    }
  }

  /** Makes the request of a call. The nonce and the one-time password may come from the user's code, so they are checked. */
  #sign(call: PreparedCall, credential: LoadedCredential | undefined, nonce: string, otp: unknown, deadline: string): SignedRequest {
    if (credential) {
      // A lane of this process has checked it already.
      if (!(credential.lane instanceof ProcessLane)) checkNonce(nonce, credential.lane);
      need(!credential.otp || matches(/^[ -~]+$/, otp), "Invalid code from `otp`: expected printable ASCII text. Nothing was sent.");
    }
    const signingKey = credential && { key: credential.key, secret: credential.secret.handle };
    const signed = call.sign(signingKey, nonce, (otp ?? "") as string, deadline);
    // In Node 20, a spread with more behind it takes ten times as long.
    const headers = Object.assign({}, signed.headers, { "User-Agent": this.#userAgent });
    return Object.assign({}, signed, { url: this.#base + signed.url, headers });
  }
}

/** The error of a call that a closed client does not make. */
const notSent = ({ endpoint }: PreparedCall): KrakenError =>
  new KrakenError("ERR_FREED", `${endpoint}: not sent, because the client is closed and its keys are wiped.`);
