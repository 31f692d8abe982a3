/** A block ends a minute ahead of the clock, so a store is written once a minute while there are calls. */
const BLOCK = { ms: 60_000n, us: 60_000_000n, ns: 60_000_000_000n };

/** The least size of a block, in nonces, for a clock that is behind the last block. */
const LEAST = 1000n;

/** Returns the end of a new block of nonces. It is stored before the first nonce of the block is used. */
export function endOfBlock(clock: bigint, nonce: bigint, unit: keyof typeof BLOCK): bigint {
  const [ahead, least] = [clock + BLOCK[unit], nonce + LEAST];
  return ahead > least ? ahead : least;
}
