// Runs the suites inside a Worker and answers what came of them.
import * as signer from "kraken-signer";
// By its path, so that the bundle has the package's modules once.
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { equal } from "../conformance/assert.mjs";
import { crash } from "./crash.mjs";
import { scan } from "./scan.mjs";

// Workers refuse random numbers in global scope.
let early;
const keyOfGlobalScope = new signer.Signer(new Uint8Array(64));
try {
  early = signer.clientOrderId();
} catch (error) {
  early = error.code;
}

const globalScope = [
  "clientOrderId() in global scope is refused, and the keys made there live on",
  () => {
    equal(early, "ERR_UNAVAILABLE");
    equal(keyOfGlobalScope.signSpot("/", 1), new signer.Signer(new Uint8Array(64)).signSpot("/", 1));
  },
];

export default {
  async fetch(_request, { SEED, ROUNDS }) {
    const kit = { ...signer, core };
    const results = [];
    const suites = [globalScope, ...scan(kit, Number(SEED), Number(ROUNDS)), ...crash(kit, Number(SEED))];
    for (const [name, run] of suites) {
      try {
        await run();
        results.push({ name });
      } catch (error) {
        results.push({ name, error: String(error?.stack ?? error) });
      }
    }
    return Response.json(results);
  },
};
