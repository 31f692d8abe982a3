// The page about the command line: each example prints what the page shows, at the exchange that the page names.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder, key, lacking, pathWithProgram, run, start, until } from "./helper.mjs";

key(); // something that must not be printed
const page = readFileSync(new URL("../../pkg-template/docs/command-line.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```sh\n([^`]*)^```\n\n```text\n([^`]*)^```$/gm)].map(([, command, shown]) => ({ command, shown }));

const exchange = {};
before(async () => {
  const { child, done } = start(["exchange", "--json", "--seed", "7"]);
  let out = "";
  child.stdout.on("data", (data) => (out += data));
  await until(() => out.includes("\n"), "it listens");
  Object.assign(exchange, { child, done, ...JSON.parse(out) });
  const [, rejected] = /^```json\n(.*?)^```$/ms.exec(page);
  writeFileSync(join(folder, "rejected.json"), rejected);
});

after(async () => {
  exchange.child.kill();
  await exchange.done;
});

/** Whether an output is that which the page shows, where "…" stands for any text. */
function isLike(output, shown) {
  const parts = shown.trimEnd().split("…");
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]*")}$`).test(output.trimEnd());
}

test("every example prints what the page shows", { skip: lacking("bash"), timeout: 120_000 }, async () => {
  assert.equal(examples.length, 8);
  const env = { PATH: pathWithProgram, KRAKEN_KEY: exchange.spot.key, KRAKEN_SECRET: exchange.spot.secret };
  for (const { command, shown } of examples) {
    const script = command
      .replaceAll(/(npx |node_modules\/\.bin\/)kraken-signer/g, "kraken-signer")
      .replace(/kraken-signer (check|call)/g, `$& --base-url ${exchange.url}`);
    const { out, err } = await run(["-c", script], { runtime: ["bash"], env });
    assert.ok(isLike(out, shown), `${command}printed:\n${out}${err}\nThe page shows:\n${shown}`);
  }
});

test("the code of the second factor has six digits", { skip: lacking("bash") }, async () => {
  const { command } = examples.find(({ command }) => command.includes(" totp"));
  const { out } = await run(["-c", command.replace("npx ", "")], { runtime: ["bash"], env: { PATH: pathWithProgram } });
  assert.match(out, /^\d{6}\n$/);
});

test("the first guide shows the keys of the exchange that it starts", async () => {
  const guide = readFileSync(new URL("../../pkg-template/docs/start.md", import.meta.url), "utf8");
  const [, options] = /npx kraken-signer exchange --port \d+ (.*)/.exec(guide);
  const { child, done } = start(["exchange", "--json", ...options.split(" ")]);
  let out = "";
  child.stdout.on("data", (data) => (out += data));
  await until(() => out.includes("\n"), "it listens");
  const { spot } = JSON.parse(out);
  child.kill();
  await done;
  const shown = Object.fromEntries([...guide.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
  assert.deepEqual([shown.KRAKEN_KEY, shown.KRAKEN_SECRET, shown.KRAKEN_OTP_SETUP_KEY], [spot.key, spot.secret, spot.setupKey]);
});

test("the page has a section for every command", async () => {
  const { out } = await run(["--help"]);
  const [, list] = /\nCommands\n([^]*?)\n\n/.exec(out);
  for (const [, name] of list.matchAll(/^ {2}(\w+) /gm)) assert.match(page, new RegExp(`^## ${name}\\b`, "m"), name);
});

test("every command in the guides and the README exists, and has the options that they use", async () => {
  const docs = new URL("../../pkg-template/docs/", import.meta.url);
  const documents = [...readdirSync(docs).filter((name) => name.endsWith(".md")), "../../README.md"];
  const used = new Map();
  for (const name of documents)
    for (const [, command, rest] of readFileSync(new URL(name, docs), "utf8").matchAll(/(?:npx |\.bin\/)kraken-signer (\w+)([^\n`|#]*)/g)) {
      const options = used.get(command) ?? used.set(command, new Set()).get(command);
      for (const [option] of rest.matchAll(/(?<= )--[\w-]+/g)) options.add(`${name}: ${option}`);
    }
  assert.ok(used.size >= 7 && [...used.values()].some((options) => options.size > 5), "there is something to look at");
  for (const [command, options] of used) {
    const { code, out } = await run([command, "--help"]);
    assert.equal(code, 0, command);
    const unknown = [...options].filter((option) => !new RegExp(`${option.split(": ")[1]}\\b`).test(out));
    assert.deepEqual(unknown, [], command);
  }
});

// npx and npm end at a signal as if nothing had been sent, while the command may go on.
test("no example that reads an exit code gets it through npx", () => {
  const scripts = examples.filter(({ command }) => command.includes("$?"));
  assert.ok(scripts.length, "there is something to look at");
  for (const { command } of scripts) assert.doesNotMatch(command, /\bnpx\b/);
});

test("the page and --help list the same exit codes", async () => {
  const { out } = await run(["--help"]);
  const [, list] = /\nExit codes\n([^]*?)\n\n/.exec(out);
  const codes = [...list.matchAll(/^ {2}(\d+) /gm)].map(([, code]) => code);
  const [, table] = /\n## Exit codes\n([^]*?)\n\nAfter/.exec(page);
  assert.deepEqual(
    table.match(/^\| [\d, ]+ \|/gm).flatMap((cell) => cell.match(/\d+/g)),
    codes,
  );
});
