// Database servers of the machine, each in a folder of its own and on a free port of loopback.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { findProgram } from "./find.mjs";

const debian = "/usr/lib/postgresql";
const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a) : [];

export const redisServer = findProgram(["redis-server"]);
export const postgresServer = findProgram(
  ["postgres"],
  versions.map((version) => join(debian, version, "bin")),
);
export const pgBouncer = findProgram(["pgbouncer"], ["/usr/sbin"]);

/** Skips a test for want of a program; in CI, where none may be missing, fails it. */
export const without = (program, name) => (program || process.env.CI ? false : `${name} is not installed`);

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** Runs a server until it is stopped, and again on demand. */
class Server {
  constructor(program, args, options, port) {
    Object.assign(this, { program, args, options, port, folder: options.cwd });
  }

  async start() {
    this.child = spawn(this.program, this.args, { stdio: "ignore", ...this.options });
    const gone = new Promise((resolve) => this.child.once("exit", resolve).once("error", resolve));
    this.gone = gone;
    let ended = false;
    gone.then(() => (ended = true));
    while (!(await answers(this.port))) {
      if (ended) throw new Error(`${this.program} did not start`);
      await later(20);
    }
    return this;
  }

  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    await this.gone;
  }
}

/** Starts one on a free port, stops it and removes its folder after the test. */
async function serve(t, program, args, options) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = new Server(program, args(port), options, port);
    try {
      await server.start();
      t.after(async () => {
        server.child.kill("SIGCONT");
        await server.stop("SIGKILL");
        rmSync(options.cwd, { recursive: true, force: true });
      });
      return server;
    } catch (error) {
      // Another program may have taken the port meanwhile.
      if (attempt === 5) throw error;
    }
  }
}

/** A redis-server with these settings, such as `{ appendonly: "yes" }`. */
export function startRedis(t, settings = {}) {
  assert.ok(redisServer, "redis-server is not installed");
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-redis-"));
  const all = Object.entries({ bind: "127.0.0.1", dir: folder, save: "", ...settings });
  const args = (port) => ["--port", `${port}`, ...all.flatMap(([name, value]) => [`--${name}`, value])];
  return serve(t, redisServer, args, { cwd: folder });
}

/** A folder, and a user who is not root to work in it. */
function ownFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `kraken-signer-${name}-`));
  const options = { cwd: folder };
  if (process.getuid() === 0) {
    [options.uid, options.gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"])));
    chownSync(folder, options.uid, options.gid);
  }
  return options;
}

/** A PgBouncer before a PostgreSQL server, which gives each transaction any of its sessions. */
export function startPgBouncer(t, server) {
  assert.ok(pgBouncer, "pgbouncer is not installed");
  const options = ownFolder("pgbouncer");
  const file = join(options.cwd, "pgbouncer.ini");
  const args = (port) => {
    const databases = `[databases]\n* = host=127.0.0.1 port=${server.port} user=postgres\n`;
    const settings = { listen_addr: "127.0.0.1", listen_port: port, auth_type: "any", pool_mode: "transaction", unix_socket_dir: "" };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    writeFileSync(file, `${databases}[pgbouncer]\n${lines.join("")}`);
    return [file];
  };
  return serve(t, pgBouncer, args, options);
}

/** A PostgreSQL server with a database `postgres` and a user `postgres`, who needs no password. It refuses to run as root. */
export function startPostgres(t) {
  assert.ok(postgresServer, "PostgreSQL is not installed");
  const options = ownFolder("postgres");
  const folder = options.cwd;
  const data = join(folder, "data");
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  execFileSync(postgresServer.replace(/postgres$/, "initdb"), initdb, { ...options, stdio: "ignore" });
  const args = (port) => ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder, "-F"];
  return serve(t, postgresServer, args, options);
}
