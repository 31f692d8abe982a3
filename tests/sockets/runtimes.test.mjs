// Sockets on the WebSocket that a runtime brings. (Workers: workerd.test.mjs; Node 20 has none, and gets one in all other tests.)
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
const program = fileURLToPath(new URL("program.mjs", import.meta.url));
const runtimes = {
  "Node 22": ["node22/bin/node"],
  "Node 24": ["node24/bin/node"],
  "Node 26": ["node26/bin/node"],
  Deno: [".bin/deno", "run", "--allow-all", "--no-lock"],
  Bun: [".bin/bun", "run"],
};

for (const [name, [binary, ...args]] of Object.entries(runtimes)) {
  const missing = !existsSync(`${modules}/${binary}`) && !process.env.CI && "it is not installed";
  test(name, { timeout: 60_000, skip: missing }, async () => {
    const { stdout } = await promisify(execFile)(`${modules}/${binary}`, [...args, program], { timeout: 50_000 });
    assert.deepEqual(JSON.parse(stdout), {
      did: ["add_order", "add_order", "add_order", "cancel_all", "sendorder"],
      connections: 8,
      best: { price: "49999.9", volume: "0.00005100" },
    });
  });
}
