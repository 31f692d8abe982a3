/** The way between a caller and the exchange, where a network, a proxy and a queue act on a request and its answer. */

import { Disturber, type Disturbance, type DisturbOptions, type Plan } from "./disturb.js";
import {
  checkFault,
  FaultQueue,
  matches,
  type Fault,
  type FaultTarget,
  type InjectOptions,
  type Injection,
  type Meanwhile,
  type Strike,
} from "./faults.js";
import { gatewayAnswer, htmlPage } from "./gateway.js";
import type { WaitingList } from "./waiting.js";
import { isBytes, respond, type ExchangeAnswer, type ExchangeRequest } from "./wire.js";
import { checkEndpoint } from "../names.js";

/** The exchange at the end of the way. */
export interface Destination {
  /** The names of all endpoints, in which braces stand for a part of the path. */
  endpoints(): readonly string[];
  now(): number;
  target(request: ExchangeRequest): FaultTarget;
  /** Handles a request that arrives now. Between the checks and the engine, it waits for `queue`. */
  arrive(request: ExchangeRequest, fault?: Fault["fault"], queue?: () => Promise<void>): ExchangeAnswer | Promise<ExchangeAnswer>;
  /** Records that a request never arrives. */
  lose(request: ExchangeRequest, fault: Fault["fault"]): void;
  /** Makes an error in the form of the API that the request is for. */
  failure(errors: readonly string[], request: ExchangeRequest): ExchangeAnswer;
}

const RESET: ExchangeAnswer = { type: "reset" };

export class Delivery {
  readonly #destination: Destination;
  readonly #waits: WaitingList;
  readonly #faults: FaultQueue<Fault & InjectOptions, FaultTarget>;
  readonly #disturbers = new Set<Disturber>();
  readonly #journeys = new Set<Promise<unknown>>();
  // Requests that wait to be overtaken, with the number of their arrival.
  readonly #overtakable = new Map<() => void, number>();
  #arrivals = 0;

  constructor(destination: Destination, waits: WaitingList) {
    this.#destination = destination;
    this.#waits = waits;
    this.#faults = new FaultQueue(matches, waits);
  }

  inject(fault: Fault & InjectOptions): Injection {
    checkFault(fault, this.#destination.endpoints());
    return this.#faults.inject(fault);
  }

  disturb(options: DisturbOptions): Disturbance {
    checkEndpoint(options.endpoint, this.#destination.endpoints());
    const disturber = new Disturber(options);
    this.#disturbers.add(disturber);
    return disturber.handle(() => this.#disturbers.delete(disturber));
  }

  clear(): void {
    this.#faults.clear();
    this.#disturbers.clear();
  }

  get underway(): number {
    return this.#journeys.size;
  }

  /** Releases everything that waits, now or later, until every request has been handled. */
  async settle(): Promise<void> {
    this.#waits.open();
    while (this.#journeys.size > 0) await Promise.allSettled(this.#journeys);
    this.#waits.close();
  }

  /** Carries a request from the caller to the exchange, and its answer back. */
  carry(request: ExchangeRequest, delay: number, gone: AbortSignal | undefined): ExchangeAnswer | Promise<ExchangeAnswer> {
    const journey = delay > 0 ? this.#waits.wait(delay, gone).then(() => this.#carry(request, gone)) : this.#carry(request, gone);
    return journey instanceof Promise ? this.#track(journey) : journey;
  }

  #carry(request: ExchangeRequest, gone: AbortSignal | undefined): ExchangeAnswer | Promise<ExchangeAnswer> {
    this.#arrivals += 1;
    const isQuiet = this.#faults.isEmpty && this.#disturbers.size === 0 && this.#overtakable.size === 0;
    return isQuiet ? this.#destination.arrive(request) : this.#meet(this.#arrivals, request, gone);
  }

  /** Lets a request meet the fault or the disturbance that is meant for it. */
  async #meet(arrival: number, request: ExchangeRequest, gone: AbortSignal | undefined): Promise<ExchangeAnswer> {
    const target = this.#destination.target(request);
    const strike = this.#faults.take(target);
    if (strike) return await this.#strike(strike, arrival, request, gone);
    const plan = [...this.#disturbers].find((disturber) => disturber.matches(target))?.plan();
    return plan ? await this.#follow(plan, arrival, request, gone) : await this.#arrive(arrival, request);
  }

  async #arrive(arrival: number, request: ExchangeRequest, fault?: Fault["fault"], queue?: () => Promise<void>): Promise<ExchangeAnswer> {
    try {
      return await this.#destination.arrive(request, fault, queue);
    } finally {
      for (const [release, waiting] of this.#overtakable) if (waiting < arrival) release();
    }
  }

  /** Counts a journey as under way until it ends. */
  #track<T>(journey: Promise<T>): Promise<T> {
    this.#journeys.add(journey);
    const over = () => this.#journeys.delete(journey);
    journey.then(over, over);
    return journey;
  }

  /** Does the same for a journey that continues after the caller has the answer. If it fails, the rejection is not handled, so that it shows. */
  #detach<T>(journey: Promise<T>): Promise<T> {
    this.#journeys.add(journey);
    void journey.finally(() => this.#journeys.delete(journey));
    return journey;
  }

  async #follow(plan: Plan, arrival: number, request: ExchangeRequest, gone: AbortSignal | undefined): Promise<ExchangeAnswer> {
    const caller = plan.early === undefined ? gone : AbortSignal.abort();
    const queue = plan.queue > 0 ? () => this.#waits.wait(plan.queue, caller) : undefined;
    if (plan.lost) this.#destination.lose(request, plan.fault);
    const copies = plan.copies.map((ms) =>
      this.#detach(this.#waits.wait(ms, caller).then(() => this.#arrive(arrival, request, plan.fault, queue))),
    );
    if (plan.early !== undefined) return this.#substitute(plan.early, request);
    if (plan.answer === "first" || plan.answer === "second") return (await copies[plan.answer === "first" ? 0 : 1]) ?? RESET;
    await copies[0];
    return this.#substitute(plan.answer, request);
  }

  #substitute(answer: Exclude<Meanwhile, "wait">, request: ExchangeRequest): ExchangeAnswer {
    return answer === "reset" ? RESET : gatewayAnswer(answer, request.path, this.#destination.now());
  }

  async #strike(
    { fault, owner }: Strike<Fault>,
    arrival: number,
    request: ExchangeRequest,
    gone: AbortSignal | undefined,
  ): Promise<ExchangeAnswer> {
    const execute = () => this.#arrive(arrival, request, fault.fault);
    // These faults decide for themselves when the request is handled.
    switch (fault.fault) {
      case "delay": {
        if (fault.when === "before") await this.#waits.wait(fault.ms, gone, owner);
        const answer = await execute();
        if (fault.when === "after") await this.#waits.wait(fault.ms, gone, owner);
        return answer;
      }
      case "late":
        await this.#overtaken(arrival, fault.timeout ?? 1000, gone, owner);
        return await execute();
      case "hold":
        return await this.#hold(fault, owner, arrival, request, gone);
      case "twice":
        return await this.#twice(fault, owner, execute, gone);
      case "truncated":
        return truncate(await execute(), fault.cut === true);
    }
    // The others only replace the answer.
    if ((fault.when ?? "before") === "after") await execute();
    else this.#destination.lose(request, fault.fault);
    return this.#replacement(fault, request, gone);
  }

