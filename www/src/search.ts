// Searches for mistakes in a worker, so that the page stays usable. The policy of the page allows workers only from its own memory.
import type { Finding, InvestigateInput } from "kraken-signer/inspect";
import { byId } from "./dom";

/** What the worker answers. */
type Answer = { findings: Finding[] } | { problem: string };

/** Callbacks for a search. */
interface Callbacks {
  /** Runs at the end. */
  found(findings: Finding[]): void;
  /** Runs instead, if there is no result. */
  failed(problem: string): void;
  /** Runs after a moment, and then each second, until the end: a fast search needs no progress. */
  waiting(seconds: number): void;
}

/** The time without progress, in milliseconds. */
const MOMENT = 250;

const texts = ["library", "worker"].map((id) => byId(id).textContent);
const code = URL.createObjectURL(new Blob(texts, { type: "text/javascript" }));

/** The only URL of code that the page ever trusts, where the browser asks for trust. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): string };
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const trusted = trustedTypes?.createPolicy("worker", { createScriptURL: () => code }).createScriptURL("") ?? code;

let end = (): void => {};

/** Starts a search, and ends the one before. */
export function search(input: InvestigateInput, { found, failed, waiting }: Callbacks): void {
  stop();
  const worker = new Worker(trusted);
  const start = performance.now();
  let timer = setTimeout(function tick() {
    const passed = performance.now() - start;
    waiting(Math.floor(passed / 1000));
    timer = setTimeout(tick, 1000 - (passed % 1000));
  }, MOMENT);
  end = () => {
    worker.terminate();
    clearTimeout(timer);
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    stop();
    if ("findings" in data) found(data.findings);
    else failed(data.problem);
  });
  worker.addEventListener("error", () => {
    stop();
    failed("The browser did not run the search. Try it in another browser, or reload the page.");
  });
  worker.postMessage(input);
}

/** Ends the search, if one runs. */
export function stop(): void {
  end();
  end = () => {};
}
