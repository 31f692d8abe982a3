import type { Attempt } from "./attempt.js";
import type { PreparedCall } from "./call.js";
import { type AnswerFacts, type CallEvent, type Hooks, observe } from "./hooks.js";
import { endingOf } from "./key-pair.js";

const answerFacts = ({ status, outcome }: Attempt): AnswerFacts => {
  const failure = outcome && outcome.outcome !== "done" ? outcome : undefined;
  return { status, errors: [...(failure?.errors ?? [])], kind: failure?.errors.length ? failure.kind : undefined };
};

/** Tells the hooks of a client about one of its calls. */
export class CallObserver {
  readonly #hooks: Hooks;
  readonly #call: PreparedCall;
  readonly #number: number;

  constructor(hooks: Hooks, call: PreparedCall, number: number) {
    this.#hooks = hooks;
    this.#call = call;
    this.#number = number;
  }

  requested(attempt: Attempt): void {
    observe(this.#hooks, "onRequest", { ...this.#facts(attempt), duration: 0 });
  }

  answered(attempt: Attempt): void {
    const { outcome } = attempt.outcome!;
    observe(this.#hooks, "onResponse", { ...this.#facts(attempt), ...answerFacts(attempt), outcome });
  }

  retries(attempt: Attempt, pause: number): void {
    observe(this.#hooks, "onRetry", { ...this.#facts(attempt), ...answerFacts(attempt), pause });
  }

  failed(attempt: Attempt, error: unknown): void {
    observe(this.#hooks, "onError", { ...this.#facts(attempt), ...answerFacts(attempt), error });
  }

  #facts({ number, credential, nonce, startedAt, sentAt, endedAt = performance.now() }: Attempt): CallEvent {
    const { endpoint, write } = this.#call;
    return {
      call: this.#number,
      endpoint,
      attempt: number,
      write,
      keyEnding: credential && endingOf(credential.key),
      nonce: nonce || undefined,
      queued: (sentAt ?? endedAt) - startedAt,
      duration: sentAt === undefined ? 0 : endedAt - sentAt,
    };
  }
}
