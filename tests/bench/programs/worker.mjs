// For workerd and Chromium: one command a request.
import { Station } from "../station.mjs";

const station = new Station();

export default { fetch: async (request) => Response.json(await station.obey(await request.json())) };
