// How much the random tests try, and from where they start. A failure names its seed; setting it repeats the run.

/** `KRAKEN_SIGNER_SEED`, or one that nobody chose. */
export const SEED = whole("KRAKEN_SIGNER_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0];

/** `KRAKEN_SIGNER_CASES`: cases of the differential tests. */
export const CASES = whole("KRAKEN_SIGNER_CASES") ?? 100_000;

/** `KRAKEN_SIGNER_CALLS`: hostile calls at the raw exports. */
export const CALLS = whole("KRAKEN_SIGNER_CALLS") ?? 10_000_000;

function whole(name) {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${name} is not a whole number`);
  return Number(text);
}
