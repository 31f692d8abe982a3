// For workerd: one command a request.
import contenders from "contender";
import { Caller } from "../caller.mjs";

const caller = new Caller(contenders);

export default { fetch: async (request) => Response.json(await caller.obey(await request.json())) };
