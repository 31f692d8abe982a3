/** The Spot REST API: authentication in the order documented at {@link SpotApi}, and the endpoints of `/0/` and `/funding/`. */

import { after } from "../after.js";
import { apiSign } from "../crypto.js";
import { LEAST_AHEAD } from "../parameters/deadline.js";
import { FUNDING_ENDPOINTS, FUNDING_PATHS } from "./funding-api.js";
import type { KeyRecord } from "../keys.js";
import { findWrong } from "../parameters/known.js";
import { parseNonce, Rejection, splitTarget, type Admission, type Api, type Outcome } from "../outcome.js";
import { decodeText, isJson, MalformedBody, parseForm, parseJson, text, type Params } from "../parameters/received.js";
import type { Shared } from "../shared.js";
import type { SpotAccount } from "./account.js";
import { invalid, type SpotCall, type SpotEndpoint } from "./call.js";
import { PRIVATE_ENDPOINTS, PUBLIC_ENDPOINTS } from "./endpoints.js";
import { SPOT_PARAMETERS } from "./parameters.js";
import type { TokenStore } from "./tokens.js";
import { isBytes, respond, respondJson, type ExchangeAnswer, type ExchangeRequest } from "../http/wire.js";

const PUBLIC = "/0/public/";
const PRIVATE = "/0/private/";
/** The prefix of endpoints whose nonce is in a header. */
const FUNDING = /^\/funding\/v\d+\//;

interface Route {
  readonly kind: "public" | "private" | "funding";
  readonly name: string;
  readonly endpoint: SpotEndpoint;
}

/** The parts of a request that are known so far. */
interface Known {
  params: Params;
  /** Whether the parameters came as JSON. */
  json: boolean;
  key?: KeyRecord;
  nonce?: string;
}

/**
 * Checks every request in this order. The first check that fails decides the answer:
 *
 * 1. The endpoint exists (`EGeneral:Unknown method`), and the body can be read (`EAPI:Bad request`).
 * 2. The address is not locked out (`EGeneral:Temporary lockout`). The key is known, not revoked, and belongs to this product (`EAPI:Invalid key`).
 * 3. The key has not expired (`EGeneral:Permission denied:expired`), and its allowlist has the address (`EGeneral:Permission denied`).
 * 4. There is a nonce, and it is a u64 in decimal (`EAPI:Invalid nonce`).
 * 5. API-Sign is correct for the raw bytes (`EAPI:Invalid signature`).
 * 6. The OTP is correct if the key has 2FA, and missing if it does not (`EAPI:Invalid signature`, too).
 * 7. The nonce is new, and above the highest nonce or in the window (`EAPI:Invalid nonce`). Only this check raises the highest nonce.
 * 8. The call counter (`EAPI:Rate limit exceeded`), the permission (`EGeneral:Permission denied`), the names of the parameters, and the
 *    arguments (`EGeneral:Invalid arguments:<name>`).
 *
 * A request that the key's owner did not sign therefore uses up no nonce, and a rejected request is not executed. Where Kraken's order of 5 to 8 is
 * not known, {@link Assumptions} selects another one.
 */
export class SpotApi implements Api {
  readonly product = "spot";
  readonly endpoints = [...PRIVATE_ENDPOINTS.keys(), ...PUBLIC_ENDPOINTS.keys(), ...FUNDING_PATHS];
  readonly #shared: Shared;
  readonly #account: SpotAccount;
  readonly #tokens: TokenStore;
  readonly #walletTransfer: SpotCall["toFuturesWallet"];

  constructor(shared: Shared, account: SpotAccount, tokens: TokenStore, toFuturesWallet: SpotCall["toFuturesWallet"]) {
    this.#shared = shared;
    this.#account = account;
    this.#tokens = tokens;
    this.#walletTransfer = toFuturesWallet;
  }

  serves(path: string): boolean {
    return path.startsWith("/0/") || FUNDING.test(path);
  }

