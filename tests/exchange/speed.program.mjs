// An exchange in a process of its own, which says how much processor time orders take it.
import { Exchange } from "./helper.mjs";

const exchange = new Exchange({ history: 1000 });
const server = await exchange.listen();
const { key, secret } = exchange.addKey();
let begin;

/** Sends requests that were signed beforehand, one after the other; answers are read when the clock has stopped. */
async function inMemory(requests) {
  const before = process.cpuUsage();
  const answers = [];
  for (const request of requests) answers.push(await exchange.fetch(...request));
  const { user, system } = process.cpuUsage(before);
  const errors = await Promise.all(answers.map(async (answer) => (await answer.json()).error));
  return { microseconds: user + system, errors: errors.flat() };
}

const orders = {
  start: () => {
    begin = process.cpuUsage();
    return {};
  },
  stop: () => {
    const { user, system } = process.cpuUsage(begin);
    return { microseconds: user + system };
  },
  inMemory: ({ requests }) => inMemory(requests),
};
process.on("message", async (message) => process.send(await orders[message.what](message)));
process.on("disconnect", () => process.exit());
process.send({ url: server.url, key, secret });
