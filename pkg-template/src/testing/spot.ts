/** The Spot REST API: authentication in the order documented at {@link SpotApi}, and the endpoints of `/0/` and `/funding/`. */

import { apiSign } from "./crypto.js";
import { FUNDING_ENDPOINTS } from "./funding.js";
import type { KeyRecord } from "./keys.js";
import { parseNonce, Refusal, splitTarget, type Api, type Outcome } from "./outcome.js";
import { decodeText, isJson, MalformedBody, parseForm, parseJson, text, type Params } from "./params.js";
import type { Shared } from "./shared.js";
import type { SpotAccount } from "./spot-account.js";
import type { SpotCall, SpotEndpoint } from "./spot-call.js";
import { PRIVATE_ENDPOINTS, PUBLIC_ENDPOINTS } from "./spot-endpoints.js";
import type { TokenStore } from "./tokens.js";
import { respond, respondJson, type ExchangeAnswer, type ExchangeRequest } from "./wire.js";

const PUBLIC = "/0/public/";
const PRIVATE = "/0/private/";
/** The nonce is in a header below this prefix. */
const FUNDING = /^\/funding\/v\d+\//;

/**
 * Checks run in this order, and the first that fails decides the answer:
 *
 * 1. the endpoint exists (`EGeneral:Unknown method`), the body can be read (`EAPI:Bad request`);
 * 2. the address is not locked out (`EGeneral:Temporary lockout`), the key is known, not revoked and of this product (`EAPI:Invalid key`);
 * 3. the key has not expired (`EGeneral:Permission denied:expired`), the address is on its allowlist (`EGeneral:Permission denied`);
 * 4. there is a nonce, and it is a u64 in decimal (`EAPI:Invalid nonce`);
 * 5. API-Sign over the raw bytes (`EAPI:Invalid signature`);
 * 6. the OTP where the key has 2FA, none where it has not (`EAPI:Invalid signature` too);
 * 7. the nonce is above the mark or in the window, and new (`EAPI:Invalid nonce`): only here does the mark move;
 * 8. the call counter (`EAPI:Rate limit exceeded`), the permission (`EGeneral:Permission denied`), the arguments.
 *
 * So a request that is not signed by the key's owner cannot burn nonces, and one refused for any reason is not executed.
 */
export class SpotApi implements Api {
  readonly product = "spot";
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

  async serve(request: ExchangeRequest): Promise<Outcome> {
    let params: Params = {};
    let key: KeyRecord | undefined;
    let nonce: string | undefined;
    try {
      const { pathname } = splitTarget(request.path);
      const route = this.#route(request.method, pathname);
      const received = readParams(request);
      const { nonce: _nonce, otp: bodyOtp, ...rest } = received;
      params = rest;
      if (route.kind !== "public") {
        const inHeader = route.kind === "funding";
        nonce = inHeader ? (request.headers.get("api-nonce") ?? undefined) : text(received, "nonce");
        // An OTP that is a structure is a wrong one, not none.
        const inBody = bodyOtp === undefined ? undefined : (text(received, "otp") ?? "");
        const otp = inHeader ? (request.headers.get("api-otp") ?? undefined) : inBody;
        key = await this.#authenticate(request, nonce, otp);
        this.#admit(key, nonce ?? "", route.endpoint);
      }
      const call = this.#call(request, params, key);
      const result = route.endpoint.run(call);
      const answer =
        result instanceof Uint8Array
          ? respond(200, "application/octet-stream", result)
          : respondJson(route.kind === "funding" ? result : { error: [], result });
      const write = call.write ?? route.endpoint.write === true;
      return {
        answer,
        params,
        errors: [],
        ...(key ? { key } : {}),
        ...(nonce === undefined ? {} : { nonce }),
        execution: { did: call.did ?? "answered", write, result },
      };
    } catch (error) {
      const errors = error instanceof MalformedBody ? ["EAPI:Bad request"] : error instanceof Refusal ? error.errors : undefined;
      if (!errors) throw error;
      return { answer: this.failure(errors), params, errors, ...(key ? { key } : {}), ...(nonce === undefined ? {} : { nonce }) };
    }
  }