  endpoint(path: string): string {
    const { pathname } = splitTarget(path);
    for (const prefix of [PRIVATE, PUBLIC]) if (pathname.startsWith(prefix)) return pathname.slice(prefix.length);
    return pathname;
  }

  failure(errors: readonly string[]): ExchangeAnswer {
    return respondJson({ error: errors });
  }

  admit(request: ExchangeRequest, arrivedAt: number): Admission | Promise<Admission> {
    const known: Known = { params: {}, json: false };
    const reject = (error: unknown): Admission => {
      const rejected = this.#rejected(error, known);
      return { admitted: false, finish: () => rejected };
    };
    try {
      const admission = this.#check(request, known, arrivedAt);
      return admission instanceof Promise ? admission.catch(reject) : admission;
    } catch (error) {
      return reject(error);
    }
  }

  #check(request: ExchangeRequest, known: Known, arrivedAt: number): Admission | Promise<Admission> {
    const route = this.#route(request.method, splitTarget(request.path).pathname);
    const { read, json } = readParams(request);
    const { nonce, otp, ...params } = read;
    known.params = params;
    known.json = json;
    const authenticated = route.kind === "public" ? undefined : this.#authenticate(request, route, { nonce, otp }, known);
    return after(authenticated, () => {
      const wrong = findWrong(params, SPOT_PARAMETERS.get(route.name), this.#shared.lenient);
      if (wrong) throw invalid(wrong.name);
      return { admitted: true, finish: () => this.#execute(request, route, known, arrivedAt) };
    });
  }

  #execute(request: ExchangeRequest, route: Route, known: Known, arrivedAt: number): Outcome {
    try {
      const call = this.#call(request, known, arrivedAt);
      const result = route.endpoint.run(call);
      const answer = isBytes(result)
        ? respond(200, "application/octet-stream", result)
        : respondJson(route.kind === "funding" ? result : { error: [], result });
      const write = call.write ?? route.endpoint.write === true;
      const { key, nonce, params } = known;
      return { answer, key, nonce, params, errors: [], execution: { did: call.did ?? "answered", write, result } };
    } catch (error) {
      return this.#rejected(error, known);
    }
  }

