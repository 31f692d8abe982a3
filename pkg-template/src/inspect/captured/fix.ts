// Reads the logon of FIX: the message itself, or as a log prints it, with other characters for the byte 0x01 that ends each field.
import type { Found, Header } from "./request.js";

const LOGON = /(?:^|\D|\\(?:x|u00|0)01)35=A(\x01|\||\^A|<SOH>|\\x01|\\u0001|\\001|\u2401|[ ;])/;

/** The tags that are signed, in their order. */
const SIGNED = ["35", "34", "49", "56", "553"];

/** The fields that correspond to the headers of a Futures request, whose scheme the logon has. */
const HEADERS = [
  ["Authent", "554"],
  ["APIKey", "553"],
  ["Nonce", "5025"],
] as const;

/** Returns the logons in a text, each in a line. */
export function logonsOf(text: string): Found[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const end = line.length < 10_000 ? LOGON.exec(line)?.[1] : undefined;
    return end ? [logonOf(line, end)] : [];
  });
}

function logonOf(line: string, end: string): Found {
  const fields = line.split(end).map((field) => /(?<!\d)(\d{1,5})=(.*)$/.exec(field)?.slice(1) ?? []);
  const value = (tag: string): string | undefined => fields.find(([known]) => known === tag)?.[1];
  const headers = HEADERS.flatMap(([name, tag]): Header[] => (value(tag) === undefined ? [] : [[name, value(tag)!]]));
  const body = SIGNED.filter((tag) => value(tag) !== undefined).map((tag) => `${tag}=${value(tag)}\x01`);
  const logon = fields.flatMap(([tag, text]) => (tag === undefined || tag === "554" ? [] : [`${tag}=${text}\x01`]));
  return { format: "fix", method: "LOGON", url: "", headers, body: body.join(""), sentBody: logon.join(""), isWhole: true };
}
