/** The most bytes that the signer's binary may have, and a Worker with `SpotClient`, compressed. The benchmark has the same goals. */
export const LIMITS = { binary: 48 * 1024, compressedBinary: 16 * 1024, worker: 51 * 1024 };
