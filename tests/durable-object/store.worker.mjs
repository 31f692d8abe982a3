// The example with the Secrets Store, and an object that reads its own variables, which may be in that store too.
export { StoredKey } from "./examples/store.mjs";
export { KrakenKey } from "kraken-signer/durable-object";

export default {
  async fetch(request, env) {
    const [object, name] = new URL(request.url).pathname.slice(1).split("/");
    return Response.json(await env[object].getByName(name).call("Balance"));
  },
};
