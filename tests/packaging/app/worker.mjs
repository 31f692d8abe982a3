import { app } from "./app.mjs";

export default { fetch: async () => Response.json(await app()) };
