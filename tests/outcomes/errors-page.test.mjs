// The page about errors says of every known text what the client says.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { FuturesClient, SpotClient } from "kraken-signer";
import { loadSource } from "../harness/sources.mjs";
import { rows as answers } from "./table.mjs";

const { futuresErrors, patternOf, spotErrors } = await loadSource("rest/answer/error-patterns");
const page = readFileSync(new URL("../../pkg-template/docs/errors.md", import.meta.url), "utf8");
const [, ofSpot, ofFutures] = /\n## Every known text of Spot\n([^]*?)\n## Every known text of Futures\n([^]*)$/.exec(page);
const ROW = /^\| (.+?) \| (no|perhaps) \| (.+) \| `([\w-]+)` \|$/gm;

/** The rows of a part of the page. A row for any other text of some categories has one such text for each. */
const rowsOf = (part) =>
  [...part.matchAll(ROW)].flatMap(([, texts, carriedOut, meaning, kind]) =>
    [...texts.matchAll(/`(.+?)`/g)].map(([, text]) => ({
      text: texts.startsWith("any other") ? text.replace("…", "Text that is not known") : text.replace("…", "x"),
      kind,
      carriedOut,
      meaning,
    })),
  );
const spot = rowsOf(ofSpot);
const futures = rowsOf(ofFutures);
const credentials = { key: "K".repeat(56), secret: Buffer.alloc(64, 1).toString("base64"), retries: 0 };

/** What a client says of an answer with an error string: its kind, and whether an order was perhaps placed. */
async function judged(Client, body, place) {
  const client = new Client({ ...credentials, fetch: async () => new Response(JSON.stringify(body)) });
  try {
    await place(client);
    return "carried out";
  } catch (error) {
    const isUnknown = error.name === "UnknownOutcomeError";
    const { kind } = isUnknown ? error.cause : error;
    return { kind, carriedOut: isUnknown ? "perhaps" : "no" };
  } finally {
    client.close();
  }
}

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
const FUTURES_ORDER = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 30000 };
const onSpot = (text) => judged(SpotClient, { error: [text] }, (client) => client.call("AddOrder", ORDER));
const onFutures = (text) => judged(FuturesClient, { result: "error", error: text }, (client) => client.post("sendorder", FUTURES_ORDER));

/** The rows that say something else than the client. */
async function wrongIn(rows, ask) {
  const wrong = [];
  for (const { text, kind, carriedOut } of rows) {
    const said = await ask(text);
    if (said.kind !== kind || said.carriedOut !== carriedOut) wrong.push({ text, page: { kind, carriedOut }, client: said });
  }
  return wrong;
}

test("every row about Spot says what the client says of an order", async () => {
  assert.ok(spot.length > 70, `${spot.length} rows`);
  assert.deepEqual(await wrongIn(spot, onSpot), []);
});

test("every row about Futures says what the client says of an order", async () => {
  assert.ok(futures.length > 40, `${futures.length} rows`);
  assert.deepEqual(await wrongIn(futures, onFutures), []);
});

test("a wrong row is found", async () => {
  const [row] = spot;
  assert.equal(
    (
      await wrongIn(
        [
          { ...row, carriedOut: "perhaps" },
          { ...row, kind: "order" },
        ],
        onSpot,
      )
    ).length,
    2,
  );
});

/** The texts that a pattern lists: `^EOrder:(A|B)(:|$)` and `^(a|b)$` have several. */
function listedIn({ source }) {
  const [, before, list] = /^\^(\w*:?)\(([^()?]+)\)/.exec(source) ?? [];
  return list ? list.split("|").map((text) => `${before}${text}`) : [];
}

test("every text that the client knows has a row", () => {
  for (const [patterns, rows] of [
    [spotErrors, spot],
    [futuresErrors, futures],
  ]) {
    const texts = rows.map(({ text }) => text);
    for (const one of patterns) {
      assert.ok(
        texts.some((text) => patternOf(text, patterns) === one),
        `no row for ${one.pattern}`,
      );
      const listed = listedIn(one.pattern).filter((text) => patternOf(text, patterns) === one && !/[\\*+]/.test(text));
      for (const text of listed)
        assert.ok(
          texts.some((row) => row.startsWith(text)),
          `no row for ${text}`,
        );
    }
  }
});

test("every text in the table of outcomes has a row", () => {
  const texts = new Set(spot.map(({ text }) => text));
  const known = answers
    .filter(({ api }) => api !== "futures")
    .flatMap(({ body = "" }) => body.match(/E[A-Z]\w+: ?[A-Z][\w ]+(:[A-Za-z_ ]+)?/g) ?? []);
  const isInvented = (text) => /Never seen|Invalid keyboard/.test(text);
  const missing = new Set(
    known.map((text) => text.replace(/: +/g, ":").replace(/:$/, "")).filter((text) => !texts.has(text) && !isInvented(text)),
  );
  assert.deepEqual([...missing], []);
});

test("every text that the simulated exchange sends has a row", () => {
  const source = new URL("../../pkg-template/src/testing/", import.meta.url);
  const files = readdirSync(source, { recursive: true }).filter((name) => name.endsWith(".ts"));
  const sent = files.flatMap((name) => readFileSync(new URL(name, source), "utf8").match(/(?<=")E[A-Z]\w+:[A-Z][^"$]+(?=")/g) ?? []);
  assert.ok(sent.length > 40, `${sent.length} texts`);
  // Names of parameters are all alike, and have one row.
  const hasRow = (text) => spot.some((row) => row.text === text) || /^EGeneral:Invalid arguments:\w+$/.test(text);
  assert.deepEqual(
    [...new Set(sent)].filter((text) => !hasRow(text)),
    [],
  );
});

test("no text has two rows, and every row has advice", () => {
  for (const rows of [spot, futures]) {
    assert.equal(new Set(rows.map(({ text }) => text)).size, rows.length);
    for (const { meaning, text } of rows) assert.ok(meaning.length > 6, text);
  }
});

test("the page has every code of an error", () => {
  const source = readFileSync(new URL("../../pkg-template/src/errors/kraken-error.ts", import.meta.url), "utf8");
  const [, union] = /export type ErrorCode =([^;]+);/.exec(source);
  const codes = union.match(/ERR_\w+/g);
  assert.ok(codes.length > 10);
  assert.deepEqual(
    codes.filter((code) => !page.includes(`\`${code}\``)),
    [],
  );
});
