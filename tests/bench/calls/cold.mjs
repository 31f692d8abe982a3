// The first call of a Worker: processor time of a new workerd until it has answered, above one whose Worker does nothing.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startWorker } from "../../harness/workerd.mjs";
import { bundled } from "../runtimes.mjs";
import { BALANCE, BARE, keyOf } from "./keys.mjs";
import { countsThreads, usageOf } from "./runtimes.mjs";

/** The Workers, by name: what they import, and what they answer with. */
const WORKERS = {
  empty: ["", "given.expected"],
  "bare fetch": ["", "(await (await fetch(given.url + '/0/private/Balance', { method: 'POST', ...given.bare })).json()).result"],
  "kraken-signer": [
    `import { SpotClient } from "kraken-signer";`,
    `await new SpotClient({ key: given.key, secret: given.secret, baseUrl: given.url }).call("Balance")`,
  ],
};

const workerOf = ([imports, answer]) => `${imports}
export default {
  async fetch(request) {
    const given = await request.json();
    try {
      return Response.json(${answer});
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
  },
};`;

/** @returns milliseconds by name, one for each round */
export async function measureCold({ context, ports }, { rounds }, say) {
  if (!countsThreads) return {};
  const samples = {};
  const body = JSON.stringify({ url: `http://127.0.0.1:${ports.http}`, bare: BARE, expected: BALANCE, ...keyOf(0) });
  const scripts = {};
  for (const [name, parts] of Object.entries(WORKERS)) {
    const folder = join(context.folder, "cold", name.replace(" ", "-"));
    scripts[name] = await bundled({ contents: workerOf(parts) }, { runtime: "workerd", minify: true }, folder);
    samples[name] = [];
  }
  // Where there are several, the first round is not counted.
  for (let round = rounds > 1 ? -1 : 0; round < rounds; round += 1) {
    say(`cold Workers: round ${round + 1} of ${rounds}`);
    for (const name of Object.keys(WORKERS)) {
      const { url, pid, stop } = await startWorker(pathToFileURL(scripts[name]));
      try {
        const response = await fetch(url, { method: "POST", body });
        const text = await response.text();
        if (text !== JSON.stringify(BALANCE)) throw new Error(`${name}, cold: ${text}`);
        if (round >= 0) samples[name].push(usageOf(pid));
      } finally {
        await stop();
      }
    }
  }
  return samples;
}
