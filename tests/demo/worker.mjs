// The demo's Worker: keys from its bindings, a transcript as the answer.
import { makeCalls } from "./calls.mjs";

export default {
  fetch: async (_request, env) => Response.json(await makeCalls(env)),
};
