// What is typed and what is checked, of every endpoint: TABLE.md.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Exchange } from "kraken-signer/testing";
import ts from "typescript59";
import { futures, open, outside, sources, spot, unrecorded } from "./documented.mjs";

const declarations = fileURLToPath(new URL("../../pkg/dist/esm/index.d.ts", import.meta.url));
const options = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
};
const program = ts.createProgram([declarations], options);
const checker = program.getTypeChecker();
const exported = new Map(
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(declarations))).map((symbol) => [symbol.name, symbol]),
);
const recorded = (name) => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8"));

const yes = (is) => (is ? "yes" : "no");
const propertiesOf = (type) => type.getProperties().map((symbol) => [symbol.name, checker.getTypeOfSymbol(symbol)]);

/** The places in a type of which nothing is said. */
function untyped(type, path = "", seen = new Set()) {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return [path || "all of it"];
  if (seen.has(type) || !(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection))) return [];
  seen.add(type);
  if (type.isUnion()) return type.types.flatMap((part) => untyped(part, path, seen));
  if (type.symbol?.name === "Uint8Array" || type.symbol?.name === "Date") return [];
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return checker.getTypeArguments(type).flatMap((part) => untyped(part, `${path}[]`, seen));
  const fields = propertiesOf(type).flatMap(([name, part]) => untyped(part, path ? `${path}.${name}` : name, seen));
  const values = checker.getIndexInfosOfType(type).flatMap((info) => untyped(info.type, `${path}{}`, seen));
  return [...fields, ...values];
}

function rowsOf(name, answers) {
  const endpoints = propertiesOf(checker.getDeclaredTypeOfSymbol(exported.get(name)));
  return endpoints.map(([endpoint, type]) => {
    const parts = Object.fromEntries(propertiesOf(type));
    const typed = (part) => {
      const places = [...new Set(untyped(part))];
      return places.length ? `but for ${places.map((place) => `\`${place}\``).join(", ")}` : "yes";
    };
    return {
      endpoint,
      parameters: typed(parts.params),
      result: typed(parts.result),
      recorded: answers[endpoint] ? `${answers[endpoint].length}` : "none",
    };
  });
}

const exchange = new Exchange();

/** What the simulated exchange says to a request without a signature: whether there is such an endpoint comes first. */
const errorsOf = async (url, method) => JSON.stringify(await (await exchange.fetch(url, { method })).json());

const inExchange = {
  async Spot(endpoint) {
    const answers = [
      await errorsOf(`https://api.kraken.com/0/public/${endpoint}`, "GET"),
      await errorsOf(`https://api.kraken.com/0/private/${endpoint}`, "POST"),
    ];
    return answers.some((answer) => !answer.includes("Unknown method"));
  },
  async Futures(endpoint) {
    const [method, name] = endpoint.split(":");
    const path = (name.startsWith("/") ? name : `/derivatives/api/v3/${name}`).replace(/\{\w+\}/g, "PF_XBTUSD");
    return !(await errorsOf(`https://futures.kraken.com${path}`, method)).includes("notFound");
  },
};

const tables = { Spot: rowsOf("SpotEndpoints", recorded("spot")), Futures: rowsOf("FuturesEndpoints", recorded("futures")) };

for (const [name, rows] of Object.entries(tables)) for (const row of rows) row.simulated = yes(await inExchange[name](row.endpoint));

test("the simulated exchange supports what orders need", async () => {
  const has = [...tables.Spot, ...tables.Futures].filter(({ simulated }) => simulated === "yes").map(({ endpoint }) => endpoint);
  for (const endpoint of ["Time", "AddOrder", "OpenOrders", "POST:sendorder", "GET:openorders"])
    assert.ok(has.includes(endpoint), endpoint);
  assert.equal(await inExchange.Spot("NoSuchEndpoint"), false);
  assert.equal(await inExchange.Futures("GET:nosuchendpoint"), false);
});

test("every documented endpoint is typed", () => {
  const missing = (documented, rows) => documented.filter((name) => !rows.some(({ endpoint }) => endpoint === name));
  assert.deepEqual(missing(spot, tables.Spot), []);
  assert.deepEqual(missing(futures, tables.Futures), []);
});

test("all documented parameters are typed", () => {
  const rows = [...tables.Spot, ...tables.Futures];
  assert.deepEqual(
    rows.filter(({ parameters }) => parameters !== "yes"),
    [],
  );
});

test("all results are typed whole, or there is a reason", () => {
  const rows = [...tables.Spot, ...tables.Futures].filter(({ result }) => result !== "yes");
  assert.deepEqual(
    rows.map(({ endpoint, result }) => `${endpoint}: ${result}`),
    ["SystemStatus: but for `emergency[]{}`"],
  );
  assert.deepEqual(Object.keys(open), ["SystemStatus"]);
});

test("every result is checked against a recorded answer, or there is a reason", () => {
  const none = [...tables.Spot, ...tables.Futures].filter(({ recorded }) => recorded === "none").map(({ endpoint }) => endpoint);
  assert.deepEqual(none.sort(), Object.keys(unrecorded).sort());
});

const lines = ([head, ...rows]) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const file = new URL("TABLE.md", import.meta.url);
const text = `# Endpoints and their types

Made by table.test.mjs. «Recorded» counts the answers that recorded.test.mjs checks against the type of the result: written after those that
other clients' tests and Kraken's documentation have. «None» means that no such answer was found, with the reason below; the type then comes from
the documentation alone. «In the index»: in the index of docs.kraken.com; what is not, comes from the OpenAPI files in
krakenfx/api-specs, from the change log or from other clients.

${Object.entries(tables)
  .map(([name, rows]) => {
    const documented = name === "Spot" ? spot : futures;
    const count = (test) => rows.filter(test).length;
    const summary = `${rows.length} endpoints, ${documented.length} of them in the index; ${count((row) => row.result === "yes")} results typed whole, ${count((row) => row.recorded !== "none")} checked against recorded answers, ${count((row) => row.simulated === "yes")} in the simulated exchange.`;
    const cells = rows.map((row) => [
      `\`${row.endpoint}\``,
      row.parameters,
      row.result,
      row.recorded,
      row.simulated,
      yes(documented.includes(row.endpoint)),
    ]);
    return `## ${name}\n\n${summary}\n\n${lines([["Endpoint", "Parameters typed", "Result typed", "Recorded", "In the simulated exchange", "In the index"], ...cells])}`;
  })
  .join("\n\n")}

## Where recorded answers come from

${lines([["Endpoints", "Sources"], ...Object.entries(sources)])}

## Not typed whole

${lines([["Endpoint", "Why"], ...Object.entries(open).map(([endpoint, why]) => [`\`${endpoint}\``, why])])}

## No recorded answer

${lines([["Endpoint", "Why"], ...Object.entries(unrecorded).map(([endpoint, why]) => [`\`${endpoint}\``, why])])}

## Documented, and not typed

${lines([["Endpoints", "Why"], ...Object.entries(outside)])}
`;

test("TABLE.md is up to date", () => {
  let current = "";
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // There is none yet.
  }
  // Its rows, whatever a formatter makes of their width.
  const plain = (table) => table.replace(/ {2,}/g, " ").replace(/-{3,}/g, "---");
  if (plain(current) === plain(text)) return;
  writeFileSync(file, text);
  assert.fail("It was out of date, and is written anew: see what has changed.");
});
