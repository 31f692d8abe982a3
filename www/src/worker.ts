// The worker: one search, off the page's thread. The page ends it after the answer, so that no copy of the private key outlives the search.
import type { InvestigateInput } from "kraken-signer/inspect";
import { investigate } from "./library";

addEventListener("message", ({ data }: MessageEvent<InvestigateInput>) => {
  try {
    postMessage({ findings: investigate(data) });
  } catch (error) {
    postMessage({ problem: (error as Error).message });
  }
});
