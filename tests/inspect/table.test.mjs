// The investigator against broken signers that were written without it: every mistake named, none misnamed, in time. Writes TABLE.md, and the
// examples of the workbench, or in CI checks that both are current.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { MISTAKES, investigate } from "kraken-signer/inspect";
import { allCases } from "./cases.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** What the process has computed for, in milliseconds: other processes do not count. */
const computed = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const results = allCases().map((one) => {
  const start = computed();
  const [finding] = investigate(one.input);
  return { ...one, finding, time: computed() - start };
});
const wrong = ({ mistakes, finding }) =>
  finding.kind !== (mistakes.length ? "mistake" : "right") || finding.mistakes.toSorted().join() !== mistakes.toSorted().join();

for (const count of [0, 1, 2, 3]) {
  const some = results.filter(({ mistakes }) => mistakes.length === count);
  test(`${some.length} broken signers with ${count} mistakes: all are named, and none is misnamed`, () => {
    assert.ok(some.length > (count ? 50 : 0));
    for (const { language, request, did, mistakes, finding } of some.filter(wrong)) {
      assert.fail(`${language}, ${request}: ${did.join("; ")}: ${mistakes.join(", ")}, but it said ${finding.kind} ${finding.mistakes}`);
    }
    for (const { finding } of some) assert.ok(finding.proven && finding.tried > 0);
  });
}

test("some signer makes each mistake of the table", () => {
  const made = new Set(results.flatMap(({ mistakes }) => mistakes));
  assert.deepEqual(
    MISTAKES.filter((name) => !made.has(name)),
    [],
  );
});

test("three mistakes are found in under a second of computing", (t) => {
  const slowest = results.toSorted((one, other) => other.time - one.time)[0];
  // Others on the machine slow it down at times, so the best of a few counts.
  const times = Array.from({ length: 4 }, () => {
    const start = computed();
    investigate(slowest.input);
    return computed() - start;
  });
  const time = Math.min(slowest.time, ...times);
  const median = results.map(({ time }) => time).toSorted((one, other) => one - other)[results.length >> 1];
  t.diagnostic(`the median took ${median.toFixed(0)} ms`);
  t.diagnostic(`the slowest took ${time.toFixed(0)} ms for ${slowest.finding.tried} combinations: ${slowest.mistakes.join(", ")}`);
  assert.ok(time < 1000, `${time} ms`);
});

test("TABLE.md is up to date", () => {
  const single = results.filter(({ did }) => did.length === 1);
  const rows = new Map();
  for (const { language, did, mistakes, request, finding } of single) {
    const key = `| ${language} | ${did[0].replaceAll("|", "\\|")} | ${mistakes.join(", ") || "none: no effect here"} | ${finding.mistakes.join(", ") || "right"} |`;
    rows.set(key, [...(rows.get(key) ?? []), request]);
  }
  const counts = [1, 2, 3].map((count) => results.filter(({ mistakes }) => mistakes.length === count));
  const kinds = MISTAKES.map((name) => {
    const some = results.filter(({ mistakes }) => mistakes.includes(name));
    return `| ${name} | ${some.length} | ${some.filter((one) => !wrong(one)).length} |`;
  });
  const table = `# What the investigator said

Written by \`table.test.mjs\`. Each row is a broken signer, written by hand and without the code that investigates; the requests are those of
\`requests.json\`. Besides these, broken signers are combined at random, across all steps: ${counts
    .map(
      (some, at) =>
        `${some.length} cases with ${at + 1} mistake${at ? "s" : ""}, ${some.filter((one) => !wrong(one)).length} named rightly`,
    )
    .join("; ")}.

| signer | what its author did | the mistakes | what was said | requests |
| --- | --- | --- | --- | --- |
${[...rows].map(([row, names]) => `${row} ${names.join("; ")} |`).join("\n")}

# Kinds

How many of these cases have each mistake, alone or with others, and in how many of them exactly the mistakes were named. Combinations of three
are searched for among the more common kinds only. No combination explains any of 100,000 random signatures (\`src/inspect/tests.rs\`).

| kind | cases | named rightly |
| --- | --- | --- |
${kinds.join("\n")}

# Times

Processor time for one call, in WebAssembly on a machine with two cores: 0.5 s for the slowest of these cases. For a signature that
nothing explains, all combinations are computed: 0.3 s for a body with a nonce only, and for an order. For a long body, the search
is stopped after a limited amount of work: 0.9 s at most for forms and JSON from 3 KB to 240 KB (\`long.test.mjs\`).
`;
  written("TABLE.md", table);
});

test("examples.json, the examples of the workbench, is up to date", () => {
  const examples = MISTAKES.flatMap((name) => {
    // The fewest mistakes at once, and one example for each API and encoding.
    const having = results.filter(({ mistakes }) => mistakes.includes(name));
    const fewest = Math.min(...having.map(({ mistakes }) => mistakes.length));
    const kinds = new Map();
    for (const { did, mistakes, input } of having) {
      const kind = `${input.api} ${input.body.startsWith("{")}`;
      if (mistakes.length === fewest && !kinds.has(kind)) kinds.set(kind, { name, mistakes, did: did.join("; "), ...input });
    }
    return [...kinds.values()];
  });
  written("examples.json", `[\n${examples.map((example) => JSON.stringify(example)).join(",\n")}\n]\n`);
});

/** Writes a file, or in CI checks that it is current. */
function written(name, text) {
  const path = here(name);
  if (process.env.CI) assert.equal(readFileSync(path, "utf8"), text, `${name} is not current: run the test without CI`);
  else writeFileSync(path, text);
}
