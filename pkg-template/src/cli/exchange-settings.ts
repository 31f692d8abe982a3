// The options of the simulated exchange, each checked with a message of its own.
import { createHash } from "node:crypto";
import type { DisturbOptions, ExchangeOptions } from "../testing/index.js";
import type { Option, Values } from "./command.js";
import { UsageError } from "./exit.js";

/** Limited, since the exchange may run for weeks. */
const ROWS_KEPT = 10_000;
const TIERS = ["starter", "intermediate", "pro"] as const;

export const EXCHANGE_OPTIONS = [
  { name: "port", value: "PORT", help: "the port to listen on; any free one by default, or with 0" },
  { name: "host", value: "HOST", help: "only 127.0.0.1 is allowed: the exchange listens on loopback only" },
  { name: "tls", help: "use TLS, with a certificate that is made for this run" },
  {
    name: "certificate",
    value: "FILE",
    help: "the file to write the certificate of --tls to; by default a temporary one, which is removed at the end",
  },
  { name: "two-factor", help: "the Spot key requires one-time passwords; its setup key is printed" },
  { name: "seed", value: "N", help: "a whole number; keys, order books, prices and faults are the same for the same number" },
  { name: "walk", value: "MS", help: "with --seed, move all prices at this interval in milliseconds" },
  { name: "prices", value: "FILE", help: "trades to make, as lines of time,symbol,price,volume, with the time in seconds after the start" },
  { name: "clock", value: "TIME", help: "start the exchange's clock at this time, such as 2026-01-31T12:00:00Z" },
  { name: "lenient", help: "ignore parameters that an endpoint does not know, instead of rejecting them by name" },
  {
    name: "rate-limit",
    value: "TIER",
    choices: TIERS,
    help: "limit calls as Kraken does for accounts of this tier; no limit by default",
  },
  { name: "twice", value: "CHANCE", help: "chance, from 0 to 1, that a request arrives twice" },
  { name: "reset", value: "CHANCE", help: "chance that the connection breaks without an answer, before or after execution" },
  { name: "late", value: "CHANCE", help: "chance that the connection breaks, and the request arrives 1 to 5 seconds later" },
  { name: "gateway", value: "CHANCE", help: "chance that a gateway answers with 502, 503 or 504, before or after execution" },
  { name: "history", value: "ROWS", help: "how many past items of each kind to remember; 10000 by default" },
  { name: "log", help: "log the outcome of each request on standard error" },
] as const satisfies readonly Option[];

export type ExchangeValues = Values<typeof EXCHANGE_OPTIONS>;

/** The settings that the options stand for. */
export interface ExchangeSettings {
  readonly port: number;
  readonly seed: number | undefined;
  /** Milliseconds between moves of the prices. */
  readonly walk: number | undefined;
  readonly options: Pick<ExchangeOptions, "now" | "seed" | "lenient" | "rateLimit" | "history">;
  /** Undefined if nothing is to go wrong. */
  readonly faults: DisturbOptions | undefined;
}

/** Reads an option that is a whole number within bounds. */
function whole(name: string, text: string | undefined, most: number, least = 0): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name}: give a whole number from ${least} to ${most}.`);
  return value;
}

function chance(name: string, text: string | undefined): number {
  const value = Number(text ?? 0);
  if (!/^(\d+|\d*\.\d+)$/.test(text ?? "0") || value > 1) throw new UsageError(`--${name}: give a chance from 0 to 1, such as 0.05.`);
  return value;
}

function clockFrom(text: string | undefined): (() => number) | undefined {
  if (text === undefined) return undefined;
  const begin = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(begin)) throw new UsageError("--clock: give a time with its zone, such as 2026-01-31T12:00:00Z.");
  const offset = begin - Date.now();
  return () => Date.now() + offset;
}

export function settingsOf(values: ExchangeValues): ExchangeSettings {
  if (values.host !== undefined && !["127.0.0.1", "localhost"].includes(values.host))
    throw new UsageError("--host: the exchange listens on 127.0.0.1 only, since it prints its keys and is made for tests on one machine.");
  if (values.certificate !== undefined && !values.tls)
    throw new UsageError("--certificate needs --tls: add --tls, or leave out --certificate.");
  if (values.walk !== undefined && values.seed === undefined)
    throw new UsageError("--walk needs --seed, which determines how prices move.");
  if (values.walk !== undefined && values.prices !== undefined)
    throw new UsageError("--walk and --prices both move prices: give only one of them.");
  const seed = whole("seed", values.seed, 2 ** 32 - 1);
  const now = clockFrom(values.clock);
  const tier = values["rate-limit"] as (typeof TIERS)[number] | undefined;
  const chances = {
    twice: chance("twice", values.twice),
    reset: chance("reset", values.reset),
    late: chance("late", values.late),
    gateway: chance("gateway", values.gateway),
  };
  return {
    port: whole("port", values.port, 65_535) ?? 0,
    seed,
    walk: whole("walk", values.walk, 3_600_000, 10),
    options: {
      lenient: values.lenient,
      history: whole("history", values.history, 10_000_000, 1) ?? ROWS_KEPT,
      ...(now && { now }),
      ...(seed !== undefined && { seed }),
      ...(tier && { rateLimit: tier }),
    },
    faults: Object.values(chances).some((one) => one > 0) ? { ...chances, ...(seed !== undefined && { seed }) } : undefined,
  };
}

/** Returns bytes that are the same for the same seed, or undefined without one. They are not secret. */
export function seeded(seed: number | undefined, what: string, length: number): Buffer | undefined {
  if (seed === undefined) return undefined;
  return createHash("sha512").update(`kraken-signer exchange: ${what} of seed ${seed}`).digest().subarray(0, length);
}

/** Returns a setup key that is the same for the same seed, in base32. */
export function seededSetupKey(seed: number | undefined): string | undefined {
  const bytes = seeded(seed, "setup key", 32);
  return bytes && Array.from(bytes, (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte & 31]).join("");
}
