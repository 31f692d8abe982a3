// What is to be called: an endpoint or a path, with its parameters.
import { type Api, futures, has, rowOf, rowsOf, spot } from "../apis.js";
import type { FuturesClient } from "../rest/futures/client.js";
import type { Params } from "../params.js";
import type { SpotClient } from "../rest/spot/client.js";
import type { Operands, Option, Values } from "./command.js";
import { UsageError } from "./exit.js";
import { jsonOf } from "./files.js";
import type { Io } from "./io.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export const TARGET_OPTIONS = [
  { name: "futures", help: "Kraken Futures, which has its own keys" },
  { name: "method", value: "METHOD", choices: METHODS, help: "for paths and Futures, where the endpoint does not say" },
  { name: "params", value: "FILE", help: "parameters as a JSON object in a file, or - for standard input; name=value overrides them" },
  { name: "send-json", help: "send JSON where a form would do (Spot)" },
] as const satisfies readonly Option[];

const known = (api: Api): string[] => [...rowsOf(api).keys()];

export const TARGET_OPERANDS: Operands = {
  usage: "<Endpoint | path> [name=value …]",
  min: 1,
  max: Infinity,
  words: [...new Set([...known(spot), ...known(futures).map((name) => name.replace(/^\w+:/, ""))])].sort(),
};

/** A call that is ready to be made. */
export interface Target {
  readonly futures: boolean;
  readonly endpoint: string;
  readonly params: Params;
  /** Whether it changes something, or may. */
  readonly write: boolean;
  /** Whether its answer is a file. */
  readonly file: boolean;
  /** Makes it, with a client for its product. */
  send(client: SpotClient | FuturesClient, signal?: AbortSignal): Promise<unknown>;
}

/** Reads what is to be called from options and operands. */
export async function targetOf(io: Io, values: Values<typeof TARGET_OPTIONS>, operands: readonly string[]): Promise<Target> {
  const [given = "", ...pairs] = operands;
  const params = { ...(await paramsFrom(io, values.params)), ...paramsOf(pairs) };
  return (values.futures ? futuresTarget : spotTarget)(given, params, values);
}

function spotTarget(given: string, params: Params, values: Values<typeof TARGET_OPTIONS>): Target {
  const endpoint = given.replace(/^\/0\/private\//, "");
  if (endpoint.startsWith("/")) {
    const method = values.method ?? "GET";
    const place = method === "GET" ? { query: params } : { body: params };
    return {
      futures: false,
      endpoint,
      params,
      write: method !== "GET",
      file: false,
      send: (client, signal) => (client as SpotClient).request(method, endpoint, { ...place, signal }),
    };
  }
  if (values.method && values.method !== "POST") throw new UsageError("Spot endpoints take POST. Give a path for other APIs.");
  notMistyped(endpoint, known(spot));
  if (known(futures).some((name) => name.endsWith(`:${endpoint}`))) throw new UsageError(`${endpoint} belongs to Futures: add --futures.`);
  return {
    futures: false,
    endpoint,
    params,
    write: rowOf(spot, endpoint, params).write,
    file: has(spot.files, endpoint),
    send: (client, signal) => (client as SpotClient).call(endpoint, params, { json: values["send-json"] || undefined, signal }),
  };
}

function futuresTarget(given: string, params: Params, values: Values<typeof TARGET_OPTIONS>): Target {
  if (values["send-json"]) throw new UsageError("--send-json is for Spot.");
  const endpoint = given.replace(/^\/derivatives\/api\/v3\//, "");
  const names = known(futures);
  notMistyped(
    endpoint,
    names.map((name) => name.replace(/^\w+:/, "")),
  );
  // Where two methods are known, reading is the one that harms nobody.
  const method =
    values.method ??
    ["GET", "POST", "PUT"].find((one) => names.includes(`${one}:${endpoint}`)) ??
    (/^\/api\/history\//.test(endpoint) ? "GET" : "");
  if (!/^(GET|POST|PUT)$/.test(method)) throw new UsageError(`--method: give GET, POST or PUT for ${endpoint}.`);
  return {
    futures: true,
    endpoint,
    params,
    write: rowOf(futures, `${method}:${endpoint}`).write,
    file: has(futures.files, `${method}:${endpoint}`),
    send: (client, signal) => (client as unknown as Calls)[method.toLowerCase()]!(endpoint, params, { signal }),
  };
}

/** A client's methods, whatever the endpoint. */
type Calls = Record<string, (endpoint: string, params: Params, options: { signal: AbortSignal | undefined }) => Promise<unknown>>;

/** Kraken's names have their own spelling, and one that is unknown would count as a new endpoint that changes something. */
function notMistyped(endpoint: string, names: readonly string[]): void {
  const meant = names.find((name) => name.toLowerCase() === endpoint.toLowerCase());
  if (meant && !names.includes(endpoint)) throw new UsageError(`There is no ${endpoint}. Did you mean ${meant}?`);
}

function paramsOf(pairs: readonly string[]): Params {
  const params: Record<string, string | string[]> = {};
  for (const pair of pairs) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new UsageError("Parameters are given as name=value. A value may be empty.");
    const before = Object.hasOwn(params, name) ? params[name]! : undefined;
    // A name that is repeated makes a list.
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
  if (!value || typeof value !== "object" || Array.isArray(value)) throw new UsageError("--params: give a JSON object.");
  return value as Params;
}
