// For Node, Deno and Bun: one command a line, one answer a line.
import { createInterface } from "node:readline";
import contender from "contender";
import { Station } from "../station.mjs";

// kraken-api makes buffers in a way that is deprecated.
process.noDeprecation = true;

const station = new Station(contender);
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await station.obey(JSON.parse(line))));
