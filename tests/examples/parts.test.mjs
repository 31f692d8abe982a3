// The pages whose examples are parts of one program: each part runs at the simulated exchange, with the values that it takes for granted.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as main from "kraken-signer";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { blocksOf, moduleOfPart } from "./helper.mjs";

const home = project("parts", { type: "module" });
const parts = ["market-data.md", "types.md"].flatMap(blocksOf).filter(({ language }) => language === "ts");
const ENTRIES = { "kraken-signer": main, "kraken-signer/sockets": sockets, "kraken-signer/testing": testing };
const VALUES = ["kraken", "futures", "socket", "exchange"];

// Some parts leave a socket open, as a program does. Its timers must not keep this process alive after the last test.
const { setTimeout: later, setInterval: every } = globalThis;
globalThis.setTimeout = (...given) => later(...given).unref();
globalThis.setInterval = (...given) => every(...given).unref();
const alive = every(() => {}, 1000);
after(() => clearInterval(alive));

/** An account with trades, and its clients. */
function open() {
  const exchange = new testing.Exchange({ seed: 1 });
  const kraken = new main.SpotClient({ ...exchange.addKey(), fetch: exchange.fetch });
  const futures = new main.FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch });
  const socket = new sockets.SpotSocket({ client: kraken, WebSocket: exchange.WebSocket });
  return { exchange, kraken, futures, socket };
}

describe("each part runs", () => {
  for (const { name, heading, code } of parts)
    test(`${name}: ${heading}`, { timeout: 60_000 }, async (t) => {
      const values = open();
      const { exchange, kraken, socket } = values;
      t.after(() => socket.close());
      await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.1" });
      Object.assign(globalThis, { parts: values, fetch: exchange.fetch, WebSocket: exchange.WebSocket });
      const log = t.mock.method(console, "log", () => {});
      const file = join(home, `${name}.mjs`);
      writeFileSync(file, moduleOfPart(code, ENTRIES, VALUES));
      const end = import(pathToFileURL(file)).then(
        () => "ended",
        (error) => error,
      );
      // A loop over the messages of a socket ends with the socket.
      const isEndless = /for await \(const message of socket\)/.test(code);
      for (let waited = 0; isEndless && log.mock.callCount() === 0 && waited < 30_000; waited += 50) await wait(50);
      if (isEndless) socket.close();
      const outcome = await end;
      // The exchange does not know the endpoint that the page makes up.
      if (code.includes("BrandNew")) assert.deepEqual(outcome.errors, ["EGeneral:Unknown method"]);
      else assert.equal(outcome, "ended");
      if (/^(?:for|\s*console\.log)/m.test(code) && !code.includes("async function"))
        assert.ok(log.mock.callCount() > 0, "it printed nothing");
    });
});
