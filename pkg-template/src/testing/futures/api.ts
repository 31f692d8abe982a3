/** The Futures REST APIs: authentication in the order that {@link FuturesApi} documents, and the forms of answers. */

import { after } from "../after.js";
import { authent, concat } from "../crypto.js";
import type { FuturesAccount } from "./account.js";
import type { FuturesCall, FuturesEndpoint } from "./call.js";
import { FUTURES_ENDPOINTS } from "./endpoints.js";
import { FUTURES_PARAMETERS } from "./parameters.js";
import type { KeyRecord } from "../keys.js";
import { parseNonce, Rejection, splitTarget, type Admission, type Api, type Outcome } from "../outcome.js";
import { findWrong } from "../parameters/known.js";
import { decodeText, isJson, MalformedBody, parseForm, parseJson, type Params } from "../parameters/received.js";
import type { Shared } from "../shared.js";
import { respondJson, type ExchangeAnswer, type ExchangeRequest } from "../http/wire.js";

const V3 = "/derivatives/api/v3/";

/** The known parts of a request. */
interface Known {
  params: Params;
  key?: KeyRecord;
  nonce?: string;
}

/** Errors that the APIs outside `/derivatives` send with status 401. */
const UNAUTHORIZED = ["authenticationError", "nonceBelowThreshold", "nonceDuplicate", "insufficientPrivileges"];

/**
 * Checks every request in this order. The first check that fails decides the answer:
 *
 * 1. The endpoint exists (`notFound`), and the parameters can be read (`invalidArgument`, `Json Parse Error`).
 * 2. The key is known, belongs to this product, is neither revoked nor expired, and allows the address. The nonce, if there is one, is a u64.
 *    Authent is correct. If any of these fails, the error is `authenticationError`.
 * 3. The nonce, if there is one, is new and above the highest nonce or in the window (`nonceDuplicate`, `nonceBelowThreshold`).
 * 4. The call counter (`apiLimitExceeded`), the access level (`insufficientPrivileges`), the names of the parameters, and the arguments. The answer
 *    to an unknown name is only `invalidArgument`; {@link ReceivedRequest.errors} says which name it was.
 *
 * A public endpoint needs no key. If credentials are sent to it, they are checked, so that a wrong signature does not go unnoticed.
 */
export class FuturesApi implements Api {
  readonly product = "futures";
  readonly endpoints = Array.from(FUTURES_ENDPOINTS.keys(), (name) => name.replace(/^\w+ /, ""));
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

  /** Adds a transfer from the Spot wallet to the cash account. */
  deposit(unit: string, amount: bigint): void {
    this.#account.move("cash", unit, amount);
    this.#account.transferred("futures", unit, amount, this.#shared.now());
  }

