import type { KeyReport } from "../rest/key-report.js";
import { command } from "./command.js";
import { SENDING_OPTIONS, connect } from "./connection.js";
import { EXIT } from "./exit.js";
import { type Io, aligned, printable } from "./io.js";
import { describe } from "./nonce-units.js";

export const check = command({
  name: "check",
  summary: "show whether a key works, what it may do and what looks wrong",
  about:
    "Asks Kraken about the key in one call that changes nothing. Exits with 1 if Kraken rejects the key, anything about it looks wrong, or a permission is missing.",
  options: [
    { name: "futures", help: "the key belongs to Kraken Futures" },
    { name: "for", value: "ENDPOINTS", help: "say what is missing to call these, such as AddOrder,Withdraw" },
    ...SENDING_OPTIONS,
  ],
  examples: [
    ["check", "the key in KRAKEN_KEY and KRAKEN_SECRET"],
    ["check --secret-file ~/.kraken/secret --key AbCd…", "another key"],
    ["check --for AddOrder,Withdraw", "whether the key may trade and withdraw, and which permissions neither needs"],
    ["check --futures --json", "a Futures key, for a script"],
  ],
  shape:
    "{ works, error?, keyEnding?, name?, permissions, nonce?, nonceWindow?, created?, expires?, ipAllowlist, endpoints, warnings, missing?, unneeded? }; missing: [{ endpoint, lacks, message }]; error: { errors, kind, hint }",
  async run(io, values) {
    const names = values.for?.split(",").map((name) => name.trim());
    const report = await connect(io, { futures: values.futures, endpoint: "GetApiKeyInfo", write: false }, values, (client, options) =>
      client.check({ ...options, for: names }),
    );
    if (io.json) {
      const { error, ...rest } = report;
      io.printJson({ ...rest, ...(error && { error: { errors: error.errors, kind: error.kind, hint: error.hint } }) });
    } else io.print(described(io, report));
    return report.works && !report.warnings.length && !report.missing?.length ? EXIT.done : EXIT.wrong;
  },
});

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
  if (!works) return `${style.red("The key does not work:")} ${printable(error?.errors.join(", ") ?? "")}\n${warnings.join("\n")}`;
  const day = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? "never";
  const rows: [string, string][] = [
    ["permissions", wrapped(permissions) || "none"],
    ...(nonce === undefined
      ? []
      : ([["last nonce", nonce === "0" ? "none yet" : `${nonce}, ${describe(nonce, Date.now())}`]] as [string, string][])),
    ...(nonceWindow === undefined ? [] : ([["nonce window", nonceWindow]] as [string, string][])),
    ...(created ? ([["created", day(created)]] as [string, string][]) : []),
    ["expires", day(expires)],
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
