// The example of a lane on PostgreSQL, on a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import pg from "pg";
import { pgBouncer, postgresServer, startPgBouncer, startPostgres, without } from "../harness/server.mjs";
import { PostgresLane } from "./examples/postgres-lane.mjs";
import { account, memberOf, share, until, overtaken } from "./helper.mjs";

const example = readFileSync(new URL("examples/postgres-lane.mjs", import.meta.url), "utf8");

test("the example has fewer than 50 lines", () => assert.ok(example.split("\n").length < 50));

const jitter = () => Math.random() * 4;

/** Three processes share a key at `port`, one is killed in the middle of its turn, and nothing but its own call is lost. */
async function killsAHolder(t, port) {
  let requests = 0;
  const shared = await share(t, {
    processes: 3,
    calls: 30,
    delay: jitter,
    port,
    engine: "postgres",
    async sent(member) {
      if (++requests !== 20) return;
      shared.members[member].child.kill("SIGKILL");
      const { length } = shared.exchange.requests;
      await until(() => shared.exchange.requests.length > length + 2);
    },
  });
  await shared.done;
  const { calls, executed, silent, ...rest } = account(shared);
  assert.deepEqual(rest, { twice: 0, invalidNonces: 1, lost: 0, untrue: 0, errors: [] });
  assert.equal(executed, calls - silent.length);
}

describe("PostgreSQL", { skip: without(postgresServer, "PostgreSQL"), timeout: 300_000 }, () => {
  const end = [];
  let server;
  let admin;
  const open = () => {
    const pool = new pg.Pool({ host: "127.0.0.1", port: server.port, user: "postgres", max: 1 });
    end.push(() => pool.end());
    return pool;
  };
  before(async () => {
    server = await startPostgres({ after: (stop) => end.push(stop) });
    admin = open();
    admin.on("error", () => {});
    // It listens before it lets anybody in.
    await until(() => admin.query("SELECT 1").catch(() => false));
    await admin.query(/CREATE TABLE.*/.exec(example)[0]);
  });
  after(async () => {
    for (const stop of end.reverse()) await stop();
  });
  /** Ends all other sessions, as a restart of PostgreSQL or a failover does. */
  const endSessions = () =>
    admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  const lane = (options) => new PostgresLane({ pool: open(), name: "alone", ...options });
  const take = (one) => one.run(async (nonce) => nonce);
  const locks = async () =>
    (await admin.query("SELECT granted FROM pg_locks WHERE locktype = 'advisory'")).rows.map(({ granted }) => granted);

  test("gives nonces from the clock, as text, or one above the last", async () => {
    const one = lane();
    assert.ok(Math.abs(Number(await take(one)) - Date.now()) < 10_000);
    const mark = 2n ** 53n + 1n;
    await admin.query("UPDATE kraken_nonces SET last = $1 WHERE name = 'alone'", [`${mark}`]);
    for (let turn = 1n; turn < 50n; turn++) assert.equal(await take(one), `${mark + turn}`);
  });

  test("with six processes, no nonce is rejected, nothing runs twice, and every call ends", async (t) => {
    const shared = await share(t, { processes: 6, calls: 100, delay: jitter, port: server.port, engine: "postgres" });
    await shared.done;
    const good = { calls: 600, executed: 600, twice: 0, invalidNonces: 0, lost: 0, untrue: 0, silent: [], errors: [] };
    assert.deepEqual(account(shared), good);
    const half = shared.exchange.executions.slice(150, 450).map(({ params }) => memberOf(Number(params.userref)));
    for (let member = 0; member < 6; member++) assert.ok(half.filter((one) => one === member).length >= 30, `${half}`);
  });

  test("after kill -9 of a process during its request, the next one follows at once", (t) => killsAHolder(t, server.port));

  test("a paused process loses its slot after the lease, and the outcome of its call is unknown", async (t) => {
    let stopped = false;
    const shared = await share(t, {
      processes: 3,
      calls: 30,
      delay: jitter,
      port: server.port,
      engine: "postgres",
      options: { lease: 3000 },
      async sent(member) {
        if (member || stopped || shared.calling.size < 30) return;
        stopped = true;
        shared.members[0].child.kill("SIGSTOP");
        const { length } = shared.exchange.requests;
        await until(() => shared.exchange.requests.length > length + 3);
        shared.members[0].child.kill("SIGCONT");
      },
    });
    await shared.done;
    assert.ok(stopped);
    assert.equal(overtaken(shared, 1), 90);
  });

  test(
    "behind a pooler that gives each transaction another session, no nonce is rejected",
    { skip: without(pgBouncer, "pgbouncer") },
    async (t) => {
      const pooler = await startPgBouncer(t, server);
      const shared = await share(t, { processes: 6, calls: 40, delay: jitter, port: pooler.port, engine: "postgres" });
      await shared.done;
      const good = { calls: 240, executed: 240, twice: 0, invalidNonces: 0, lost: 0, untrue: 0, silent: [], errors: [] };
      assert.deepEqual(account(shared), good);
    },
  );

  test(
    "behind a pooler, after kill -9 of a process during its request, the next one follows at once",
    { skip: without(pgBouncer, "pgbouncer") },
    async (t) => {
      const pooler = await startPgBouncer(t, server);
      await killsAHolder(t, pooler.port);
    },
  );

  test("a session that ends between two calls does not end the process, and the next call works", async () => {
    const pool = open();
    const one = new PostgresLane({ pool, name: "idle" });
    const first = BigInt(await take(one));
    await endSessions();
    await until(() => pool.totalCount === 0);
    assert.ok(BigInt(await take(one)) > first);
  });

  for (const isolation of ["repeatable read", "serializable"])
    test(`in a database whose transactions are ${isolation} by default, no call fails`, async (t) => {
      await admin.query(`ALTER DATABASE postgres SET default_transaction_isolation = '${isolation}'`);
      t.after(() => admin.query("ALTER DATABASE postgres RESET default_transaction_isolation"));
      const lanes = Array.from({ length: 3 }, () => lane());
      const nonces = [];
      const send = async (nonce) => {
        nonces.push(BigInt(nonce));
        await later(2);
      };
      await Promise.all(Array.from({ length: 30 }, (_, i) => lanes[i % 3].run(send)));
      assert.equal(nonces.length, 30);
      assert.ok(nonces.every((nonce, i) => !i || nonce > nonces[i - 1]));
    });

  test("no lock remains, and without PostgreSQL nothing is sent", async () => {
    await until(async () => !(await locks()).length);
    const pool = new pg.Pool({ host: "127.0.0.1", port: 1, max: 1 });
    await assert.rejects(
      new PostgresLane({ pool, name: "nobody" }).run(() => assert.fail("it was sent")),
      ({ code, cause }) => code === "ERR_LANE" && cause.code === "ECONNREFUSED",
    );
  });
});
