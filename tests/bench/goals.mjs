// What the package is meant to reach, and whether it does, all from one run.
import { LIMITS } from "../packaging/limits.mjs";
import { MORE_BLOCKS, rows } from "./rows.mjs";
import { paired, summary } from "./statistics.mjs";

const OURS = "kraken-signer";
/** Of what is added up in memory after a million signatures, this much is the garbage collector's: a twentieth of a byte a signature. */
const SLACK = 50_000;

/**
 * The goals: `limits` by runtime, to be reached (`least`) or kept (`most`), and the summary in each runtime.
 *
 * Ratios and differences are those of each round; of them, the median counts.
 */
export function goals({ samples, first, sizes, memory }) {
  const all = [];
  const add = (what, kind, limits, measured, unit) => {
    const cells = {};
    for (const [runtime, limit] of Object.entries(limits)) {
      const value = measured(runtime);
      if (value === undefined) continue;
      const { median } = value;
      cells[runtime] = { limit, ...value, met: kind === "least" ? median >= limit : median <= limit };
    }
    all.push({ what, kind, unit, cells });
  };
  /** How many times as long another one takes. */
  const times = (row, other) => (runtime) => {
    const { [OURS]: ours, [other]: theirs } = samples[row][runtime] ?? {};
    return ours && theirs && paired(theirs, ours, (a, b) => a / b);
  };
  const runtimes = Object.keys(samples.spot).filter((runtime) => runtime !== "native");
  const inAll = (limit) => Object.fromEntries(runtimes.map((runtime) => [runtime, limit]));
  const usual = { "Node 20": 2.3, "Node 26": 2.3, workerd: 5, Deno: 7, Bun: 1.5 };

  add("Spot signature, times as fast as node:crypto, usual", "least", usual, times("spot", "node:crypto, usual"));
  add("… as a multiple of the hashing in it", "most", inAll(2), (runtime) => {
    const steps = samples.breakdown[runtime];
    return steps && paired(steps["whole call"], hashingOf(steps), (whole, hashing) => whole / hashing);
  });
  add("… times as fast as noble-hashes", "least", inAll(12), times("spot", "noble-hashes"));
  add("… than noble-hashes, state cloned", "least", inAll(12), times("spot", "noble-hashes, state cloned"));
  add("TOTP code, times as fast as otpauth", "least", inAll(5), times("totp", "otpauth"));

  /** Above an empty process, round by round. */
  const above = (kind, runtime, name) => {
    const { empty, ...others } = first[kind][runtime] ?? {};
    return others[name] && paired(others[name], empty, (a, b) => a - b);
  };
  add(
    "First signature of a process, above an empty one",
    "most",
    { "Node 20": 4, "Node 26": 4 },
    (runtime) => above("wall", runtime, "kraken-signer"),
    "ms",
  );
  const asCcxt = (kind) => (runtime) => {
    const theirs = above(kind, runtime, "ccxt");
    const ours = above(kind, runtime, "kraken-signer");
    // Of medians, because a single difference can be zero; and less than a tenth of a millisecond is not told from nothing.
    return theirs && ours && { median: theirs.median / Math.max(ours.median, 0.1) };
  };
  add("… a fraction of ccxt's: one of", "least", { "Node 20": 50, "Node 26": 50 }, asCcxt("wall"));
  add("… in processor time, Workers too: one of", "least", { "Node 20": 50, "Node 26": 50, workerd: 50 }, asCcxt("processor"));

  const bytes = (value) => () => ({ median: value });
  add("Signer's binary", "most", { any: LIMITS.binary }, bytes(sizes.wasm.raw), "bytes");
  add("… compressed", "most", { any: LIMITS.compressedBinary }, bytes(sizes.wasm.gzip), "bytes");
  add(
    "A Worker with SpotClient, minified and compressed",
    "most",
    { any: LIMITS.worker },
    bytes(sizes.workers["spot-client"].gzip),
    "bytes",
  );
  add(
    "Memory more after 1,000,000 signatures",
    "most",
    { "Node 20": SLACK, "Node 26": SLACK },
    (runtime) => {
      const { before, after } = memory[runtime] ?? {};
      return before && { median: after.wasm - before.wasm + Math.max(0, after.heap - before.heap) };
    },
    "bytes",
  );
  return all;
}

/** The blocks of either hash in a signature, of those messages whose steps are measured. */
function blocksOf() {
  const { path, nonce, body } = rows.breakdown.inputs[0];
  // Padding and length take 9 bytes of a block of 64, or 17 of 128. Of HMAC's four blocks two are made with the key.
  return { sha256: Math.ceil((nonce.length + body.length + 9) / 64), sha512: Math.ceil((path.length + 32 + 17) / 128) + 1 };
}

/** Combines the steps of each round. */
const rounds = (steps, combine) => steps["whole call"].map((_, round) => combine((name) => steps[name][round]));
const block = (name) => (of) => (of(`bytes in, export, longer ${name}`) - of("bytes in, export")) / MORE_BLOCKS;
const hashing = (of) => blocksOf().sha256 * block("body")(of) + blocksOf().sha512 * block("path")(of);
const hashingOf = (steps) => rounds(steps, hashing);

/** Where the time of a signature goes, in nanoseconds, by runtime; from differences between steps of the same round. */
export function breakdown(samples) {
  const steps = {};
  for (const [runtime, measured] of Object.entries(samples)) {
    const each = (combine) => summary(rounds(measured, combine));
    const exported = (of) => of("bytes in, export") - of("bytes in");
    steps[runtime] = {
      "whole call": each((of) => of("whole call")),
      "text in": each((of) => of("text in")),
      hashing: each(hashing),
      "the rest of the export": each((of) => exported(of) - hashing(of)),
      "text out": each((of) => of("text out")),
      "checks and calls": each((of) => of("whole call") - of("text in") - exported(of) - of("text out")),
      "a block of SHA-256": each(block("body")),
      "a block of SHA-512": each(block("path")),
    };
  }
  return { blocks: blocksOf(), steps };
}
