// Every fault × every class of endpoint, through Durable Objects: each trial has an object of its own, and an exchange in the same isolate.
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { Exchange } from "kraken-signer/testing";
import { faultMatrix } from "../client/suite/fault-matrix.mjs";

/** The options of each object, by its name. */
const options = new Map();
const optionsOf = (name) => options.get(name);

export class SpotObject extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, optionsOf);
  }
}
export class FuturesObject extends KrakenFuturesKey {
  constructor(ctx, env) {
    super(ctx, env, optionsOf);
  }
}

let count = 0;
/** A client's constructor that opens an object instead. */
const opener = (namespace, face) =>
  function Client({ key, secret, otp, ...settings }) {
    const name = `trial-${(count += 1)}`;
    options.set(name, { key, secret, ...(otp && { otp }), ...settings });
    return face(namespace.getByName(name));
  };

export default {
  async fetch(_request, env) {
    const kit = { SpotClient: opener(env.SPOT, spotClient), FuturesClient: opener(env.FUTURES, futuresClient), Exchange };
    try {
      return Response.json(await faultMatrix({ ...kit, parallel: 16, slack: 15_000 }));
    } catch (error) {
      return Response.json({ error: error.message });
    }
  },
};
