// A lane that stands on PostgreSQL 14 or newer: whoever has the advisory lock has the turn. `pool` is a pg.Pool of its own with `max: 1`,
// so that the calls of a process wait in it, and `name` is whatever you call the key.
//
//   CREATE TABLE kraken_nonces (name text PRIMARY KEY, last bigint NOT NULL)

const NEXT = `
  INSERT INTO kraken_nonces AS mark VALUES ($1, floor(extract(epoch FROM clock_timestamp()) * 1000))
  ON CONFLICT (name) DO UPDATE SET last = greatest(mark.last + 2, EXCLUDED.last)
  RETURNING last::text`;

export class PostgresLane {
  constructor({ pool, name, lease = 60_000 }) {
    Object.assign(this, { pool, name, lease });
    // A session that breaks during a request says so when the request is over.
    pool.on("connect", (session) => session.on("error", () => {}));
  }

  async run(send, { signal } = {}) {
    const session = await this.pool.connect();
    try {
      signal?.throwIfAborted();
      // The lock goes with the session: PostgreSQL ends that of a process which died, or which has been silent for the lease.
      await session.query("SELECT set_config('idle_session_timeout', $1, false)", [`${this.lease}`]);
      await session.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [this.name]);
      const { rows } = await session.query(NEXT, [this.name]);
      return await send(rows[0].last);
    } finally {
      // What Kraken answered does not wait for PostgreSQL, and a session that may still have the lock does not come back.
      session.query("SELECT pg_advisory_unlock_all(), set_config('idle_session_timeout', '0', false)").then(
        () => session.release(),
        () => session.release(true),
      );
    }
  }
}
