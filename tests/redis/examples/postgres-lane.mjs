// A lane that stands on PostgreSQL 11 or newer, also behind a pooler such as PgBouncer, in whichever mode: the process that has the advisory lock has the slot.
// `pool` is a pg.Pool of its own with `max: 1`, so that the calls of a process wait in it, and `name` is whatever you call the key.
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
    // A session that breaks during a request says so when the request is over.
    pool.on("connect", (session) => session.on("error", () => {}));
  }

  async run(send, { signal } = {}) {
    const session = await this.pool.connect().catch(failed);
    try {
      signal?.throwIfAborted();
      return await send(await this.#nonce(session).catch(failed));
    } finally {
      // Kraken's answer is not lost with PostgreSQL, and a session that may still have the lock does not come back.
      await session.query("COMMIT").then(
        () => session.release(),
        () => session.release(true),
      );
    }
  }

  async #nonce(session) {
    // Lock and lease belong to the transaction, since a pooler may give each transaction another session. PostgreSQL ends that of a process which
    // died, or which has been silent for the lease.
    await session.query("BEGIN");
    await session.query("SELECT set_config('idle_in_transaction_session_timeout', $1, true)", [`${this.lease}`]);
    await session.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [this.name]);
    return (await session.query(NEXT, [this.name])).rows[0].last;
  }
}