  failure(errors: readonly string[], path: string): ExchangeAnswer {
    const [error = "unknownError"] = errors;
    if (path.startsWith("/derivatives/")) {
      return respondJson({ result: "error", serverTime: new Date(this.#shared.now()).toISOString(), error });
    }
    if (UNAUTHORIZED.includes(error)) return respondJson({ status: "unauthorized", reason: error }, 401);
    return respondJson({ errors: [{ code: error, message: error }] }, error === "notFound" ? 404 : 400);
  }

  admit(request: ExchangeRequest, arrivedAt: number): Admission | Promise<Admission> {
    const known: Known = { params: {} };
    const nonce = request.headers.get("nonce") ?? undefined;
    if (nonce !== undefined) known.nonce = nonce;
    const reject = (error: unknown): Admission => {
      const rejected = this.#rejected(error, request, known);
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
    const route = findRoute(`${request.method} ${this.endpoint(request.path)}`);
    if (!route) throw new Rejection("notFound");
    const { name, endpoint } = route;
    known.params = readParams(request);
    const isSigned = endpoint.access !== "public" || request.headers.has("apikey");
    return after(isSigned ? this.#authenticate(request, endpoint, known) : undefined, () => {
      const wrong = findWrong(known.params, FUTURES_PARAMETERS.get(name), this.#shared.lenient);
      if (wrong) throw new Rejection("invalidArgument", `${wrong.problem}: ${wrong.name}`);
      return { admitted: true, finish: () => this.#execute(request, route, known, arrivedAt) };
    });
  }

  #execute(request: ExchangeRequest, { endpoint, inPath }: Route, known: Known, arrivedAt: number): Outcome {
    try {
      const now = this.#shared.now();
      this.#account.advance(now);
      const { lenient } = this.#shared;
      const call: FuturesCall = {
        ...known,
        inPath,
        key: known.key,
        now,
        arrivedAt,
        lenient,
        account: this.#account,
        toSpotWallet: this.#toSpotWallet,
      };
      const result = endpoint.run(call);
      const serverTime = new Date(now).toISOString();
      const envelope = request.path.startsWith("/derivatives/") ? { result: "success", serverTime } : { serverTime };
      const write = call.write ?? ["write", "withdrawal"].includes(endpoint.access);
      return {
        answer: respondJson(endpoint.bare ? result : { ...envelope, ...result }),
        ...known,
        errors: [],
        execution: { did: call.did ?? "answered", write, result },
      };
    } catch (error) {
      return this.#rejected(error, request, known);
    }
  }

  #rejected(error: unknown, request: ExchangeRequest, known: Known): Outcome {
    const errors = error instanceof MalformedBody ? ["invalidArgument"] : error instanceof Rejection ? error.errors : undefined;
    if (!errors) throw error;
    return { answer: this.failure(errors, request.path), ...known, errors };
  }

  #authenticate(request: ExchangeRequest, endpoint: FuturesEndpoint, known: Known): undefined | Promise<undefined> {
    const { keys, now: clock, assumptions } = this.#shared;
    const key = keys.get(request.headers.get("apikey") ?? "");
    const now = clock();
    const usable = key && key.product === "futures" && !key.revoked && !key.hasExpired(now) && key.allowsIp(request.ip ?? "127.0.0.1");
    if (!usable) throw new Rejection("authenticationError");
    const { nonce } = known;
    if (nonce !== undefined && parseNonce(nonce) === undefined) throw new Rejection("authenticationError");
    if (assumptions.nonceFirst) takeNonce(key, nonce);
    const { pathname, query } = splitTarget(request.path);
    // A call has its parameters in the query or in the body. If it has both, the signature covers both, in this order.
    const postData = concat(query, request.body);
    return after(authent(key.signingSecret, postData, nonce ?? "", pathname.replace(/^\/derivatives/, "")), (expected) => {
      if (request.headers.get("authent") !== expected) throw new Rejection("authenticationError");
      known.key = key;
      this.#authorize(key, endpoint, nonce, now);
      return undefined;
    });
  }

  /** Checks nonce, rate and permission of a request that the key's owner has signed. */
  #authorize(key: KeyRecord, endpoint: FuturesEndpoint, nonce: string | undefined, now: number): void {
    const { rateCounter, assumptions } = this.#shared;
    const count = () => {
      if (!rateCounter.take(key.key, 1, now)) throw new Rejection("apiLimitExceeded");
    };
    if (assumptions.rateFirst) count();
    if (!assumptions.nonceFirst) takeNonce(key, nonce);
    key.recordUse(now);
    if (!assumptions.rateFirst) count();
    if (!mayAccess(key, endpoint)) throw new Rejection("insufficientPrivileges");
  }
}

/** An endpoint, and the values in the path where its name has braces. */
interface Route {
  readonly name: string;
  readonly endpoint: FuturesEndpoint;
  readonly inPath: readonly string[];
}

const PATTERNS = [...FUTURES_ENDPOINTS]
  .filter(([name]) => name.includes("{"))
  .map(([name, endpoint]) => ({ name, endpoint, pattern: new RegExp(`^${name.replace(/\{\w+\}/g, "([^/]+)")}$`) }));

function findRoute(called: string): Route | undefined {
  const endpoint = FUTURES_ENDPOINTS.get(called);
  if (endpoint) return { name: called, endpoint, inPath: [] };
  for (const { name, endpoint: one, pattern } of PATTERNS) {
    const match = pattern.exec(called);
    if (match) return { name, endpoint: one, inPath: match.slice(1).map(decodePath) };
  }
  return undefined;
}

function decodePath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function takeNonce(key: KeyRecord, nonce: string | undefined): void {
  if (nonce === undefined) return;
  const verdict = key.takeNonce(parseNonce(nonce) ?? 0n);
  if (verdict === "duplicate") throw new Rejection("nonceDuplicate");
  if (verdict === "below") throw new Rejection("nonceBelowThreshold");
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
  const fromBody = readBody(request);
  if (Object.keys(fromQuery).some((name) => Object.hasOwn(fromBody, name))) throw new MalformedBody("a parameter is given twice");
  return { ...fromQuery, ...fromBody };
}

function readBody(request: ExchangeRequest): Params {
  const body = decodeText(request.body);
  if (body === "") return {};
  if (!isJson(request.headers.get("content-type"), body)) return parseForm(body, "list");
  try {
    return parseJson(body);
  } catch {
    throw new Rejection("Json Parse Error");
  }
}
