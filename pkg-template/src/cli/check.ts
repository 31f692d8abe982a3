import type { KeyReport } from "../rest/key-report.js";
import { type Option, type Values, command } from "./command.js";
import { KrakenError } from "../errors.js";
import type { Credential } from "../rest/credentials.js";
import { SENDING_OPTIONS, connect, credentialOf } from "./connection.js";
import { EXIT, UsageError } from "./exit.js";
import { moreOf } from "./failure.js";
import { type Io, aligned, printable } from "./io.js";
import { explainNonce } from "../inspect/index.js";

const OPTIONS = [
  { name: "futures", help: "the key belongs to Kraken Futures" },
  { name: "for", value: "ENDPOINTS", help: "say what is missing to call these, such as AddOrder,Withdraw" },
  ...SENDING_OPTIONS,
] as const satisfies readonly Option[];

export const check = command({
  name: "check",
  summary: "show whether a key works, what it may do and what looks wrong",
  about:
    "Asks Kraken about the key in one call that changes nothing. If Kraken does not know the key, asks the other product, Spot or Futures, too. Exits with 1 if Kraken rejects the key, anything about it looks wrong, or a permission is missing.",
  options: OPTIONS,
  examples: [
    ["check", "the key in KRAKEN_KEY and KRAKEN_SECRET"],
    ["check --secret-file ~/.kraken/secret --key AbCd…", "another key"],
    ["check --for AddOrder,Withdraw", "whether the key may trade and withdraw, and which permissions neither needs"],
    ["check --futures --json", "a Futures key, for a script"],
  ],
  shape:
    "{ works, error?, keyEnding?, name?, permissions, nonce?, nonceWindow?, created?, expires?, queryFrom?, queryTo?, ipAllowlist, endpoints, warnings, missing?, unneeded? }; missing: [{ endpoint, lacks, message }]; error: { errors, kind, hint }",
  async run(io, values) {
    const names = values.for?.split(",").map((name) => name.trim());
    const credential = await credentialOf(io, values.futures, values);
    const called = { futures: values.futures, endpoint: "GetApiKeyInfo", write: false, credential };
    const first = await connect(io, called, values, (client, options) => client.check({ ...options, for: names }));
    const report = first.error?.kind === "key" ? await withOtherProduct(io, values, credential, first) : first;
    if (io.json) {
      const { error, ...rest } = report;
      io.printJson({ ...rest, ...(error && { error: { errors: error.errors, kind: error.kind, hint: error.hint } }) });
    } else io.print(described(io, report));
    return report.works && !report.warnings.length && !report.missing?.length ? EXIT.done : EXIT.wrong;
  },
});

/** Adds whether the other product knows a key that this one does not know. */
async function withOtherProduct(
  io: Io,
  { for: _, futures, ...values }: Values<typeof OPTIONS>,
  { otp, ...credential }: Credential,
  report: KeyReport,
): Promise<KeyReport> {
  const called = { futures: !futures, endpoint: "GetApiKeyInfo", write: false, credential };
  try {
    const { works, error } = await connect(io, called, values, (client, options) => client.check(options));
    const [other, fix] = futures
      ? ["Spot", "leave out --futures, and set KRAKEN_KEY and KRAKEN_SECRET"]
      : ["Futures", "add --futures, and set KRAKEN_FUTURES_KEY and KRAKEN_FUTURES_SECRET"];
    // Futures has one error for an unknown key and for a wrong signature.
    const isKnown = works || error?.kind !== "key";
    const warning = isKnown ? `Kraken ${other} knows this key: ${fix}.` : `Kraken ${other} does not accept it either.`;
    return { ...report, warnings: [...report.warnings, warning] };
  } catch (error) {
    // Without an answer, the report stays as it is. An address may belong to one product alone.
    if (error instanceof KrakenError || error instanceof UsageError) return report;
    throw error;
  }
}

function described({ style }: Io, report: KeyReport): string {
  const {
    works,
    error,
    name,
    permissions,
    nonce,
    nonceWindow,
    created,
    expires,
    ipAllowlist,
    endpoints,
    warnings,
    missing = [],
    unneeded,
  } = report;
  if (!works) {
    // For an unknown key, the other product was asked.
    const more = error && error.kind !== "key" ? moreOf(error, false) : undefined;
    return [`${style.red("The key does not work:")} ${printable(error?.errors.join(", ") ?? "")}`, ...warnings, more]
      .filter(Boolean)
      .join("\n");
  }
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const rows: [string, string][] = [
    ["permissions", wrapped(permissions) || "none"],
    ...(nonce === undefined ? [] : ([["last nonce", nonce === "0" ? "none yet" : `${nonce}, ${describe(nonce)}`]] as [string, string][])),
    ...(nonceWindow === undefined ? [] : ([["nonce window", nonceWindow]] as [string, string][])),
    ...(created ? ([["created", day(created)]] as [string, string][]) : []),
    // If Kraken says that the key never expires, a warning does. Futures says nothing of it.
    ...(expires ? ([["expires", day(expires)]] as [string, string][]) : []),
    ["addresses", ipAllowlist.join(", ") || "any"],
    ...(unneeded ? ([["not needed", wrapped(unneeded) || "none"]] as [string, string][]) : []),
    ["can call", wrapped(endpoints) || "no endpoint that this version knows"],
  ];
  const title = name === undefined ? "The key works." : `The key “${name}” works.`;
  return [
    ...warnings.map((warning) => style.yellow(`! ${warning}`)),
    ...missing.map(({ message }) => style.red(printable(`! ${message}`))),
    ...(warnings.length || missing.length ? [""] : []),
    style.green(printable(title)),
    "",
    printable(aligned(rows)),
  ].join("\n");
}

/** Describes the highest nonce of a key in one line. */
function describe(nonce: string): string {
  const [reading] = /^\d+$/.test(nonce) ? explainNonce(nonce).likely : [];
  return reading ? `${reading.title}: ${reading.date}` : "not a sensible time in any known unit";
}

/** Joins names into lines of about 80 characters. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 78) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(name);
  }
  return lines.join("\n");
}