  #route(method: string, pathname: string): { kind: "public" | "private" | "funding"; endpoint: SpotEndpoint } {
    const name = this.endpoint(pathname);
    if (pathname.startsWith(PRIVATE)) {
      const endpoint = method === "POST" ? PRIVATE_ENDPOINTS.get(name) : undefined;
      if (endpoint) return { kind: "private", endpoint };
    } else if (pathname.startsWith(PUBLIC)) {
      const endpoint = PUBLIC_ENDPOINTS.get(name);
      if (endpoint) return { kind: "public", endpoint };
    } else {
      const endpoint = FUNDING_ENDPOINTS.find((entry) => entry.method === method && entry.path.test(pathname));
      if (endpoint) return { kind: "funding", endpoint };
    }
    throw new Refusal("EGeneral:Unknown method");
  }

  async #authenticate(request: ExchangeRequest, nonce: string | undefined, otp: string | undefined): Promise<KeyRecord> {
    const { keys, lockout } = this.#shared;
    const ip = request.ip ?? "127.0.0.1";
    const now = this.#shared.now();
    if (lockout.isLockedOut(ip, now)) throw new Refusal("EGeneral:Temporary lockout");
    const key = keys.get(request.headers.get("api-key") ?? "");
    if (!key || key.product !== "spot" || key.revoked) {
      lockout.failed(ip, now);
      throw new Refusal("EAPI:Invalid key");
    }
    lockout.succeeded(ip);
    if (key.hasExpired(now)) throw new Refusal("EGeneral:Permission denied:expired");
    if (!key.allowsIp(ip)) throw new Refusal("EGeneral:Permission denied");
    if (nonce === undefined || parseNonce(nonce) === undefined) throw new Refusal("EAPI:Invalid nonce");
    const expected = await apiSign(key.secretBytes, request.path, nonce, request.body);
    if (request.headers.get("api-sign") !== expected) throw new Refusal("EAPI:Invalid signature");
    if (!(await key.acceptsOtp(otp, now))) throw new Refusal("EAPI:Invalid signature");
    return key;
  }

  /** From the nonce on everything is synchronous: no other request can come between check and execution. */
  #admit(key: KeyRecord, nonce: string, endpoint: SpotEndpoint): void {
    const now = this.#shared.now();
    if (key.takeNonce(parseNonce(nonce) ?? 0n) !== "fresh") throw new Refusal("EAPI:Invalid nonce");
    key.markUsed(now);
    if (!this.#shared.rateCounter.take(key.key, endpoint.cost ?? 1, now)) throw new Refusal("EAPI:Rate limit exceeded");
    const { all = [], any } = endpoint.needs ?? {};
    const has = (permission: string) => key.permissions.some((granted) => granted === permission);
    if (!all.every(has) || (any && !any.some(has))) throw new Refusal("EGeneral:Permission denied");
  }

  #call(request: ExchangeRequest, params: Params, key: KeyRecord | undefined): SpotCall {
    const now = this.#shared.now();
    this.#account.advance(now);
    const json = isJson(request.headers.get("content-type"), decodeText(request.body));
    return {
      params,
      pathname: splitTarget(request.path).pathname,
      json,
      key,
      now,
      account: this.#account,
      tokens: this.#tokens,
      toFuturesWallet: this.#walletTransfer,
    };
  }
}

/** Query string and body together: Spot signs the query as part of the path, so both are the caller's word. */
function readParams(request: ExchangeRequest): Params {
  const { query } = splitTarget(request.path);
  const { nonce: _nonce, otp: _otp, ...fromQuery } = parseForm(query);
  const body = decodeText(request.body);
  if (body === "") return fromQuery;
  return { ...fromQuery, ...(isJson(request.headers.get("content-type"), body) ? parseJson(body) : parseForm(body)) };
}
