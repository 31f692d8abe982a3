// Runs the suite inside a Worker and answers what came of it.
import * as signer from "kraken-signer";
import * as testing from "kraken-signer/testing";
import kraken from "../vectors/kraken.json";
import otp from "../vectors/otp.json";
import refusals from "../vectors/refusals.json";
import { suite } from "./suite.mjs";

export default {
  async fetch() {
    const results = [];
    for (const [name, run] of suite({ ...signer, ...testing }, { kraken, otp, refusals })) {
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
