// The example before a Secrets Store, which workerd has not.
import { StoredKey as Example } from "./examples/store.mjs";

export class StoredKey extends Example {
  constructor(ctx, env) {
    const names = ["API_KEY", "API_SECRET", "API_PASSWORD"];
    super(ctx, Object.fromEntries(names.map((name) => [name, { get: async () => env[name] }])));
  }
}

export default {
  fetch: async (request, env) => Response.json(await env.OBJECT.getByName("stored").call("Balance")),
};
