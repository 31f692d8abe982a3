// The target of a call: an endpoint or a path, with parameters.
import { nearest } from "../checks.js";
import type { Params } from "../rest/request/encode.js";
import { type Endpoint, type Endpoints, type Method, endpointOf, isWrite } from "../rest/endpoint.js";
import { futuresEndpointOf, futuresEndpoints, unknownFutures } from "../rest/futures/endpoints.js";
import type { SpotClient } from "../rest/spot/client.js";
import { spotEndpoints } from "../rest/spot/endpoints.js";
import type { Operands, Option, Values } from "./command.js";
import { UsageError } from "./exit.js";
import { jsonOf } from "./files.js";
import type { Io } from "./io.js";
import { type Client, type SendOptions, place, placeSeveral, placedBy } from "./orders.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const satisfies readonly Method[];

export const TARGET_OPTIONS = [
  { name: "futures", help: "call Kraken Futures, which has its own keys" },
  { name: "method", value: "METHOD", choices: METHODS, help: "HTTP method, for paths, and for Futures endpoints where it is not clear" },
  { name: "params", value: "FILE", help: "parameters as a JSON object in a file, or - for standard input; name=value overrides them" },
  { name: "send-json", help: "send parameters as JSON instead of a form (Spot)" },
] as const satisfies readonly Option[];

const namesOf = (endpoints: Endpoints): string[] => Object.keys(endpoints);
const withoutMethod = (name: string): string => name.replace(/^\w+:/, "");

export const TARGET_OPERANDS: Operands = {
  usage: "<Endpoint | path> [name=value …]",
  min: 1,
  max: Infinity,
  suggestions: [...new Set([...namesOf(spotEndpoints), ...namesOf(futuresEndpoints).map(withoutMethod)])].sort(),
};

/** A call that is ready to be made. */
export interface Target {
  readonly futures: boolean;
  readonly endpoint: string;
  readonly params: Params;
  /** Whether it changes something, or may. */
  readonly write: boolean;
  /** Whether it takes no key. */
  readonly isPublic: boolean;
  /** Whether its answer is a file. */
  readonly file: boolean;
  /** Sends its one request, with a client of its product. */
  send(client: Client, options?: SendOptions): Promise<unknown>;
  /** Sends the request, and finds out what became of its orders. */
  perform(client: Client, options: SendOptions): Promise<unknown>;
}

/** Completes a target that can send its request. */
const targetFrom = (known: Omit<Target, "perform">, record: Endpoint | undefined, json: boolean): Target => ({
  ...known,
  perform: (client, options) => {
    const places = placedBy(record, known.params);
    if (places === "order") return place(client, known.params, json, options);
    const send = (): Promise<unknown> => known.send(client, options);
    return places === "orders" ? placeSeveral(client, send, options) : send();
  },
});

/** Reads the target from options and operands. */
export async function targetOf(io: Io, values: Values<typeof TARGET_OPTIONS>, operands: readonly string[]): Promise<Target> {
  const [given = "", ...pairs] = operands;
  const params = { ...(await paramsFrom(io, values.params)), ...paramsOf(pairs) };
  return (values.futures ? futuresTarget : spotTarget)(given, params, values);
}

