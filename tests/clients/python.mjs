// Clients in Python, each a program of its own that is asked a line at a time.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Absent } from "./helper.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What `cargo xtask test clients` installed the clients into. */
export const PYTHON = ["bin/python", "Scripts/python.exe"].map((path) => here(`../../target/clients/python/${path}`)).find(existsSync);

/**
 * Starts a program of `programs`.
 * @param settings what it is given: `{ url, key, secret, … }`
 * @returns `ask(operation, ...args)`, which rejects as the client did, and `close()`
 */
export function startPython(program, settings) {
  const child = spawn(PYTHON, ["-W", "ignore", here(`programs/${program}.py`), JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = new Map();
  let ids = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, value, error, absent } = JSON.parse(line);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (absent !== undefined) reject(new Absent(absent));
    else if (error !== undefined) reject(new Error(error));
    else resolve(value);
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  ended.then((code) => waiting.forEach(({ reject }) => reject(new Error(`${program} ended with ${code}`))));
  return {
    ask(operation, ...args) {
      ids += 1;
      const answer = new Promise((resolve, reject) => waiting.set(ids, { resolve, reject }));
      child.stdin.write(JSON.stringify({ id: ids, do: operation, args }) + "\n");
      return answer;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
