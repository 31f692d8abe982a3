// A lane on PostgreSQL 11 or newer, also behind a pooler such as PgBouncer in session or transaction mode. The process that has the advisory lock has the slot.
// `pool` is a pg.Pool with `max: 1` for this lane alone, in which the calls of a process wait. `name` is your name for the key.
//
//   CREATE TABLE kraken_nonces (name text PRIMARY KEY, last bigint NOT NULL)
import { KrakenError } from "kraken-signer";

const NEXT = `
  INSERT INTO kraken_nonces AS known VALUES ($1, floor(extract(epoch FROM clock_timestamp()) * 1000))
  ON CONFLICT (name) DO UPDATE SET last = greatest(known.last + 1, EXCLUDED.last)
  RETURNING last::text`;

// Only an error of this package tells callers that nothing was sent, also over RPC.
const failed = (cause) => {
  throw new KrakenError("ERR_LANE", "PostgreSQL gave no slot. Nothing was sent.", { cause });
};

export class PostgresLane {
  unit = "ms";

  constructor({ pool, name, lease = 60_000 }) {
    Object.assign(this, { pool, name, lease });
    // Without these listeners, a session that breaks would end the process, between calls or during a request. COMMIT, below, notices that it is broken.
    pool.on("error", () => {}).on("connect", (session) => session.on("error", () => {}));
  }

  async run(send, { signal } = {}) {
    const session = await this.pool.connect().catch(failed);
    try {
      signal?.throwIfAborted();
      return await send(await this.#nonce(session).catch(failed));
    } finally {
      // If PostgreSQL fails here, the call still returns Kraken's answer. A session that may still have the lock is not used again.
      await session.query("COMMIT").then(
        () => session.release(),
        () => session.release(true),
      );
    }
  }

  async #nonce(session) {
    // Lock and lease belong to the transaction, because a pooler may give each transaction another session. PostgreSQL ends the transaction of a
    // process that has died, or has been silent for the time of the lease. In the other levels of isolation, a call that has waited would fail.
    await session.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    await session.query("SELECT set_config('idle_in_transaction_session_timeout', $1, true)", [`${this.lease}`]);
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [this.name]);
    return (await session.query(NEXT, [this.name])).rows[0].last;
  }
}
