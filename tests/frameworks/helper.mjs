// An app of a framework: installed from the tarball and its lock file, started, and asked for a balance and an order.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const OUTPUT = path("target/frameworks");
const TARBALL = join(OUTPUT, "kraken-signer.tgz");
const MINUTES = 60_000;

/** No framework reports anything to its makers, and each finds the programs of its own Node first. */
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_COLOR: "1" };

/** Runs npm in a folder. What is in its cache is not asked for again. */
export async function npm(args, cwd) {
  const windows = process.platform === "win32";
  const options = [...args, "--loglevel=error", "--no-audit", "--no-fund", "--prefer-offline"];
  await promisify(execFile)(windows ? "npm.cmd" : "npm", options, { cwd, shell: windows });
}

/** Packs the built package as it would be published. */
export async function pack() {
  mkdirSync(OUTPUT, { recursive: true });
  for (const name of readdirSync(OUTPUT)) if (name.endsWith(".tgz")) rmSync(join(OUTPUT, name));
  await npm(["pack", path("pkg"), "--ignore-scripts"], OUTPUT);
  renameSync(
    join(
      OUTPUT,
      readdirSync(OUTPUT).find((name) => name.endsWith(".tgz")),
    ),
    TARBALL,
  );
}

/** Copies an app to `target`, where nothing remains of an earlier run but its packages, if they are to be kept; returns its folder. */
export function copyApp(name, { packages }) {
  const folder = join(OUTPUT, name);
  if (existsSync(folder))
    for (const entry of readdirSync(folder)) if (!packages || entry !== "node_modules") rmSync(join(folder, entry), { recursive: true });
  cpSync(path(`tests/frameworks/${name}`), folder, { recursive: true });
  return folder;
}

/** Copies an app, and installs the packages of its lock file and the tarball, whose hash the lock file does not have; returns its folder. */
export async function install(name) {
  const lock = readFileSync(path(`tests/frameworks/${name}/package-lock.json`));
  const digest = createHash("sha256").update(lock).update(readFileSync(TARBALL)).digest("hex");
  const stamp = join(OUTPUT, name, "node_modules/.installed");
  const isInstalled = existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  const folder = copyApp(name, { packages: isInstalled });
  if (isInstalled) return folder;
  await npm(["ci"], folder);
  writeFileSync(stamp, digest);
  return folder;
}

/** Ends programs, with those that they have started. */
function stop(programs) {
  for (const child of programs) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL"); // It has ended by itself, or the system has no groups of processes.
    }
  }
  programs.clear();
}

const open = new Set();

/** If this process ends early, so does what it has started. */
export function stopAtEnd() {
  process.once("exit", () => open.forEach((app) => app.stop()));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
}

/** An installed app, and the exchange to which it sends its requests. */
export class App {
  #server;
  #seen = 0;
  #started = new Set();

  constructor(folder, node, exchange, server, env) {
    Object.assign(this, { folder, node, exchange, env });
    this.#server = server;
    open.add(this);
  }