  async #hold(
    { ms = Infinity, where = "network", meanwhile = "wait" }: Extract<Fault, { fault: "hold" }>,
    owner: object,
    arrival: number,
    request: ExchangeRequest,
    gone: AbortSignal | undefined,
  ): Promise<ExchangeAnswer> {
    const caller = meanwhile === "wait" ? gone : AbortSignal.abort();
    const pause = () => this.#waits.wait(ms, caller, owner);
    const journey = this.#detach(
      where === "engine" ? this.#arrive(arrival, request, "hold", pause) : pause().then(() => this.#arrive(arrival, request, "hold")),
    );
    return meanwhile === "wait" ? await journey : this.#substitute(meanwhile, request);
  }

  async #twice(
    { answer = "first", apart = 0 }: Extract<Fault, { fault: "twice" }>,
    owner: object,
    execute: () => Promise<ExchangeAnswer>,
    gone: AbortSignal | undefined,
  ): Promise<ExchangeAnswer> {
    const first = await execute();
    const second = this.#detach(this.#waits.wait(apart, answer === "first" ? AbortSignal.abort() : gone, owner).then(execute));
    // A copy that arrives directly behind the first is handled before the caller can react.
    if (answer === "second") return await second;
    if (apart === 0) await second;
    return first;
  }

  async #overtaken(arrival: number, timeout: number, gone: AbortSignal | undefined, owner: object): Promise<void> {
    const { over, release } = this.#waits.enter(timeout, gone, owner);
    this.#overtakable.set(release, arrival);
    await over;
    this.#overtakable.delete(release);
  }

  #replacement(
    fault: Extract<Fault, { fault: "reset" | "html" | "gateway" | "redirect" | "endless" | "error" | "body" }>,
    request: ExchangeRequest,
    gone: AbortSignal | undefined,
  ): ExchangeAnswer {
    switch (fault.fault) {
      case "reset":
        return RESET;
      case "html":
        return htmlPage(fault.status ?? 520);
      case "gateway":
        return gatewayAnswer(fault, request.path, this.#destination.now());
      case "redirect":
        return respond(fault.status, "text/html; charset=utf-8", "", {
          location: (fault.to ?? "https://redirected.example") + request.path,
        });
      case "endless":
        return respond(200, "application/json", this.#endless(fault.bytes ?? 64 * 1024 * 1024, fault.pace ?? 0, gone));
      case "error":
        return this.#destination.failure([fault.error].flat(), request);
      case "body":
        return respond(fault.status ?? 200, fault.contentType ?? "application/json; charset=utf-8", fault.body, fault.headers);
    }
  }

  async *#endless(bytes: number, pace: number, gone: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const chunk = new TextEncoder().encode(" ".repeat(64 * 1024));
    for (let sent = 0; sent < bytes && !gone?.aborted; sent += chunk.length) {
      yield chunk;
      await this.#waits.wait(pace, gone);
    }
  }
}

function truncate(answer: ExchangeAnswer, cut: boolean): ExchangeAnswer {
  if (answer.type === "reset" || !isBytes(answer.body)) return answer;
  const half = answer.body.slice(0, Math.ceil(answer.body.length / 2));
  return { ...answer, body: cut ? breakAfter(half) : half };
}

async function* breakAfter(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error("the connection breaks here");
}
