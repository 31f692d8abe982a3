// What a user's TypeScript may say, and what it must not.
import {
  ApiError,
  type ClientOptions,
  type Credential,
  type ErrorCode,
  type ErrorKind,
  FuturesClient,
  type FuturesEndpoint,
  KrakenError,
  type KeyReport,
  type Lane,
  type Nonce,
  NonceSource,
  type Params,
  Signer,
  SpotClient,
  type SpotEndpoint,
  TokenManager,
  Totp,
  UnknownOutcomeError,
  clientOrderId,
} from "kraken-signer";
import { type RedisClient, RedisLane } from "kraken-signer/redis";
import {
  type Explanation,
  type Finding,
  type InvestigateInput,
  type MistakeName,
  explain,
  investigate,
  parseOtpauth,
} from "kraken-signer/inspect";
import * as slim from "kraken-signer/slim";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { FuturesSocket, SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

const nonces: Nonce[] = [1n, "1", 1];
const signature: string = new Signer(new Uint8Array(8)).signSpot("/0/private/Balance", nonces[0]!, new Uint8Array());
const otp = new Totp("GEZDGNBVGY3TQOJQ", { algorithm: "SHA256", digits: 8, period: 30 });
const lane: Lane = { run: (send) => send("1") };
const credential: Credential = { key: "", secret: "", otp, nonce: { unit: "us" }, lane, use: "read" };
const several: ClientOptions = { keys: [credential], timeout: 1 };

// @ts-expect-error A setup key must not be sent as a code.
const bare: Credential = { key: "", secret: "", otp: "GEZDGNBVGY3TQOJQ" };
// @ts-expect-error Kraken has no such unit.
new NonceSource({ unit: "s" });
// @ts-expect-error There is no such hash.
new Totp("", { algorithm: "MD5" });

// No package's types are needed for a client of Redis.
const redis: RedisClient = { evalsha: async () => "1", eval: async () => "1" };
const shared: Lane = new RedisLane({ redis, key: "", unit: "ns", lease: 1 });

// Known endpoints are there by name, so that an editor completes them; any other may be given, too.
type Completes<Endpoint, Name> = Extract<Endpoint, Name>;
const completed: Completes<SpotEndpoint, "AddOrder" | "Earn/Allocate"> = "AddOrder";
const completedPost: Completes<FuturesEndpoint<"POST">, "sendorder"> = "sendorder";
// @ts-expect-error Another method's endpoint is not.
const completedGet: Completes<FuturesEndpoint<"GET">, "sendorder"> = "sendorder";
const unknown: SpotEndpoint = "BrandNewEndpoint";

export async function use(): Promise<unknown> {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  const spot = new SpotClient({ key, secret, fetch: exchange.fetch });
  const params: Params = { pair: "XBTUSD", cl_ord_id: clientOrderId() };
  const balances: Record<string, string> = await spot.call("Balance", params, { timeout: 1 });
  const report: KeyReport = await spot.check();
  const url: string = (await spot.sign("Balance")).url;
  const token: string = await new TokenManager(spot, { refreshMargin: 1 }).get();
  const futures = new FuturesClient(several);
  const answer: unknown = await futures.get("accounts");
  try {
    await spotClient(new KrakenKey({} as never, {})).call("Balance", {}, { signal: AbortSignal.timeout(1) });
    await futuresClient(new KrakenFuturesKey({} as never, {}, (name) => ({ ...credential, key: name, nonce: { unit: "us" } }))).get(
      "accounts",
    );
    await new SpotSocket({ client: spot }).subscribe("executions");
    await new FuturesSocket({ key, secret }).subscribe("open_orders");
  } catch (error) {
    if (error instanceof ApiError) return [error.kind satisfies ErrorKind, error.errors, error.hint, error.retryable];
    if (error instanceof UnknownOutcomeError) return [error.endpoint, error.nonce, error.clientOrderId];
    if (error instanceof KrakenError) return error.code satisfies ErrorCode;
  }
  slim.init(new Uint8Array());
  const refused: InvestigateInput = {
    api: "spot",
    secret: "",
    path: "",
    body: new Uint8Array(),
    signature: "",
    sent: { nonce: 1n },
    language: "java",
  };
  const [finding]: Finding[] = investigate(refused);
  const explanation: Explanation = explain({ api: "futures", secret: new Uint8Array(8), path: "/api/v3/accounts", nonce: undefined });
  const mistakes: MistakeName[] | undefined = finding?.mistakes;
  return [
    completed,
    completedPost,
    completedGet,
    unknown,
    signature,
    shared,
    bare,
    balances,
    report,
    url,
    token,
    answer,
    explanation.steps[0]?.parts,
    mistakes,
    parseOtpauth("").problems,
    new slim.NonceSource({ after: 1n }).next(),
  ];
}
