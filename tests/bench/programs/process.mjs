// For Node, Deno and Bun: one command a line, one answer a line.
import { createInterface } from "node:readline";
import { Station } from "../station.mjs";

// kraken-api makes buffers in a way that is deprecated.
process.noDeprecation = true;

const station = new Station();
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await station.obey(JSON.parse(line))));