  /** Starts an exchange and gives the app a key with two-factor authentication. */
  static async open(folder, node) {
    const exchange = new Exchange({ balances: { ZUSD: "100000" } });
    const server = await exchange.listen();
    const { key, secret, setupKey } = exchange.addKey({ otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
    const env = { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_OTP_SETUP_KEY: setupKey, KRAKEN_URL: server.url };
    return new App(folder, node && App.program(node), exchange, server, env);
  }

  /** Returns the program of a version of Node: the one that runs this, or the one of the tests' npm packages. */
  static program(major) {
    const own = Number(process.versions.node.split(".")[0]) === major;
    return own ? process.execPath : path(`tests/node_modules/node${major}/bin/node`);
  }

  /** Returns why a version of Node is not there, or undefined. */
  static lacking(major) {
    if (!major || existsSync(App.program(major))) return undefined;
    return `it needs Node ${major}. The one that runs this is ${process.version}, and npm has Node ${major} for Linux on x64 only`;
  }

  /** Returns a path in the folder of the app. */
  path(...parts) {
    return join(this.folder, ...parts);
  }

  #environment(more) {
    const { PATH, NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...rest } = process.env;
    const programs = this.node ? `${dirname(this.node)}${delimiter}${PATH}` : PATH;
    return { ...rest, ...QUIET, PATH: programs, ...this.env, ...more };
  }

  /** Runs a program to its end; returns its output. */
  async run(program, args, { env, cwd = this.folder } = {}) {
    const options = { cwd, env: this.#environment(env), timeout: 5 * MINUTES, maxBuffer: 1 << 26 };
    try {
      const { stdout, stderr } = await promisify(execFile)(program, args, options);
      return stdout + stderr;
    } catch (error) {
      throw new Error(`${program} ${args.join(" ")} failed (${error.code ?? error.signal}):\n${error.stdout}\n${error.stderr}`);
    }
  }

  /** Runs a script of an installed package with the app's version of Node. */
  script(name, args, options) {
    return this.run(this.node, [this.path("node_modules", name), ...args], options);
  }

  /** Starts a server, waits for the line that says where it listens, and returns its URL. */
  start(program, args, { env, cwd = this.folder } = {}) {
    const child = spawn(program, args, { cwd, env: this.#environment(env), detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#started.add(child);
    let printed = "";
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${program} ${args.join(" ")} ${why}:\n${printed}`));
      const timer = setTimeout(() => fail("did not start"), 2 * MINUTES);
      const read = (chunk) => {
        printed += chunk;
        const [url] = printed.match(/http:\/\/(?:localhost|127\.0\.0\.1):\d+(?=\D)/) ?? [];
        if (url) resolve(url.replace("localhost", "127.0.0.1"));
      };
      child.stdout.setEncoding("utf8").on("data", read);
      child.stderr.setEncoding("utf8").on("data", read);
      child.once("error", reject);
      child.once("exit", (code) => fail(`ended with ${code} before it listened`));
      child.once("exit", () => clearTimeout(timer));
    });
  }

  /** Asks a server of the app for its answer, and verifies it. */
  async ask(url) {
    const response = await fetch(url, { method: "POST", signal: AbortSignal.timeout(MINUTES) });
    const text = await response.text();
    assert.equal(response.status, 200, `${url} answered ${response.status}: ${text}`);
    this.#verify(JSON.parse(text));
  }

  /** Returns the private calls that the exchange has executed. */
  #calls() {
    return this.exchange.executions.filter(({ endpoint }) => endpoint !== "Ticker");
  }

  /** Verifies an app's answers: the balance and the order of the exchange, which has accepted exactly two signatures with their codes for each. */
  #verify(...answers) {
    const executions = this.#calls().slice(this.#seen);
    this.#seen += executions.length;
    assert.deepEqual(
      executions.map(({ endpoint }) => endpoint),
      answers.flatMap(() => ["Balance", "AddOrder"]),
    );
    for (const [index, { balance, order }] of answers.entries()) {
      const { did } = executions[2 * index + 1];
      assert.equal(Number(balance.ZUSD), 100000);
      assert.match(order, /^O[A-Z0-9-]+$/);
      assert.ok(did.includes(order), `${did} is not ${order}`);
    }
  }

  /** Verifies the answers in the output of a program, which prints each as `answer: {…}` on a line of its own. */
  verifyAnswers(output, count = 1) {
    const answers = [...output.matchAll(/answer: (\{.*\})/g)].map(([, answer]) => JSON.parse(answer));
    assert.equal(answers.length, count, `expected ${count} answers in the output:\n${output}`);
    this.#verify(...answers);
  }

  /** Fails if nothing was verified. */
  ensureUsed() {
    assert.ok(this.#seen > 0, "the app has made no call");
    assert.equal(this.#calls().length, this.#seen, "the app has made calls that were not verified");
  }

  /** Ends the servers that were started. */
  stop() {
    stop(this.#started);
  }

  async close() {
    this.stop();
    open.delete(this);
    await this.#server.close();
  }
}

/** Writes the app's environment to the file from which wrangler reads secrets in development. */
export function writeVariables(app) {
  const lines = Object.entries(app.env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  writeFileSync(app.path(".dev.vars"), lines.join(""));
}

/** Copies of the signer's binary in built files: in files of their own, and as base64 in scripts. */
export function copies(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => !/(^|[\\/])node_modules[\\/]/.test(name));
  const scripts = names.filter((name) => /\.[cm]?js$/.test(name)).map((name) => readFileSync(join(folder, name), "utf8"));
  const files = names.filter((name) => /\.wasm$/.test(name)).length;
  return { files, embedded: scripts.join().split("AGFzbQEAAAA").length - 1 };
}
