/**
 * Words that were decided against, each with the word to use. The glossary in `ARCHITECTURE.md` explains the terms.
 *
 * The test looks for a `word` in comments, messages, documents and identifiers; each part of a name such as `takeTurn` is a word. It looks for `prose` only in
 * comments, messages and documents, for a `name` only in identifiers, and for a `start` only at the beginning of comments.
 */
export const AGAINST = [
  { word: /\btickets?\b/i, use: "queue entry" },
  { name: /\bturns?\b/i, prose: /\b(?:a|the|its|his|their|whose|one's|no|next|two|has|had|gives?|takes?) turns?\b/i, use: "slot" },
  { word: /\bscratch\b/i, use: "buffer" },
  { word: /\bmarks?\b/i, use: "highest nonce, marker" },
  { word: /\bfaces?\b/i, use: "client, public API" },
  { word: /\bborders?\b/i, use: "boundary" },
  { word: /\brooms?\b/i, use: "module; space" },
  { word: /\bworlds?\b/i, use: "global scope" },
  { word: /\bpowers?\b|\bpowerful\b/i, use: "role; least privileged" },
  { name: /\bheld\b/i, use: "credential, location" },
  { word: /\brefusals?\b/i, prose: /\bKraken(?: \w+){0,2} refuse[sd]?\b/, use: "rejection: Kraken rejects, this package refuses" },
  { name: /\bwords\b/i, prose: /\b(?:in|of|with|own|its|Kraken's|these|those) words\b/i, use: "error strings, error patterns, texts" },
  { prose: /\b(?:take|takes|took|taken|taking) in\b/i, use: "absorb" },
  { word: /\bsight(?:s|ings?)?\b/i, use: "search result" },
  { word: /\bdesks?\b/i, use: "order API" },
  { word: /\bfaithful(?:ly)?\b/i, use: "sanitized" },
  { prose: /\bfor good\b/i, use: "permanently; cannot be changed" },
  { prose: /\b(?:whoever|nobody|somebody)\b/i, use: "the caller, the process, the request" },
  { start: /^(?:What|Who)\b/, use: "the noun, or a verb in the third person" },
];

/** Correct uses of such words, by file, each with its reason. */
export const EXCEPTIONS = {
  "pkg-template/docs/sharing-a-key.md": { power: "a machine loses electric power" },
  "pkg-template/docs/testing.md": { mark: "the mark price, Kraken's term" },
  "tests/client/MISTAKES.md": { mark: "a question mark in a URL" },
  "lane/thread.ts": { words: "32-bit words of memory" },
  "rest/futures/client.ts": { mark: "a question mark in a URL" },
  "rest/futures/endpoints/history.ts": { mark: "the mark price, Kraken's term" },
  "rest/futures/endpoints/market.ts": { mark: "the mark price, Kraken's term" },
  "rest/futures/endpoints/rfqs.ts": { mark: "the mark price, Kraken's term" },
  "rest/spot/client.ts": { mark: "a question mark in a URL" },
  "testing/futures/describe.ts": { mark: "the mark price, Kraken's term" },
  "testing/futures/history.ts": { mark: "the mark price, Kraken's term" },
  "testing/futures/public.ts": { mark: "the mark price, Kraken's term" },
  "testing/futures/stream-market.ts": { mark: "the mark price, Kraken's term" },
};
