// All cases of broken signers, JavaScript's and Python's. As a program it prints them in JSON, for the Rust crate's own test.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cases } from "./broken.mjs";
import { moreCases } from "./kinds.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Each with its `input` for `investigate`, and the `mistakes` that it is. */
export function allCases() {
  const requests = JSON.parse(readFileSync(here("requests.json"), "utf8"));
  const python = ["broken.py", "kinds.py"].flatMap((program) => {
    const lines = execFileSync("python3", [here(program)], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    });
    return lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  });
  return [...cases(requests), ...python, ...moreCases(requests.key)];
}

if (process.argv[1] === here("cases.mjs")) console.log(JSON.stringify(allCases()));
