// For workerd and Chromium: one command a request.
import contender from "contender";
import { Station } from "../station.mjs";

const station = new Station(contender);

export default { fetch: async (request) => Response.json(await station.obey(await request.json())) };
