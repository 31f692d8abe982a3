// Other people's clients, as they are but for the address, against the exchange: TABLE.md says what works.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { FAULTS } from "./faults.mjs";
import { ccxtFutures, FUTURES_CLIENTS } from "./futures-clients.mjs";
import { PYTHON } from "./python.mjs";
import { ROWS as FUTURES_ROWS } from "./rows/futures.mjs";
import { FUTURES_ROWS as FUTURES_SOCKET_ROWS, SPOT_ROWS as SPOT_SOCKET_ROWS } from "./rows/sockets.mjs";
import { ROWS as SPOT_ROWS } from "./rows/spot.mjs";
import { FUTURES, ROWS as UNIFIED_ROWS, SPOT } from "./rows/unified.mjs";
import { runRows } from "./run.mjs";
import { FUTURES_SOCKETS, SPOT_SOCKETS } from "./socket-clients.mjs";
import { ccxtSpot, SPOT_CLIENTS } from "./spot-clients.mjs";

const unified = (open, product) => async (given) => {
  const ccxt = await open(given);
  return { ccxt, product, close: () => ccxt.close() };
};
const UNIFIED = [
  { name: "ccxt", shown: "ccxt.kraken", open: unified(ccxtSpot, SPOT) },
  { name: "ccxt", shown: "ccxt.krakenfutures", key: { product: "futures" }, open: unified(ccxtFutures, FUTURES) },
];

const TABLES = [
  { title: "Spot, REST", clients: SPOT_CLIENTS, rows: SPOT_ROWS },
  { title: "Futures, REST", clients: FUTURES_CLIENTS, rows: FUTURES_ROWS },
  { title: "ccxt's unified methods", clients: UNIFIED, rows: UNIFIED_ROWS },
  { title: "Spot, WebSockets", clients: SPOT_SOCKETS, rows: SPOT_SOCKET_ROWS },
  { title: "Futures, WebSockets", clients: FUTURES_SOCKETS, rows: FUTURES_SOCKET_ROWS },
];

const WORDS = { works: "works", absent: "–" };
const notes = [];

/** A cell of the table; fails when a row does not work and nobody has said why, or works although somebody has. */
function cellOf(outcome, fault, where) {
  if (!fault) {
    if (outcome instanceof Error) throw new Error(`${where}: ${outcome.message}`, { cause: outcome });
    return WORDS[outcome];
  }
  assert.ok(outcome instanceof Error, `${where} is in faults.mjs, but: ${outcome}`);
  assert.match(`${outcome.name}: ${outcome.message}`, fault.error, `${where} fails otherwise than faults.mjs says`);
  return fault;
}

/** Two at a time, since most of the time goes by in waiting. */
test("every client is tested row by row", { concurrency: 2 }, async (t) => {
  const skipped = [];
  const runs = TABLES.flatMap(({ title, clients, rows }) =>
    clients.map(async (client) => {
      if (client.python && !PYTHON) skipped.push(client.name);
      const options = { skip: client.python && !PYTHON && "PYTHON IS NOT THERE: this client was not driven" };
      await t.test(`${title}: ${client.shown ?? client.name}`, options, async () => {
        const outcomes = await runRows(client, rows);
        client.cells ??= {};
        const faults = FAULTS[title]?.[client.shown ?? client.name] ?? {};
        const unknown = Object.keys(faults).filter((row) => !(row in rows));
        assert.deepEqual(unknown, [], "rows of faults.mjs that are none");
        const failures = [];
        for (const [row, outcome] of Object.entries(outcomes)) {
          try {
            client.cells[row] = cellOf(outcome, faults[row], `${title}, ${client.name}, ${row}`);
          } catch (error) {
            failures.push(error);
          }
        }
        if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
      });
    }),
  );
  await Promise.all(runs);
  assert.ok(!(process.env.CI && skipped.length > 0), `in CI every client is driven, and Python is not there for ${skipped}`);
});

function noteOf(fault) {
  const text = `${fault.whose === "client" ? "The client's own fault" : "The exchange's shortfall"}: ${fault.reason}.`;
  if (!notes.includes(text)) notes.push(text);
  return `${fault.whose === "client" ? "client" : "exchange"} [${notes.indexOf(text) + 1}]`;
}

const versions = () => {
  const npm = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).devDependencies;
  const pip = readFileSync(new URL("requirements.txt", import.meta.url), "utf8").matchAll(/^([\w-]+)==([\d.]+)/gm);
  return new Map([...Object.entries(npm), ...[...pip].map(([, name, version]) => [name, version])]);
};

function write() {
  const known = versions();
  const head = ({ name, shown = name }) => `${shown} ${known.get(name)}`;
  const sections = TABLES.map(({ title, clients, rows }) => {
    const lines = Object.keys(rows).map((row) => {
      const cells = clients.map(({ cells }) => (typeof cells[row] === "string" ? cells[row] : noteOf(cells[row])));
      return `| ${row} | ${cells.join(" | ")} |`;
    });
    return [`## ${title}`, "", `| | ${clients.map(head).join(" | ")} |`, `| --- |${" --- |".repeat(clients.length)}`, ...lines].join("\n");
  });
  return [
    "# Other people's clients against the simulated exchange\n",
    "Each runs as its authors published it; only the address is another. «works» is said of a row when what the client made of the answer is",
    "what the exchange holds, and what the exchange did is what the client was asked for. «–»: the client has no such call. typed-kraken leaves out",
    "fields that it has no name for; the others are compared. Made by clients.test.mjs.\n",
    ...sections.map((section) => `${section}\n`),
    ...notes.map((text, i) => `${i + 1}. ${text}`),
    "",
  ].join("\n");
}

test("TABLE.md is up to date", { skip: !PYTHON && "PYTHON IS NOT THERE: half of the table is not known" }, () => {
  const file = new URL("TABLE.md", import.meta.url);
  const text = write();
  if (process.env.CI) assert.equal(existsSync(file) && readFileSync(file, "utf8"), text, "run the part `clients` and commit TABLE.md");
  else writeFileSync(file, text);
  const counted = [...text.matchAll(/\| (works|–|client \[|exchange \[)/g)].map(([, word]) => word);
  const count = (word) => counted.filter((each) => each === word).length;
  console.log(
    `${count("works")} rows work, ${count("–")} are not there, ${count("client [")} are a client's fault, ${count("exchange [")} the exchange's`,
  );
});
