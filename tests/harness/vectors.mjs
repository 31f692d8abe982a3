// The files of `tests/vectors` that every runtime is tested with.
import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

export const vectors = { kraken: read("kraken"), otp: read("otp"), refusals: read("refusals") };
