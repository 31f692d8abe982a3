// When it cannot write: the exit code says what happened to the call, and whatever stream is left says the rest.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { base, exchange, folder, key, lacking, program, run, start } from "./helper.mjs";

const { env } = key({ name: "bot" });
const cancelAll = ["call", "CancelAll", "--yes", ...base];
const order = ["call", "AddOrder", "pair=XBTUSD", "type=buy", "ordertype=limit", "price=37500", "volume=0.1", "--yes", ...base];
const withdraw = ["call", "Withdraw", "asset=XBT", "key=x", "amount=1", "--yes", ...base];
const executed = (endpoint) => exchange.executions.filter((one) => one.endpoint === endpoint).length;
const noDevFull = !existsSync("/dev/full") && "there is no /dev/full";

/** Runs it in a shell, with its streams redirected. */
const shell = (redirection, args, options = {}) =>
  run(args, { env, ...options, runtime: ["bash", "-c", `exec "$0" "$@" ${redirection}`, program] });

describe("standard output", { skip: noDevFull || lacking("bash") }, () => {
  test("a full disk after a write ends with 0, with the nonce and the answer on standard error", async () => {
    const before = executed("CancelAll");
    const { code, out, err } = await shell("> /dev/full", cancelAll);
    assert.deepEqual([code, out, executed("CancelAll")], [0, "", before + 1]);
    assert.match(err, /^kraken-signer: CancelAll was carried out, .* not printed in full\. Do not send it again\.\n/);
    assert.match(err, /\nwhy +standard output cannot be written \(ENOSPC\)\.\nnonce +\d{13}\nKraken answered:\n +count +\d+\n$/);
  });

  test("with --json, the last line of standard error contains nonce and answer", async () => {
    const { code, err } = await shell("> /dev/full", [...order, "--json"]);
    const { error } = JSON.parse(err.trimEnd().split("\n").at(-1));
    const { params } = exchange.executions.at(-1);
    const [, nonce] = /nonce=(\d{13})&/.exec(exchange.requests.at(-1).body);
    assert.deepEqual([code, error.code, error.endpoint], [0, "ERR_OUTPUT", "AddOrder"]);
    assert.deepEqual([error.nonce, error.names], [nonce, [params.cl_ord_id]]);
    assert.match(error.result.orderId, /^O/);
  });

  test("if the reader is gone after a write, standard error reports the write", async () => {
    const { child, done } = start(order, { env });
    child.stdout.destroy();
    const { code, err } = await done;
    assert.equal(code, 0);
    assert.match(err, /AddOrder was carried out[^]+\(EPIPE\)[^]+nonce +\d{13}[^]+orderId +O/);
  });

  test("if the reader is gone and nothing was changed, this is not an error", async () => {
    for (const args of [["call", "Ledgers", ...base], ["--help"], ["completion", "bash"]]) {
      const { child, done } = start(args, { env });
      child.stdout.destroy();
      const { code, err } = await done;
      assert.deepEqual([code, err], [0, ""]);
    }
  });

  test("a closed standard output after a write ends with 0", async () => {
    const before = executed("CancelAll");
    assert.equal((await shell(">&-", cancelAll)).code, 0);
    assert.equal(executed("CancelAll"), before + 1);
  });

  test("a result that cannot be written ends with 4 if nothing was changed", async () => {
    for (const args of [
      ["call", "Balance", ...base],
      ["check", ...base],
      ["sign", "Balance"],
      ["nonce"],
      ["nonce", "--explain", "17"],
      ["completion", "zsh"],
      ["--help"],
      ["--version"],
      ["call", "--help"],
    ]) {
      const { code, err } = await shell("> /dev/full", args);
      assert.equal(code, 4, args.join(" "));
      assert.match(err, /standard output cannot be written \(ENOSPC\)\. Nothing was (sent|changed)\.\n$/);
    }
  });

  test("a file that accepts only a part of the result is an error", async () => {
    // Of each file that this shell's children write, 1024 bytes are kept.
    const { code, err } = await run(["completion", "bash"], {
      runtime: ["bash", "-c", 'ulimit -f 1; exec "$0" "$@" > part', program],
    });
    assert.equal(readFileSync(join(folder, "part")).length, 1024);
    assert.equal(code, 4, err);
    assert.match(err, /EFBIG/);
  });
});