function spotTarget(given: string, params: Params, values: Values<typeof TARGET_OPTIONS>): Target {
  const endpoint = given.replace(/^\/0\/(private|public)\//, "");
  if (/^\/(derivatives|api)\//.test(endpoint)) throw new UsageError(`${endpoint} is a path of Kraken Futures: add --futures.`);
  if (endpoint.startsWith("/")) return pathTarget(endpoint, params, values.method as Method | undefined);
  const record = endpointOf(spotEndpoints, endpoint);
  const method = record?.method ?? "POST";
  if (values.method && values.method !== method)
    throw new UsageError(`--method ${values.method} does not fit ${endpoint}, which takes ${method}. For other APIs, give a path.`);
  if (!record && namesOf(futuresEndpoints).some((name) => withoutMethod(name) === endpoint))
    throw new UsageError(`${endpoint} is an endpoint of Kraken Futures: add --futures.`);
  notMistyped(endpoint, namesOf(spotEndpoints));
  const json = values["send-json"];
  const known = {
    futures: false,
    endpoint,
    params,
    write: !record || isWrite(record, params),
    isPublic: record?.isPublic ?? false,
    file: record?.file ?? false,
    send: (client: Client, options?: SendOptions) =>
      (client as SpotClient).call<unknown>(endpoint, params, { ...options, ...(json && { json: true }) }),
  };
  return targetFrom(known, record, json);
}

/** Makes the target for a path of an API that takes the nonce in a header. */
function pathTarget(endpoint: string, params: Params, method: Method = "GET"): Target {
  const place = method === "GET" ? { query: params } : { body: params };
  const known = {
    futures: false,
    endpoint,
    params,
    write: method !== "GET",
    isPublic: false,
    file: false,
    send: (client: Client, options?: SendOptions) => (client as SpotClient).request(method, endpoint, { ...place, ...options }),
  };
  return targetFrom(known, undefined, false);
}

function futuresTarget(given: string, params: Params, values: Values<typeof TARGET_OPTIONS>): Target {
  if (values["send-json"]) throw new UsageError("--send-json is only for Spot: Kraken Futures takes forms.");
  const endpoint = given.replace(/^\/derivatives\/api\/v3\//, "");
  const names = namesOf(futuresEndpoints);
  if (namesOf(spotEndpoints).includes(endpoint)) throw new UsageError(`${endpoint} is an endpoint of Kraken Spot: leave out --futures.`);
  const known = ["GET", "POST", "PUT", "DELETE"].filter((one) => futuresEndpointOf(one, endpoint));
  if (!known.length) notMistyped(endpoint, names.map(withoutMethod));
  // With parameters, such a call is meant to change something. A GET would ignore them, and succeed.
  if (values.method === undefined && known.length > 1 && Object.keys(params).length)
    throw new UsageError(`--method: give ${known.join(" or ")} for ${endpoint}, which takes both.`);
  // If several methods are known, GET comes first, since it changes nothing.
  const method = values.method ?? known[0] ?? (/^\/api\/history\//.test(endpoint) ? "GET" : "");
  if (!isFuturesMethod(method))
    throw new UsageError(`--method: give GET, POST, PUT or DELETE for ${endpoint}, which this version does not know.`);
  const record = futuresEndpointOf(method, endpoint) ?? unknownFutures(method);
  const target = {
    futures: true,
    endpoint,
    params,
    write: isWrite(record, params),
    isPublic: record.isPublic ?? false,
    file: record.file ?? false,
    send: (client: Client, options?: SendOptions) => (client as unknown as Calls)[method.toLowerCase()]!(endpoint, params, options),
  };
  return targetFrom(target, record, false);
}

const isFuturesMethod = (method: string): method is "GET" | "POST" | "PUT" | "DELETE" => /^(GET|POST|PUT|DELETE)$/.test(method);
/** The methods of a client, for any endpoint. */
type Calls = Record<string, (endpoint: string, params: Params, options?: SendOptions) => Promise<unknown>>;

/** Refuses a name that is nearly a known one, since an unknown name counts as a new endpoint that changes something. */
function notMistyped(endpoint: string, names: readonly string[]): void {
  if (names.includes(endpoint) || endpoint.startsWith("/")) return;
  const meant = nearest(endpoint, names);
  if (meant) throw new UsageError(`Unknown endpoint "${endpoint}". Did you mean "${meant}"?`);
}

function paramsOf(pairs: readonly string[]): Params {
  const params: Record<string, string | string[]> = {};
  for (const pair of pairs) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError("A parameter is not in the form name=value, such as pair=XBTUSD. Write name= for an empty value.");
    const before = Object.hasOwn(params, name) ? params[name]! : undefined;
    // A parameter that is repeated becomes a list.
    Object.defineProperty(params, name, {
      value: before === undefined ? value : [before, value].flat(),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return params;
}

async function paramsFrom(io: Io, file: string | undefined): Promise<Params> {
  if (file === undefined) return {};
  const value = await jsonOf(io, file);
  if (!value || typeof value !== "object" || Array.isArray(value))
    throw new UsageError('--params: the file does not contain a JSON object, such as {"pair": "XBTUSD"}.');
  return value as Params;
}
