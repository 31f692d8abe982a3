// Two-factor codes with a countdown.
import type { Totp as Codes } from "kraken-signer";
import type { OtpauthReport } from "kraken-signer/inspect";
import { byId, element } from "./dom";
import { Totp, parseOtpauth } from "./library";

/** The test key of RFC 6238. */
const EXAMPLE = "otpauth://totp/Kraken:example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kraken";

const input = byId<HTMLInputElement>("setup-key");
const ring = document.querySelector<SVGCircleElement>("#ring .left");
let totp: Codes | undefined;
/** How long a code is valid, in seconds. */
let period = 30;

export function start(): void {
  input.addEventListener("input", readKey);
  byId("setup-example").addEventListener("click", example);
}

/** Fills in the example key. */
export function example(): void {
  input.value = EXAMPLE;
  readKey();
}

/** Clears the key. */
export function clear(): void {
  input.value = "";
  readKey();
}

/** Shows the codes for a time. */
export function tick(now: number): void {
  byId("codes").hidden = totp === undefined;
  if (!totp) return;
  const left = totp.remaining(now);
  const seconds = Math.ceil(left / 1000);
  byId("code-now").textContent = grouped(totp.code(now));
  byId("code-before").textContent = now < period * 1000 ? "none" : grouped(totp.code(now - period * 1000));
  byId("code-after").textContent = grouped(totp.code(now + period * 1000));
  byId("seconds").textContent = String(seconds);
  byId("codes").classList.toggle("ending", seconds <= 5);
  // The ring has a path length of 100. It jumps to full without an animation.
  ring?.classList.toggle("full", seconds === period);
  ring?.setAttribute("stroke-dashoffset", String(100 - (100 * seconds) / period));
}

/** Reads the URI or setup key in the field. */
function readKey(): void {
  totp?.free();
  totp = undefined;
  const text = input.value.trim();
  const isUri = /^otpauth(-migration)?:/i.test(text);
  const report = isUri ? parseOtpauth(text) : undefined;
  let problem = "";
  try {
    if (text) totp = new Totp(text);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  period = report?.period ?? 30;
  byId("setup-note").textContent = report ? "" : problem;
  byId("uri").replaceChildren(...(report ? described(report) : []));
  tick(Date.now());
}

function described({
  type,
  issuer,
  account,
  algorithm,
  digits,
  period,
  keyLength,
  usable,
  kraken,
  accounts,
  problems,
}: OtpauthReport): Node[] {
  const notes = problems.map((problem) => element("p", { class: "problem" }, problem));
  if (accounts)
    return [element("ul", {}, ...accounts.map((one) => element("li", {}, [one.issuer, one.account].filter(Boolean).join(": ")))), ...notes];
  // Nothing is known of an export that cannot be read.
  if (type === "migration") return notes;
  const rows: [string, string | undefined][] = [
    ["Issuer", issuer],
    ["Account", account || undefined],
    ["Type", type || undefined],
    ["Codes", digits && period ? `${digits} digits, ${period} seconds, ${algorithm}` : algorithm],
    ["Setup key", keyLength === undefined ? undefined : `${keyLength} bytes`],
    // Before a URI can be read, nothing is known of its codes.
    ["Kraken", usable ? (kraken ? "accepts codes of this kind" : "does not issue keys of this kind") : undefined],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const list = element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  return [list, ...notes];
}

/** Splits a code into two groups of digits. */
const grouped = (code: string): string => `${code.slice(0, Math.ceil(code.length / 2))} ${code.slice(Math.ceil(code.length / 2))}`;
