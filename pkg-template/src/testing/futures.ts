/** The Futures REST APIs: authentication in the order documented at {@link FuturesApi}, and the shapes of their answers. */

import { authent, concat } from "./crypto.js";
import type { FuturesAccount } from "./futures-account.js";
import { FUTURES_ENDPOINTS, type FuturesCall, type FuturesEndpoint } from "./futures-endpoints.js";
import type { KeyRecord } from "./keys.js";
import { parseNonce, Refusal, splitTarget, type Api, type Outcome } from "./outcome.js";
import { decodeText, isJson, MalformedBody, parseForm, parseJson, type Params } from "./params.js";
import type { Shared } from "./shared.js";
import { respondJson, type ExchangeAnswer, type ExchangeRequest } from "./wire.js";

const V3 = "/derivatives/api/v3/";

/** Errors that the APIs outside `/derivatives` answer with status 401. */
const UNAUTHORIZED = ["authenticationError", "nonceBelowThreshold", "nonceDuplicate", "insufficientPrivileges"];

/**
 * Checks run in this order, and the first that fails decides the answer:
 *
 * 1. the endpoint exists (`notFound`), the parameters can be read (`invalidArgument`, `Json Parse Error`);
 * 2. the key is known, of this product, neither revoked nor expired, and its address allowed; the nonce, if there is one, is a u64;
 *    Authent is right: all of these are `authenticationError`;
 * 3. the nonce, if there is one, is new and above the mark or in the window (`nonceDuplicate`, `nonceBelowThreshold`);
 * 4. the call counter (`apiLimitExceeded`), the access level (`insufficientPrivileges`), the arguments.
 *
 * A public endpoint needs no key, but credentials that are sent with it are checked, so that a wrong signature does not go unnoticed.
 */
export class FuturesApi implements Api {
  readonly product = "futures";
  readonly #shared: Shared;
  readonly #account: FuturesAccount;
  readonly #toSpotWallet: FuturesCall["toSpotWallet"];

  constructor(shared: Shared, account: FuturesAccount, toSpotWallet: FuturesCall["toSpotWallet"]) {
    this.#shared = shared;
    this.#account = account;
    this.#toSpotWallet = toSpotWallet;
  }

  serves(path: string): boolean {
    return path.startsWith("/derivatives/") || path.startsWith("/api/");
  }

  endpoint(path: string): string {
    const { pathname } = splitTarget(path);
    return pathname.startsWith(V3) ? pathname.slice(V3.length) : pathname;
  }

  /** What comes from the Spot wallet arrives in the cash account. */
  deposit(unit: string, amount: bigint): void {
    this.#account.move("cash", unit, amount);
  }

  failure(errors: readonly string[], path: string): ExchangeAnswer {
    const [error = "unknownError"] = errors;
    if (path.startsWith("/derivatives/")) {
      return respondJson({ result: "error", serverTime: new Date(this.#shared.now()).toISOString(), error });
    }
    if (UNAUTHORIZED.includes(error)) return respondJson({ status: "unauthorized", reason: error }, 401);
    return respondJson({ errors: errors.map((code) => ({ code, message: code })) }, error === "notFound" ? 404 : 400);
  }

  async serve(request: ExchangeRequest): Promise<Outcome> {
    const { now: clock, rateCounter } = this.#shared;
    let params: Params = {};
    let key: KeyRecord | undefined;
    const nonce = request.headers.get("nonce") ?? undefined;
    const known = () => ({ params, ...(key ? { key } : {}), ...(nonce === undefined ? {} : { nonce }) });
    try {
      const endpoint = FUTURES_ENDPOINTS.get(`${request.method} ${this.endpoint(request.path)}`);
      if (!endpoint) throw new Refusal("notFound");
      params = readParams(request);
      if (endpoint.access !== "public" || request.headers.has("apikey")) {
        key = await this.#authenticate(request, nonce);
        // From here on everything is synchronous: no other request can come between check and execution.
        takeNonce(key, nonce);
        key.markUsed(clock());
        if (!rateCounter.take(key.key, 1, clock())) throw new Refusal("apiLimitExceeded");
        if (!mayAccess(key, endpoint)) throw new Refusal("insufficientPrivileges");
      }
      const now = clock();
      this.#account.advance(now);
      const call: FuturesCall = { params, key, now, account: this.#account, toSpotWallet: this.#toSpotWallet };
      const result = endpoint.run(call);
      const envelope = { result: "success", serverTime: new Date(now).toISOString() };
      const wrapped = request.path.startsWith("/derivatives/") ? { ...envelope, ...result } : result;
      const write = call.write ?? ["write", "withdrawal"].includes(endpoint.access);
      return { answer: respondJson(wrapped), ...known(), errors: [], execution: { did: call.did ?? "answered", write, result } };
    } catch (error) {
      const errors = error instanceof MalformedBody ? ["invalidArgument"] : error instanceof Refusal ? error.errors : undefined;
      if (!errors) throw error;
      return { answer: this.failure(errors, request.path), ...known(), errors };
    }
  }

  async #authenticate(request: ExchangeRequest, nonce: string | undefined): Promise<KeyRecord> {
    const key = this.#shared.keys.get(request.headers.get("apikey") ?? "");
    const now = this.#shared.now();
    const usable = key && key.product === "futures" && !key.revoked && !key.hasExpired(now) && key.allowsIp(request.ip ?? "127.0.0.1");
    if (!usable) throw new Refusal("authenticationError");
    if (nonce !== undefined && parseNonce(nonce) === undefined) throw new Refusal("authenticationError");
    const { pathname, query } = splitTarget(request.path);
    // A call carries its parameters in the query or in the body; should it use both, then both are covered, in this order.
    const postData = concat(query, request.body);
    const expected = await authent(key.secretBytes, postData, nonce ?? "", pathname.replace(/^\/derivatives/, ""));
    if (request.headers.get("authent") !== expected) throw new Refusal("authenticationError");
    return key;
  }
}

function takeNonce(key: KeyRecord, nonce: string | undefined): void {
  if (nonce === undefined) return;
  const verdict = key.takeNonce(parseNonce(nonce) ?? 0n);
  if (verdict === "duplicate") throw new Refusal("nonceDuplicate");
  if (verdict === "below") throw new Refusal("nonceBelowThreshold");
}

function mayAccess(key: KeyRecord, { access }: FuturesEndpoint): boolean {
  switch (access) {
    case "public":
    case "any":
      return true;
    case "read":
      return key.level !== "none";
    case "write":
      return key.level === "full";
    case "withdrawal":
      return key.withdrawal === "full";
  }
}

function readParams(request: ExchangeRequest): Params {
  const fromQuery = parseForm(splitTarget(request.path).query, "list");
  const body = decodeText(request.body);
  if (body === "") return fromQuery;
  if (!isJson(request.headers.get("content-type"), body)) return { ...fromQuery, ...parseForm(body, "list") };
  try {
    return { ...fromQuery, ...parseJson(body) };
  } catch {
    throw new Refusal("Json Parse Error");
  }
}
