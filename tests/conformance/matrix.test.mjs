// The suite in every runtime of runtimes.mjs, on the package as it is installed. What came of it is kept for table.mjs.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { names } from "./run.mjs";
import { runtimes } from "./runtimes.mjs";
import { write } from "./table.mjs";

const folder = project("conformance", { type: "module" });
for (const part of ["conformance", "vectors"])
  cpSync(fileURLToPath(new URL(`../${part}`, import.meta.url)), join(folder, part), { recursive: true });

const exchange = new Exchange();
const server = await exchange.listen();
const rows = [];
after(async () => {
  await server.close();
  write(rows);
});

describe("conformance", { concurrency: 2, timeout: 300_000 }, () => {
  for (const runtime of runtimes) {
    test(runtime.name, async (t) => {
      const row = { runtime: runtime.name, passed: 0, failed: 0, cannot: {} };
      rows.push(row);
      row.missing = runtime.missing?.() || undefined;
      if (row.missing) {
        assert.ok(!process.env.CI, row.missing);
        return t.skip(row.missing);
      }
      const start = performance.now();
      const failures = [];
      for (const entry of ["kraken-signer", "kraken-signer/slim"]) {
        const { key, secret, setupKey } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
        const environment = { server: { url: server.url, socketUrl: server.socketUrl, key, secret, setupKey } };
        let results;
        try {
          results = await runtime.run(folder, entry, environment);
          assert.deepEqual(
            results.map(({ name }) => name),
            names(),
            "it did not run the whole suite",
          );
        } catch (error) {
          failures.push(`${entry}: ${error.stack}`);
          continue;
        }
        for (const { name, needs, error } of results) {
          const why = runtime.cannot[needs];
          if (why && error) row.cannot[needs] = why;
          else if (why) failures.push(`${entry}: ${name}: it can, though runtimes.mjs says that it cannot`);
          else if (error) failures.push(`${entry}: ${name}: ${error}`);
          else row.passed++;
        }
      }
      row.failed = failures.length;
      row.version = runtime.version();
      row.locked = runtime.locked;
      row.seconds = Math.round((performance.now() - start) / 100) / 10;
      assert.equal(failures.length, 0, failures.join("\n\n"));
    });
  }
});
