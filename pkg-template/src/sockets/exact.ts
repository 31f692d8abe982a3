/** A string, or a number. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON, with each number as the text that was sent: `0.10000000` becomes `"0.10000000"`, where `JSON.parse` would have 0.1. The text has to
 * be JSON.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(text.replace(TOKENS, (token) => (token[0] === '"' ? token : `"${token}"`)));
}
