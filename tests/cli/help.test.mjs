// Help, parsing and completion say the same.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { folder, json, key, lacking, run } from "./helper.mjs";

key(); // something that must not be printed
const COMMANDS = ["check", "call", "sign", "totp", "nonce", "investigate", "exchange", "completion"];
const helps = Object.fromEntries(await Promise.all(COMMANDS.map(async (name) => [name, await run([name, "--help"])])));

/** The options in a help text: name, value. */
const optionsOf = (name) => {
  const [, section] = /\nOptions\n([^]+?)\n\n/.exec(helps[name].out);
  return [...section.matchAll(/^ {2}--([\w-]+)(?: ([A-Z]+|\S+\|\S+))?/gm)].map(([, option, value]) => ({ option, value }));
};
const all = [...new Set(COMMANDS.flatMap((name) => optionsOf(name).map(({ option }) => option)))];

test("the help lists every command and can be called in every way", async () => {
  const { code, out } = await run(["--help"]);
  assert.equal(code, 0);
  const [, section] = /\nCommands\n([^]+?)\n\n/.exec(out);
  assert.deepEqual(
    [...section.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name),
    COMMANDS,
  );
  for (const args of [["help"], ["-h"]]) assert.equal((await run(args)).out, out);
  for (const args of [
    ["help", "call"],
    ["call", "-h"],
    ["--help", "call"],
    ["call", "Balance", "--yes", "--help"],
  ])
    assert.equal((await run(args)).out, helps.call.out);
});

test("the help of every command lists each exit code once", () => {
  for (const { out } of Object.values(helps)) {
    const [, section] = /\nExit codes\n([^]+)$/.exec(out);
    const codes = [...section.matchAll(/^ {2}(\d+) {2,}\S/gm)].map(([, code]) => Number(code));
    assert.deepEqual(codes, [0, 1, 2, 3, 4, 70, 129, 130, 143]);
  }
});

describe("commands", { concurrency: 4 }, () => {
  for (const name of COMMANDS) {
    test(`${name} accepts exactly the options in its help`, async () => {
      const { code, out, err } = helps[name];
      assert.deepEqual([code, err], [0, ""]);
      for (const line of out.split("\n")) assert.ok(line.length <= 130, line);
      const options = optionsOf(name);
      assert.ok(options.length >= 2);
      const given = options
        .filter(({ option }) => option !== "help")
        .flatMap(({ option, value }) => [`--${option}`, ...(value ? [value.split("|")[0]] : [])]);
      assert.equal((await run([name, ...given, "--help"])).out, out);
      const others = all.filter((option) => !options.some((one) => one.option === option));
      others.splice(2, others.length - 4, "unheard-of");
      for (const { code, err } of await Promise.all(others.map((option) => run([name, `--${option}`, "--help"])))) {
        assert.equal(code, 2);
        assert.match(err, new RegExp(`${name} has no --`));
      }
    });

    test(`${name} accepts the examples in its help`, async () => {
      const [, section] = /\nExamples\n([^]+?)\n\n/.exec(helps[name].out);
      const lines = [...section.matchAll(/^ {2}kraken-signer (.+)$/gm)].map(([, line]) => line);
      assert.ok(lines.length >= 1);
      for (const line of lines) {
        const args = line.replace(/ >+ .*/, "").split(" ");
        const { code, err } = await run([...args, "--help"]);
        assert.equal(code, 0, `${line}: ${err}`);
      }
    });
  }
});

describe("completion", () => {
  /** A shell's own answer to what can follow on a command line. */
  const shells = {
    bash(script, words) {
      const line = words.map((word) => `'${word}'`).join(" ");
      return `source '${script}'; complete -p kraken-signer >/dev/null || exit 9; COMP_WORDS=(kraken-signer ${line}); COMP_CWORD=${words.length}; _kraken_signer; printf '%s\\n' "\${COMPREPLY[@]}"`;
    },
    zsh(script, words) {
      const line = words.map((word) => `'${word}'`).join(" ");
      return [
        `autoload -U compinit; compinit -D -d '${join(folder, "zcompdump")}'; source '${script}'; [ "$_comps[kraken-signer]" = _kraken_signer ] || exit 9`,
        // What completion widgets would be told.
        `compadd() { shift; print -l -- "$@" }; _files() { print FILES }`,
        `words=(kraken-signer ${line}); CURRENT=${words.length + 1}; _kraken_signer`,
      ].join("\n");
    },
    fish: (script, words) => `source '${script}'; complete -C 'kraken-signer ${words.join(" ")}'`,
  };
  for (const [shell, program] of Object.entries(shells)) {
    describe(shell, { skip: lacking(shell) }, () => {
      const path = join(folder, `completion.${shell}`);
      before(async () => writeFileSync(path, (await run(["completion", shell])).out));
      const complete = (...words) => {
        const args = shell === "zsh" ? ["-f", "-c"] : shell === "bash" ? ["--norc", "-c"] : ["--no-config", "-c"];
        const env = { PATH: process.env.PATH, HOME: folder, LANG: "C" };
        const text = execFileSync(shell, [...args, program(path, words)], { cwd: folder, env, encoding: "utf8" });
        return text
          .split("\n")
          .map((line) => line.split("\t")[0])
          .filter(Boolean);
      };
      // zsh filters by itself what is typed already.
      const typed = (word, found) => found.filter((one) => one.startsWith(word)).sort();

      test("commands are completed", () => {
        assert.deepEqual(
          typed("", complete("")).filter((word) => !word.startsWith("-")),
          [...COMMANDS, "help"].sort(),
        );
        assert.deepEqual(typed("c", complete("c")), ["call", "check", "completion"]);
      });
      for (const name of COMMANDS)
        test(`the options of ${name} are completed`, () => {
          const expected = optionsOf(name).map(({ option }) => `--${option}`);
          assert.deepEqual(typed("--", complete(name, "--")), expected.sort());
        });
      test("endpoints, choices and files are completed", () => {
        assert.deepEqual(typed("AddO", complete("call", "AddO")), ["AddOrder", "AddOrderBatch"]);
        assert.deepEqual(typed("z", complete("completion", "z")), ["zsh"]);
        assert.deepEqual(typed("", complete("nonce", "--unit", "")), ["ms", "ns", "us"]);
        const files = complete("check", "--secret-file", "completion.");
        assert.ok(files.includes(shell === "zsh" ? "FILES" : `completion.${shell}`), files.join());
      });
    });
  }

  test("--json contains the same script", async () => {
    const { result } = await json(["completion", "fish"]);
    assert.equal(`${result.script}\n`, (await run(["completion", "fish"])).out);
  });
});
