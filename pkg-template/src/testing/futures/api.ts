/** The Futures REST APIs: authentication in the order documented at {@link FuturesApi}, and the shapes of their answers. */

import { authent, concat } from "../crypto.js";
import type { FuturesAccount } from "./account.js";
import type { FuturesCall, FuturesEndpoint } from "./call.js";
import { FUTURES_ENDPOINTS } from "./endpoints.js";
import { FUTURES_PARAMETERS } from "./parameters.js";
import type { KeyRecord } from "../keys.js";
import { parseNonce, Refusal, splitTarget, type Admission, type Api, type Outcome } from "../outcome.js";
import { findWrong } from "../parameters/known.js";
import { decodeText, isJson, MalformedBody, parseForm, parseJson, type Params } from "../parameters/received.js";
import type { Shared } from "../shared.js";
import { respondJson, type ExchangeAnswer, type ExchangeRequest } from "../http/wire.js";

const V3 = "/derivatives/api/v3/";

/** What is known of a request so far. */
interface Known {
  params: Params;
  key?: KeyRecord;
  nonce?: string;
}

/** Errors that the APIs outside `/derivatives` answer with status 401. */
const UNAUTHORIZED = ["authenticationError", "nonceBelowThreshold", "nonceDuplicate", "insufficientPrivileges"];

/**
 * Checks run in this order, and the first that fails decides the answer:
 *
 * 1. the endpoint exists (`notFound`), the parameters can be read (`invalidArgument`, `Json Parse Error`);
 * 2. the key is known, of this product, neither revoked nor expired, and its address allowed; the nonce, if there is one, is a u64;
 *    Authent is right: all of these are `authenticationError`;
 * 3. the nonce, if there is one, is new and above the mark or in the window (`nonceDuplicate`, `nonceBelowThreshold`);
 * 4. the call counter (`apiLimitExceeded`), the access level (`insufficientPrivileges`), the names of the parameters, the arguments.
 *    Which name was not known stands in {@link ReceivedRequest.errors}; the answer says `invalidArgument` only.
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

  async admit(request: ExchangeRequest, arrivedAt: number): Promise<Admission> {
    const known: Known = { params: {} };
    const nonce = request.headers.get("nonce") ?? undefined;
    if (nonce !== undefined) known.nonce = nonce;
    try {
      const route = findRoute(`${request.method} ${this.endpoint(request.path)}`);
      if (!route) throw new Refusal("notFound");
      const { name, endpoint } = route;
      known.params = readParams(request);
      if (endpoint.access !== "public" || request.headers.has("apikey")) await this.#authenticate(request, endpoint, known);
      const wrong = findWrong(known.params, FUTURES_PARAMETERS.get(name), this.#shared.lenient);
      if (wrong) throw new Refusal("invalidArgument", `${wrong.problem}: ${wrong.name}`);
      return { admitted: true, finish: () => this.#execute(request, route, known, arrivedAt) };
    } catch (error) {
      const refused = this.#refused(error, request, known);
      return { admitted: false, finish: () => refused };
    }
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
      return this.#refused(error, request, known);
    }
  }

  #refused(error: unknown, request: ExchangeRequest, known: Known): Outcome {
    const errors = error instanceof MalformedBody ? ["invalidArgument"] : error instanceof Refusal ? error.errors : undefined;
    if (!errors) throw error;
    return { answer: this.failure(errors, request.path), ...known, errors };
  }

  async #authenticate(request: ExchangeRequest, endpoint: FuturesEndpoint, known: Known): Promise<void> {
    const { keys, now: clock, rateCounter, assumptions } = this.#shared;
    const key = keys.get(request.headers.get("apikey") ?? "");
    const now = clock();
    const usable = key && key.product === "futures" && !key.revoked && !key.hasExpired(now) && key.allowsIp(request.ip ?? "127.0.0.1");
    if (!usable) throw new Refusal("authenticationError");
    const { nonce } = known;
    if (nonce !== undefined && parseNonce(nonce) === undefined) throw new Refusal("authenticationError");
    if (assumptions.nonceFirst) takeNonce(key, nonce);
    const { pathname, query } = splitTarget(request.path);
    // A call carries its parameters in the query or in the body; should it use both, then both are covered, in this order.
    const postData = concat(query, request.body);
    const expected = await authent(key.secretBytes, postData, nonce ?? "", pathname.replace(/^\/derivatives/, ""));
    if (request.headers.get("authent") !== expected) throw new Refusal("authenticationError");
    known.key = key;
    const count = () => {
      if (!rateCounter.take(key.key, 1, now)) throw new Refusal("apiLimitExceeded");
    };
    if (assumptions.rateFirst) count();
    if (!assumptions.nonceFirst) takeNonce(key, nonce);
    key.markUsed(now);
    if (!assumptions.rateFirst) count();
    if (!mayAccess(key, endpoint)) throw new Refusal("insufficientPrivileges");
  }
}

/** An endpoint, and what stands in the path where its name has braces. */
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
  const fromBody = readBody(request);
  if (Object.keys(fromQuery).some((name) => Object.hasOwn(fromBody, name))) throw new MalformedBody("a parameter comes twice");
  return { ...fromQuery, ...fromBody };
}

function readBody(request: ExchangeRequest): Params {
  const body = decodeText(request.body);
  if (body === "") return {};
  if (!isJson(request.headers.get("content-type"), body)) return parseForm(body, "list");
  try {
    return parseJson(body);
  } catch {
    throw new Refusal("Json Parse Error");
  }
}
