// For Node, Deno and Bun: reads a socket in one way, and says how much processor time some messages took. One command a line.
import { createInterface } from "node:readline";
import { usageOfProcess } from "../caller.mjs";
import { READERS } from "../readers.mjs";

const state = { count: 0, until: Infinity, done: () => {} };
const counted = (by) => {
  state.count += by;
  if (state.count >= state.until) state.done();
};

const commands = {
  async open({ row, name, urls }) {
    for (const url of urls) await READERS[row][name](url, counted);
    return {};
  },
  /** Begins to wait for messages, which are sent afterwards. */
  expect(count) {
    state.until = state.count + count;
    state.finished = new Promise((resolve) => (state.done = resolve)).then(() => usageOfProcess(state.usage));
    state.usage = usageOfProcess();
    return {};
  },
  finish: async () => ({ processor: await state.finished }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [[command, argument]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(await commands[command](argument)));
}
// Sockets and connections would keep it alive.
process.exit();