  #rejected(error: unknown, known: Known): Outcome {
    const errors = error instanceof MalformedBody ? ["EAPI:Bad request"] : error instanceof Rejection ? error.errors : undefined;
    if (!errors) throw error;
    return { answer: this.failure(errors), ...known, errors };
  }

  #route(method: string, pathname: string): Route {
    const name = this.endpoint(pathname);
    if (pathname.startsWith(PRIVATE)) {
      const endpoint = method === "POST" ? PRIVATE_ENDPOINTS.get(name) : undefined;
      if (endpoint) return { kind: "private", name, endpoint };
    } else if (pathname.startsWith(PUBLIC)) {
      const endpoint = PUBLIC_ENDPOINTS.get(name);
      if (endpoint) return { kind: "public", name, endpoint };
    } else {
      const endpoint = FUNDING_ENDPOINTS.find((entry) => entry.method === method && entry.path.test(pathname));
      if (endpoint) return { kind: "funding", name, endpoint };
    }
    throw new Rejection("EGeneral:Unknown method");
  }

  /** Checks key, signature, OTP, nonce, rate and permission. */
  #authenticate(request: ExchangeRequest, route: Route, sent: Pick<Params, "nonce" | "otp">, known: Known): undefined | Promise<undefined> {
    const now = this.#shared.now();
    const key = this.#findKey(request, now);
    const inHeader = route.kind === "funding";
    const nonce = inHeader ? (request.headers.get("api-nonce") ?? undefined) : text(sent, "nonce");
    if (nonce !== undefined) known.nonce = nonce;
    const value = parseNonce(nonce);
    if (nonce === undefined || value === undefined) throw new Rejection("EAPI:Invalid nonce");
    if (this.#shared.assumptions.nonceFirst) takeNonce(key, value);
    const signed = after(apiSign(key.signingSecret, request.path, nonce, request.body), (expected) => {
      if (request.headers.get("api-sign") !== expected) throw new Rejection("EAPI:Invalid signature");
      // An OTP that is a structure is wrong, but not missing.
      const inBody = sent["otp"] === undefined ? undefined : (text(sent, "otp") ?? "");
      return key.acceptsOtp(inHeader ? (request.headers.get("api-otp") ?? undefined) : inBody, now);
    });
    return after(signed, (isOwner) => {
      if (!isOwner) throw new Rejection("EAPI:Invalid signature");
      known.key = key;
      this.#authorize(key, route, value, now);
      return undefined;
    });
  }

  /** Checks nonce, rate and permission of a request that the key's owner has signed. */
  #authorize(key: KeyRecord, route: Route, value: bigint, now: number): void {
    const { nonceFirst, rateFirst } = this.#shared.assumptions;
    if (rateFirst) this.#count(key, route, now);
    if (!nonceFirst) takeNonce(key, value);
    key.recordUse(now);
    if (!rateFirst) this.#count(key, route, now);
    const { all = [], any } = route.endpoint.needs ?? {};
    const has = (permission: string) => key.permissions.some((granted) => granted === permission);
    if (!all.every(has) || (any && !any.some(has))) throw new Rejection("EGeneral:Permission denied");
  }

  #findKey(request: ExchangeRequest, now: number): KeyRecord {
    const { keys, lockout } = this.#shared;
    const ip = request.ip ?? "127.0.0.1";
    if (lockout.isLockedOut(ip, now)) throw new Rejection("EGeneral:Temporary lockout");
    const key = keys.get(request.headers.get("api-key") ?? "");
    if (!key || key.product !== "spot" || key.revoked) {
      lockout.failed(ip, now);
      throw new Rejection("EAPI:Invalid key");
    }
    lockout.succeeded(ip);
    if (key.hasExpired(now)) throw new Rejection("EGeneral:Permission denied:expired");
    if (!key.allowsIp(ip)) throw new Rejection("EGeneral:Permission denied");
    return key;
  }

  #count(key: KeyRecord, { endpoint }: Route, now: number): void {
    if (!this.#shared.rateCounter.take(key.key, endpoint.cost ?? 1, now)) throw new Rejection("EAPI:Rate limit exceeded");
  }

  #call(request: ExchangeRequest, { params, json, key }: Known, arrivedAt: number): SpotCall {
    const now = this.#shared.now();
    this.#account.advance(now);
    return {
      params,
      pathname: splitTarget(request.path).pathname,
      json,
      key,
      now,
      arrivedAt,
      leastAhead: LEAST_AHEAD.rest,
      account: this.#account,
      counter: this.#shared.tradingCounter,
      tokens: this.#tokens,
      toFuturesWallet: this.#walletTransfer,
    };
  }
}

function takeNonce(key: KeyRecord, nonce: bigint): void {
  if (key.takeNonce(nonce) !== "fresh") throw new Rejection("EAPI:Invalid nonce");
}

/** Reads the parameters of the query string and of the body. Spot signs both, because the query is a part of the path. */
function readParams(request: ExchangeRequest): { read: Params; json: boolean } {
  const { query } = splitTarget(request.path);
  const body = decodeText(request.body);
  const json = isJson(request.headers.get("content-type"), body);
  const fromBody = body === "" ? {} : json ? parseJson(body) : parseForm(body);
  if (query === "") return { read: fromBody, json };
  const { nonce: _nonce, otp: _otp, ...fromQuery } = parseForm(query);
  if (Object.keys(fromQuery).some((name) => Object.hasOwn(fromBody, name))) throw new MalformedBody("a parameter comes twice");
  return { read: { ...fromQuery, ...fromBody }, json };
}
