// How much work the types are for the compiler of a user: instantiations, types and comparisons, which are the same on every machine. Time is only shown.
//
// Measured on 2026-11-29 (TypeScript 5.9.3, Node 20, 16 rounds in turns, CPU time of the check alone, on two shared cores at about half their speed): a
// program like USER takes 275 ms more (quartiles 245 and 307) than with `declare class SpotClient { call(name: string, params?: object): Promise<unknown> }`.
// That is 15 percent of the time for checking TypeScript's own `lib` (ES2022 and DOM) there.
//
// With `skipLibCheck: false`, the compiler also checks `lib` and every declaration of the package. On the same day, on a quiet machine, that took 600 ms
// more with TypeScript 5.9, 380 with 6.0 and 24 with 7.0. On 2026-11-30, the names of Spot became cheaper. The functions of TypeScript 5.9 are now called
// 3,153,000 times for the package and USER instead of 4,454,000 times. The machine was too busy for more than the CPU time of one or two runs each, of
// which the share in the time for `lib` in the same run is the best measure:
//
// | declarations | 5.9 | 6.0 |
// | --- | --- | --- |
// | before the endpoints were typed | 9 percent | 6 to 8 percent |
// | 2026-11-29 | 44 to 50 percent | 33 percent |
// | 2026-11-30 | 37 to 38 percent | 29 percent |
//
// Later that day, on a quiet machine (medians of 7 runs in turns of `tsc --extendedDiagnostics`), it took 490 ms more with 5.9 and 420 with 6.0, and with
// `skipLibCheck: true` 200 and 140.
//
// Before and after the endpoints were typed, with the package imported both times (the same day, a quiet machine, medians of 7 runs in turns, USER without
// types of results before): 180 ms more with 5.9 and 170 with 6.0 if `skipLibCheck` is true, as `tsc --init` writes it; 320 and 350 if it is false.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import ts from "typescript59";
import { project } from "../harness/installed.mjs";

const home = project("check-time", { type: "module" });

const USER = `import { SpotClient, pages } from "kraken-signer";
export async function main(kraken: SpotClient): Promise<string[]> {
  const { txid } = await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "1" });
  const { open } = await kraken.call("OpenOrders", { trades: true });
  for await (const trade of pages(kraken, "TradesHistory", {})) if (!open[trade.ordertxid]) return [trade.id];
  const balance = await kraken.call("Balance");
  return [...(txid ?? []), ...Object.keys(balance)];
}
`;
/** The same without the package's types. */
const ALONE = USER.replace(/^import.*\n/, "declare const pages: (...args: any[]) => AsyncIterable<any>;\n").replace("SpotClient", "any");

/** The most of each file that a failing test lists. */
const LISTED = 10;

/** Checks a program of one file. Returns what that costs, of each file and altogether. */
function check(name, text, skipLibCheck) {
  const file = join(home, `${name}.ts`);
  writeFileSync(file, text);
  const lib = ["lib.es2022.d.ts", "lib.dom.d.ts"];
  const { ES2022: target } = ts.ScriptTarget;
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    target,
    lib,
    types: [],
    module: ts.ModuleKind.Node16,
    skipLibCheck,
  });
  const began = process.cpuUsage();
  const files = program.getSourceFiles().map((source) => {
    const before = program.getInstantiationCount();
    assert.deepEqual(program.getSemanticDiagnostics(source), []);
    return [source.fileName.replace(/.*\/dist\/esm\//, ""), program.getInstantiationCount() - before];
  });
  const comparisons = Object.values(program.getRelationCacheSizes()).reduce((sum, size) => sum + size, 0);
  const time = Math.round(process.cpuUsage(began).user / 1000);
  return { files, time, comparisons, instantiations: program.getInstantiationCount(), types: program.getTypeCount() };
}

// A few percent above what was measured.
for (const [what, skip, limits] of [
  ["a program", true, { instantiations: 2700, types: 1850, comparisons: 360 }],
  ["a program and every declaration", false, { instantiations: 7800, types: 5300, comparisons: 2100 }],
])
  test(`with the package, checking ${what} takes not much more than without`, (t) => {
    const [alone, typed] = [check("alone", ALONE, skip), check("typed", USER, skip)];
    const more = Object.keys(limits).map((count) => [count, typed[count] - alone[count]]);
    t.diagnostic(`${more.map((each) => each.join(" ")).join(", ")} more; ${alone.time} ms without and ${typed.time} ms with the package`);
    const most = typed.files.sort(([, one], [, other]) => other - one).slice(0, LISTED);
    for (const [count, value] of more)
      assert.ok(value <= limits[count], `${value} ${count}. Instantiations by file: ${most.map((file) => file.join(" ")).join(", ")}`);
  });
