/** A network that fails at random, in the same way for the same seed. */

import type { FaultMoment, FaultTarget, Meanwhile } from "./faults.js";
import { GATEWAY_SHAPES, type GatewayAnswer, type GatewayShape } from "./gateway.js";
import { checkKnown, checkOneOf } from "../names.js";
import { randomFrom } from "../random.js";

/**
 * Milliseconds, or a range that is drawn from uniformly. `Infinity` lasts until {@link Exchange.settle}.
 */
export type Span = number | readonly [from: number, to: number];

/** See {@link DisturbOptions}. */
export interface DisturbTwice {
  /** From 0 to 1. */
  readonly chance: number;
  /** The delay between the first copy and the second. Default 0. */
  readonly apart?: Span;
  /** The answer that the caller gets. Default `either`, at random. */
  readonly answer?: "first" | "second" | "either";
}

/** See {@link DisturbOptions}. */
export interface DisturbReset {
  /** From 0 to 1. */
  readonly chance: number;
  /** Whether the connection breaks before or after the execution. Default `either`, at random. */
  readonly when?: FaultMoment | "either";
}

/** See {@link DisturbOptions}. */
export interface DisturbLate {
  /** From 0 to 1. */
  readonly chance: number;
  /** The delay. Default 1 to 5 s. */
  readonly ms?: Span;
  /** The caller's answer in the meantime. Default `reset`. */
  readonly meanwhile?: Meanwhile;
}

/** See {@link DisturbOptions}. */
export interface DisturbGateway extends DisturbReset {
  /** The shapes to choose from. Default: all. */
  readonly shapes?: readonly GatewayShape[];
  /** The statuses to choose from. Default 502, 503 and 504. */
  readonly statuses?: readonly number[];
}

/** The disturbances, each with its own probability from 0 to 1. Several may apply to the same request. */
export interface DisturbOptions {
  /** The probability that a request is delivered twice. Default 0. */
  readonly twice?: number | DisturbTwice;
  /** The probability that the connection breaks without an answer. Default 0. */
  readonly reset?: number | DisturbReset;
  /** The probability that the network delays a request. Nonce and deadline are checked when it arrives. Default 0. */
  readonly late?: number | DisturbLate;
  /** The probability that a request passes all checks and then waits in the queue of the trading engine. Default 0. */
  readonly queued?: number | DisturbLate;
  /** The probability that a gateway answers. Default 0. */
  readonly gateway?: number | DisturbGateway;
  /** A whole number. The same seed draws the same disturbances, request by request in the order of arrival. Default 1. */
  readonly seed?: number;
  /** Matches only this endpoint. Default: any. */
  readonly endpoint?: string;
  /** Matches only requests for which this returns true. Default: any. */
  readonly match?: (target: FaultTarget) => boolean;
}

/** The number of requests that each kind of disturbance was applied to. */
export interface Disturbance {
  /** Requests that were delivered twice. */
  readonly twice: number;
  /** Requests whose connection was reset without an answer. */
  readonly reset: number;
  /** Requests that the network delayed. */
  readonly late: number;
  /** Requests that waited in the queue of the engine. */
  readonly queued: number;
  /** Requests that a gateway answered. */
  readonly gateway: number;
  /** All requests that matched. */
  readonly requests: number;
  /** Ends the disturbance. Requests that are on their way still arrive. */
  stop(): void;
}

/** The plan for one request. */
export interface Plan {
  /** The times at which the copies arrive, in milliseconds from now. Empty for a request that is lost. */
  readonly copies: readonly number[];
  /** Whether the first copy is lost. */
  readonly lost: boolean;
  /** How long each copy waits for the engine. 0 means that it does not wait. */
  readonly queue: number;
  /** The answer that the caller gets at once, without waiting for any copy. */
  readonly early: Exclude<Meanwhile, "wait"> | undefined;
  /** The answer that the caller gets otherwise: that to a copy, or something else. */
  readonly answer: "first" | "second" | "reset" | GatewayAnswer;
  readonly fault: "hold" | "twice" | "reset" | "gateway";
}

const optionsOf = <T extends { readonly chance: number }>(option: number | T | undefined): Partial<T> & { readonly chance: number } =>
  typeof option === "object" ? option : ({ chance: option ?? 0 } as Partial<T> & { readonly chance: number });

const KINDS = ["twice", "reset", "late", "queued", "gateway"] as const;

/** The options of each kind, besides its chance. */
const INSIDE: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  twice: ["apart", "answer"],
  reset: ["when"],
  late: ["ms", "meanwhile"],
  queued: ["ms", "meanwhile"],
  gateway: ["when", "shapes", "statuses"],
};
const CHOICES = { answer: ["first", "second", "either"], when: ["before", "after", "either"] };

const isNumber = (value: unknown): boolean => typeof value === "number" && !Number.isNaN(value);

