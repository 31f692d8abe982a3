// Answers, written after those that other clients' tests and Kraken's documentation have, against the types: by schemas made from the types.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";
import { folder } from "../harness/installed.mjs";

const pkg = fileURLToPath(new URL("../../pkg/dist/esm/index.js", import.meta.url));
const recorded = (name) => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8"));

/** Files are no JSON. */
const FILES = ["RetrieveExport", "GET:/api/history/v2/accountlogcsv", "GET:/api/history/v3/accountlogcsv"];

writeFileSync(
  join(folder, "results.ts"),
  `import type { FuturesEndpoints, SpotEndpoints } from ${JSON.stringify(pkg)};
  type Results<Endpoints extends Record<keyof Endpoints, { result: unknown }>> = {
    [E in Exclude<keyof Endpoints, ${FILES.map((name) => JSON.stringify(name)).join(" | ")}>]: Endpoints[E]["result"];
  };
  export interface Spot { results: Results<SpotEndpoints> }
  export interface Futures { results: Results<FuturesEndpoints> }
  `,
);

/** Validators of the results of all endpoints; fields that a type does not have are errors, too. */
function validators(type) {
  const schema = createGenerator({
    path: join(folder, "results.ts"),
    type,
    skipTypeCheck: true,
    topRef: false,
    expose: "none",
  }).createSchema(type);
  // The generator takes `string | false` for `false`.
  const repaired = (_, node) => (node?.type === "boolean" && node.enum?.length === 1 ? { type: ["string", "boolean"] } : node);
  const { properties: parts, definitions } = JSON.parse(JSON.stringify(schema), repaired);
  const ajv = new Ajv({ strict: false, allErrors: true });
  return new Map(Object.entries(parts.results.properties).map(([name, result]) => [name, ajv.compile({ ...result, definitions })]));
}

for (const [type, name] of [
  ["Spot", "spot"],
  ["Futures", "futures"],
])
  describe(type, () => {
    const byEndpoint = validators(type);
    for (const [endpoint, answers] of Object.entries(recorded(name)))
      test(endpoint, () => {
        const validate = byEndpoint.get(endpoint);
        assert.ok(validate, "no such endpoint");
        for (const answer of answers) {
          validate(answer);
          assert.deepEqual(
            (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`),
            [],
          );
        }
      });

    test("an answer of another shape fails", () => {
      const [endpoint, answer] = type === "Spot" ? ["Balance", { ZUSD: 1.5 }] : ["GET:orderbook", { result: "success", serverTime: "" }];
      assert.equal(byEndpoint.get(endpoint)(answer), false);
    });
  });
