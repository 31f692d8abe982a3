// A request out of a HAR file, as browsers and proxies save it.
import type { Captured } from "./captured.js";
import { UsageError } from "./exit.js";

interface Entry extends Captured {
  readonly number: number;
  readonly signed: boolean;
  /** Whether the answer, where it was saved, speaks of the signature. */
  readonly refused: boolean;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : [];
const objectOf = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" ? (value as Record<string, unknown>) : {};

function entriesOf(har: unknown): Entry[] {
  return listOf(objectOf(objectOf(har).log).entries).map((entry, index) => {
    const { method, url, headers, postData } = objectOf(entry.request);
    const pairs = listOf(headers).map(({ name, value }): [string, string] => [textOf(name), textOf(value)]);
    const { text, encoding } = objectOf(objectOf(entry.response).content);
    const answer = encoding === "base64" ? Buffer.from(textOf(text), "base64").toString() : textOf(text);
    return {
      number: index + 1,
      method: textOf(method),
      url: textOf(url),
      headers: pairs,
      body: textOf(objectOf(postData).text),
      signed: pairs.some(([name]) => /^(api-sign|authent)$/i.test(name)),
      refused: /Invalid signature|authenticationError/.test(answer),
    };
  });
}

/**
 * The entry that was asked for, or else the one that it must be: the only one with a signature, or the only one that was refused for it.
 *
 * @param number from 1
 */
export function requestOfHar(har: unknown, number: string | undefined): Captured {
  const entries = entriesOf(har);
  if (!entries.length) throw new UsageError("The HAR file has no entries.");
  if (number !== undefined) {
    const entry = entries[Number(number) - 1];
    if (!entry || !/^\d+$/.test(number)) throw new UsageError(`--entry: the HAR file has the entries 1 to ${entries.length}.`);
    return entry;
  }
  const signed = entries.filter((entry) => entry.signed);
  const refused = signed.filter((entry) => entry.refused);
  const candidates = refused.length ? refused : signed;
  if (!candidates.length) throw new UsageError("No entry of the HAR file has an API-Sign or Authent header.");
  if (candidates.length === 1) return candidates[0]!;
  const lines = candidates.slice(-20).map((entry) => `  ${entry.number}  ${entry.method} ${entry.url.replace(/\?.*/s, "")}`);
  throw new UsageError(`Several entries are signed: choose one with --entry.\n${lines.join("\n")}`);
}
