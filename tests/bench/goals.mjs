// What the package is meant to reach, and whether it does, all from one run.
import { MORE_BLOCKS, rows } from "./rows.mjs";
import { paired, summary } from "./statistics.mjs";

const OURS = { spot: "kraken-signer", batch: "kraken-signer", request: "kraken-signer, signSync", totp: "kraken-signer" };
const NODE = { "Node 20": 5, "Node 26": 5 };
/** Of what is added up in memory after a million signatures, this much is the garbage collector's: a twentieth of a byte a signature. */
const SLACK = 50_000;

const isNodeCrypto = (name) => name.startsWith("node:crypto");
const everywhere = (limit) => (runtimes) => Object.fromEntries(runtimes.map((runtime) => [runtime, limit]));

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
  /** How many times as long another takes: `pick` chooses it from the names there are, by their medians. */
  const times = (row, pick) => (runtime) => {
    const contenders = samples[row][runtime] ?? {};
    const ours = contenders[OURS[row]];
    const names = Object.keys(contenders).filter(pick);
    const [other] = names.sort((a, b) => summary(contenders[a]).median - summary(contenders[b]).median);
    return ours && other && { ...paired(contenders[other], ours, (a, b) => a / b), of: other };
  };
  const named = (name) => (other) => other === name;
  const runtimes = Object.keys(samples.spot).filter((runtime) => runtime !== "native");
  const inAll = (limit) => everywhere(limit)(runtimes);
  const native = samples.spot.native?.["native Rust"];
  const nodeLike = { ...NODE, workerd: 10, Deno: 10, Bun: 2 };

  add("Spot signature, as a multiple of native", "most", inAll(1.25), (runtime) => {
    const ours = samples.spot[runtime]?.[OURS.spot];
    return native && ours && paired(ours, native, (a, b) => a / b);
  });
  add("… times as fast as node:crypto, usual", "least", nodeLike, times("spot", named("node:crypto, usual")));
  add("… than the fastest of node:crypto", "least", nodeLike, times("spot", isNodeCrypto));
  add("… than noble-hashes", "least", inAll(12), times("spot", named("noble-hashes")));
  add("… than noble-hashes, state cloned", "least", inAll(12), times("spot", named("noble-hashes, state cloned")));
  add("… than WebCrypto", "least", inAll(80), times("spot", named("WebCrypto")));
  const inNode = { "Node 20": 1.5, "Node 26": 1.5 };
  add("5 KB, times as fast as node:crypto, usual", "least", inNode, times("batch", named("node:crypto, usual")));
  add("… than the fastest of node:crypto", "least", inNode, times("batch", isNodeCrypto));
  add("Signed request, times as fast as ccxt", "least", inAll(12), times("request", named("ccxt")));
  add("TOTP code, times as fast as otpauth", "least", inAll(3), times("totp", named("otpauth")));

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
  add("Signer's binary", "most", { any: 49_152 }, bytes(sizes.wasm.raw), "bytes");
  add("… compressed", "most", { any: 16_384 }, bytes(sizes.wasm.gzip), "bytes");
  add("A Worker with SpotClient, minified and compressed", "most", { any: 30_720 }, bytes(sizes.workers["spot-client"].gzip), "bytes");
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

/** Where the time of a signature goes, in nanoseconds, by runtime; from differences between steps of the same round. */
export function breakdown(samples) {
  const { path, nonce, body } = rows.breakdown.inputs[0];
  // Padding and length take 9 bytes of a block of 64, or 17 of 128. Of HMAC's four blocks two are made with the key.
  const sha256 = Math.ceil((nonce.length + body.length + 9) / 64);
  const sha512 = Math.ceil((path.length + 32 + 17) / 128) + 1;
  const steps = {};
  for (const [runtime, measured] of Object.entries(samples)) {
    const each = (combine) => summary(measured["whole call"].map((_, round) => combine((name) => measured[name][round])));
    const exported = (of) => of("bytes in, export") - of("bytes in");
    const block = (name) => (of) => (of(`bytes in, export, longer ${name}`) - of("bytes in, export")) / MORE_BLOCKS;
    const hashing = (of) => sha256 * block("body")(of) + sha512 * block("path")(of);
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
  return { blocks: { sha256, sha512 }, steps };
}
