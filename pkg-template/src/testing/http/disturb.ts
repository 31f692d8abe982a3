/** A network that misbehaves by chance, and the same way again for the same seed. */

import type { FaultMoment, FaultTarget, Meanwhile } from "./faults.js";
import { GATEWAY_SHAPES, type GatewayAnswer, type GatewayShape } from "./gateway.js";
import { randomFrom } from "../random.js";

/** Milliseconds, or from and to, of which any is as likely. `Infinity` is until {@link Exchange.settle}. */
export type Span = number | readonly [from: number, to: number];

/** See {@link DisturbOptions}. */
export interface DisturbTwice {
  /** From 0 to 1. */
  readonly chance: number;
  /** How long after the first copy the second one arrives; default 0. */
  readonly apart?: Span;
  /** Which answer the caller gets; default `either`, by chance. */
  readonly answer?: "first" | "second" | "either";
}

/** See {@link DisturbOptions}. */
export interface DisturbReset {
  /** From 0 to 1. */
  readonly chance: number;
  /** Before or after execution; default `either`, by chance. */
  readonly when?: FaultMoment | "either";
}

/** See {@link DisturbOptions}. */
export interface DisturbLate {
  /** From 0 to 1. */
  readonly chance: number;
  /** How late; default 1 to 5 s. */
  readonly ms?: Span;
  /** What the caller gets in the meantime; default `reset`. */
  readonly meanwhile?: Meanwhile;
}

/** See {@link DisturbOptions}. */
export interface DisturbGateway extends DisturbReset {
  /** Those to choose from; default all. */
  readonly shapes?: readonly GatewayShape[];
  /** Those to choose from; default 502, 503, 504. */
  readonly statuses?: readonly number[];
}

/** What may happen to a request, each with its own chance from 0 to 1; several may happen to the same one. */
export interface DisturbOptions {
  /** The chance, from 0 to 1, that a request is delivered twice. Default 0, as for the others. */
  readonly twice?: number | DisturbTwice;
  /** The chance that the connection breaks without an answer. Default 0. */
  readonly reset?: number | DisturbReset;
  /** The chance that it arrives late, on the network: nonce and deadline are judged when it does. Default 0. */
  readonly late?: number | DisturbLate;
  /** The chance that it passes all checks, and then waits in the queue of the trading engine. Default 0. */
  readonly queued?: number | DisturbLate;
  /** The chance that a gateway answers. Default 0. */
  readonly gateway?: number | DisturbGateway;
  /** A whole number: the same seed draws the same lots, request by request in the order of arrival. Default 1. */
  readonly seed?: number;
  /** Only this endpoint. Default any. */
  readonly endpoint?: string;
  /** Only requests for which this returns true. Default any. */
  readonly match?: (target: FaultTarget) => boolean;
}

/** How many requests each kind has struck. */
export interface Disturbance {
  /** Delivered twice. */
  readonly twice: number;
  /** Reset without an answer. */
  readonly reset: number;
  /** Late on the network. */
  readonly late: number;
  /** Kept in the queue of the engine. */
  readonly queued: number;
  /** Answered by a gateway. */
  readonly gateway: number;
  /** How many requests it has looked at. */
  readonly requests: number;
  /** From here on nothing happens any more; what is on its way still arrives. */
  stop(): void;
}

/** What becomes of one request. */
export interface Plan {
  /** When each copy arrives, in milliseconds from now; none for a request that is lost. */
  readonly copies: readonly number[];
  /** The first copy got lost. */
  readonly lost: boolean;
  /** How long each copy waits for the engine; 0 for not at all. */
  readonly queue: number;
  /** What the caller gets at once, without waiting for any copy. */
  readonly early: Exclude<Meanwhile, "wait"> | undefined;
  /** What he gets otherwise: the answer to a copy, or something else. */
  readonly answer: "first" | "second" | "reset" | GatewayAnswer;
  readonly fault: "hold" | "twice" | "reset" | "gateway";
}

const optionsOf = <T extends { readonly chance: number }>(option: number | T | undefined): Partial<T> & { readonly chance: number } =>
  typeof option === "object" ? option : ({ chance: option ?? 0 } as Partial<T> & { readonly chance: number });

export class Disturber {
  readonly #options: DisturbOptions;
  readonly #random: () => number;
  readonly #struck = { twice: 0, reset: 0, late: 0, queued: 0, gateway: 0, requests: 0 };

  constructor(options: DisturbOptions) {
    for (const kind of ["twice", "reset", "late", "queued", "gateway"] as const) {
      const { chance } = optionsOf<{ readonly chance: number }>(options[kind]);
      if (!(chance >= 0 && chance <= 1)) throw new TypeError(`disturb: ${kind} is a chance from 0 to 1`);
    }
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

  /** Draws the lots of one request. Every request draws as many, so that a chance that changes does not change the others' lots. */
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
