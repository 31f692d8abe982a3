// For Node, Deno and Bun: one command a line, one answer a line. The argument is the file of a contender.
import { createInterface } from "node:readline";
import { Caller, usageOfProcess } from "../caller.mjs";

// kraken-api makes buffers in a way that is deprecated.
process.noDeprecation = true;

const { default: contenders } = await import(process.argv[2]);
const caller = new Caller(contenders);
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await caller.obey(JSON.parse(line), usageOfProcess)));
// Sockets and connections would keep it alive.
process.exit();