describe("standard error", { skip: noDevFull || lacking("bash") }, () => {
  for (const [what, redirection] of [
    ["full", "2> /dev/full"],
    ["closed", "2>&-"],
  ]) {
    test(`${what}: an unknown outcome is reported on standard output and ends with 3`, async () => {
      exchange.inject({ fault: "reset", when: "before", endpoint: "Withdraw" });
      const { code, out } = await shell(redirection, withdraw);
      assert.equal(code, 3);
      // Node puts /dev/null in the place of a closed stream, to which everything can be written.
      if (what === "full") assert.match(out, /^UNKNOWN OUTCOME: Withdraw[^]+nonce +\d{13}[^]+WithdrawStatus/);
    });

    test(`${what}: a write that was carried out ends with 0, even with --verbose`, async () => {
      const { code, out } = await shell(redirection, [...cancelAll, "--verbose"]);
      assert.equal(code, 0);
      assert.match(out, /^count +\d+\n$/);
    });
  }

  test("if its reader is gone, an unknown outcome is reported on standard output", async () => {
    exchange.inject({ fault: "reset", when: "before", endpoint: "Withdraw" });
    const { child, done } = start([...withdraw, "--json"], { env });
    child.stderr.destroy();
    const { code, out } = await done;
    assert.equal(code, 3);
    assert.match(JSON.parse(out).error.nonce, /^\d{13}$/);
  });
});

describe("both streams", { skip: noDevFull || lacking("bash") }, () => {
  for (const redirection of ["> /dev/full 2> /dev/full", ">&- 2>&-", "> /dev/full 2>&1"])
    test(`${redirection}: the exit code is still right`, async () => {
      assert.equal((await shell(redirection, cancelAll)).code, 0);
      exchange.inject({ fault: "reset", when: "before", endpoint: "Withdraw" });
      assert.equal((await shell(redirection, withdraw)).code, 3);
      exchange.inject({ fault: "error", error: "EFunding:Unknown withdraw key", endpoint: "Withdraw" });
      assert.equal((await shell(redirection, withdraw)).code, 1);
      assert.equal((await shell(redirection, ["call", "Withdraw"])).code, 2);
    });

  test("if both readers are gone, the exit code is still right", async () => {
    for (const [args, expected] of [
      [cancelAll, 0],
      [withdraw, 3],
    ]) {
      if (expected === 3) exchange.inject({ fault: "reset", when: "before", endpoint: "Withdraw" });
      const { child, done } = start(args, { env });
      child.stdout.destroy();
      child.stderr.destroy();
      assert.equal((await done).code, expected);
    }
  });
});

describe("--output", { skip: lacking("bash") }, () => {
  test("a full disk during a read ends with 4 and leaves no partial file", async () => {
    exchange.inject({ fault: "body", body: `PK${"x".repeat(5000)}`, contentType: "application/octet-stream", endpoint: "RetrieveExport" });
    const { code, err } = await run(["call", "RetrieveExport", "id=1", "--output", "half.zip", ...base], {
      env,
      runtime: ["bash", "-c", 'ulimit -f 1; exec "$0" "$@"', program],
    });
    assert.equal(code, 4, err);
    assert.match(err, /^kraken-signer: half\.zip cannot be written \(EFBIG\)\. Nothing was changed\.\n$/);
    assert.ok(!existsSync(join(folder, "half.zip")));
  });
});

describe("bugs in the program", () => {
  const preload = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return { env: { ...env, NODE_OPTIONS: `--import=file://${path}` } };
  };

  test("a bug after sending a write ends with 3, never with 1, and reports the nonce", async () => {
    // Thrown where nobody can catch it, while the order is on its way.
    const broken = preload(
      "throw.mjs",
      `const send = fetch; globalThis.fetch = (...args) => { setTimeout(() => { throw new Error(process.env.KRAKEN_SECRET); }); return send(...args); };`,
    );
    exchange.inject({ fault: "delay", when: "after", ms: 2000, endpoint: "CancelAll" });
    const { code, err } = await run(cancelAll, broken);
    assert.equal(code, 3);
    assert.match(err, /^UNKNOWN OUTCOME: CancelAll[^]+bug in kraken-signer \(Error[^]+nonce +\d{13}/);
  });

  test("process.exit() after sending a write ends with 3, and after the answer with 0", async () => {
    const broken = preload("exit.mjs", `globalThis.fetch = () => { setTimeout(() => process.exit()); return new Promise(() => {}); };`);
    assert.equal((await run(cancelAll, broken)).code, 3);
    // When it is known to have been carried out, it ends with 0.
    assert.equal((await run(cancelAll, preload("print.mjs", `process.stdout.write = () => process.exit();`))).code, 0);
  });

  test("an empty event loop after sending a write ends with 3, not with 0", async () => {
    const broken = preload("silence.mjs", `globalThis.fetch = () => new Promise(() => {}); globalThis.setTimeout = () => ({});`);
    const { code, err } = await run(cancelAll, broken);
    assert.equal(code, 3);
    assert.match(err, /^UNKNOWN OUTCOME: CancelAll/);
  });
});
