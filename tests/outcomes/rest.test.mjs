// Every row of the table of outcomes, through the REST clients.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { callFor, expectOutcome, rows } from "./table.mjs";

const SECRET = Buffer.alloc(64, 1).toString("base64");

test("every answer has the outcome of the table, and a write is sent once", async () => {
  const table = rows.filter(({ api }) => api !== "socket");
  const wrong = [];
  for (const row of table) {
    let requests = 0;
    const fetch = async () => {
      requests += 1;
      return new Response([204, 304].includes(row.status) ? null : row.body, { status: row.status });
    };
    const Client = row.api === "futures" ? FuturesClient : SpotClient;
    const client = new Client({ key: "K".repeat(56), secret: SECRET, fetch, retries: 0 });
    const problem = await expectOutcome(row, () => callFor(client, row));
    if (problem) wrong.push(`${JSON.stringify(row)}: ${problem}`);
    if (row.outcome !== "failed" && requests !== 1) wrong.push(`${JSON.stringify(row)}: sent ${requests} times`);
    client.close();
  }
  assert.deepEqual(wrong, []);
  assert.ok(table.length >= 300, `${table.length} rows`);
  console.log(`${table.length} answers over REST`);
});