/** Checks the options of one kind. */
function checkKind(kind: (typeof KINDS)[number], given: unknown): void {
  if (given === undefined) return;
  const option = isNumber(given) ? { chance: given } : (given as Readonly<Record<string, unknown>>);
  const owner = `disturb: ${kind}`;
  checkKnown(owner, option, ["chance", ...INSIDE[kind]]);
  const { chance } = option;
  if (!isNumber(chance) || !(Number(chance) >= 0 && Number(chance) <= 1)) throw new TypeError(`${owner} is a chance from 0 to 1`);
  for (const [name, choices] of Object.entries(CHOICES))
    if (option[name] !== undefined) checkOneOf(`${kind}.${name}`, option[name], choices);
  for (const name of ["apart", "ms"]) {
    const span = option[name] ?? 0;
    if (!isNumber(span) && !(Array.isArray(span) && span.length === 2 && span.every(isNumber)))
      throw new TypeError(`Invalid \`${kind}.${name}\`: expected milliseconds, or a range of them, such as [500, 3000].`);
  }
  for (const name of ["shapes", "statuses"])
    if (option[name] !== undefined && !(Array.isArray(option[name]) && option[name].length > 0))
      throw new TypeError(`Invalid \`${kind}.${name}\`: expected a list of at least one.`);
}

export class Disturber {
  readonly #options: DisturbOptions;
  readonly #random: () => number;
  readonly #struck = { twice: 0, reset: 0, late: 0, queued: 0, gateway: 0, requests: 0 };

  constructor(options: DisturbOptions) {
    checkKnown("disturb", options, [...KINDS, "seed", "endpoint", "match"]);
    for (const kind of KINDS) checkKind(kind, options[kind]);
    this.#options = options;
    this.#random = randomFrom(options.seed ?? 1);
  }

  handle(stop: () => void): Disturbance {
    const struck = this.#struck;
    const counts = Object.fromEntries(
      Object.keys(struck).map((name) => [name, { get: () => struck[name as keyof typeof struck], enumerable: true }]),
    );
    return Object.defineProperties({ stop }, counts) as Disturbance & { stop(): void };
  }

  matches(target: FaultTarget): boolean {
    const { endpoint, match } = this.#options;
    return (endpoint === undefined || endpoint === target.endpoint) && (!match || match(target));
  }

  /** Draws the plan of one request. Every request draws as many random numbers, so that changing one probability does not change the other draws. */
  plan(): Plan | undefined {
    const twice = optionsOf<DisturbTwice>(this.#options.twice);
    const late = optionsOf<DisturbLate>(this.#options.late);
    const queued = optionsOf<DisturbLate>(this.#options.queued);
    const reset = optionsOf<DisturbReset>(this.#options.reset);
    const gateway = optionsOf<DisturbGateway>(this.#options.gateway);

    const isTwice = this.#draw("twice", twice.chance);
    const apart = this.#span(twice.apart ?? 0);
    const either = this.#oneOf(["first", "second"] as const);
    const isLate = this.#draw("late", late.chance);
    const lateness = this.#span(late.ms ?? [1000, 5000]);
    const isQueued = this.#draw("queued", queued.chance);
    const queue = this.#span(queued.ms ?? [1000, 5000]);
    const isReset = this.#draw("reset", reset.chance);
    const resetWhen = this.#oneOf(["before", "after"] as const);
    const isGateway = this.#draw("gateway", gateway.chance);
    const gatewayWhen = this.#oneOf(["before", "after"] as const);
    const page = { shape: this.#oneOf(gateway.shapes ?? GATEWAY_SHAPES), status: this.#oneOf(gateway.statuses ?? [502, 503, 504]) };

    this.#struck.requests += 1;
    if (!isTwice && !isLate && !isQueued && !isReset && !isGateway) return undefined;
    const chosen = <T extends string>(fixed: T | "either" | undefined, drawn: T): T =>
      fixed === undefined || fixed === "either" ? drawn : fixed;
    const start = isLate ? lateness : 0;
    const lost = (isReset && chosen(reset.when, resetWhen) === "before") || (isGateway && chosen(gateway.when, gatewayWhen) === "before");
    const copies = [...(lost ? [] : [start]), ...(isTwice ? [start + apart] : [])];
    const meanwhile = isLate ? (late.meanwhile ?? "reset") : isQueued ? (queued.meanwhile ?? "reset") : "wait";
    const answered = isTwice && !lost ? chosen(twice.answer, either) : "first";
    return {
      copies,
      lost,
      queue: isQueued ? queue : 0,
      early: meanwhile === "wait" ? undefined : meanwhile,
      answer: isReset ? "reset" : isGateway ? page : answered,
      fault: isLate || isQueued ? "hold" : isTwice ? "twice" : isReset ? "reset" : "gateway",
    };
  }

  #draw(kind: "twice" | "reset" | "late" | "queued" | "gateway", chance: number): boolean {
    const drawn = this.#random() < chance;
    if (drawn) this.#struck[kind] += 1;
    return drawn;
  }

  #span(span: Span): number {
    const lot = this.#random();
    return typeof span === "number" ? span : span[0] + lot * (span[1] - span[0]);
  }

  #oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }
}
