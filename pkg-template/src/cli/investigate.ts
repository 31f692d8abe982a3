import { type Finding, type Language, investigate as search } from "../inspect/index.js";
import { type Captured, type Known, knownFrom, nonceIn, withoutOtp } from "./captured.js";
import { command } from "./command.js";
import { requestOfCurl } from "./curl.js";
import { EXIT, UsageError } from "./exit.js";
import { jsonOf, textOf, warnIfShared } from "./files.js";
import { requestOfHar } from "./har.js";
import { type Io, printable } from "./io.js";
import { SECRET_FILE, secretOf, secretVariable } from "./secrets.js";
import { unfinished } from "./shell.js";

export const investigate = command({
  name: "investigate",
  summary: "find the mistake behind an invalid signature",
  about:
    "Recomputes a signature that Kraken rejected with every combination of known mistakes, until one of them gives exactly that signature. " +
    "Takes a pasted curl command, an entry of a HAR file, or the JSON that investigate() of kraken-signer/inspect takes, and asks for what " +
    "is missing, such as the private key as your program has it. Without any of these, it asks for everything. Nothing is sent. Exits with " +
    "0 if the signature is correct, and with 1 if a mistake was found or no known one explains it.",
  options: [
    { name: "curl", value: "FILE", help: "a curl command in a file; - to paste it" },
    { name: "har", value: "FILE", help: "a HAR file, from a browser or a proxy" },
    { name: "entry", value: "N", help: "number of the entry, from 1; by default the one that Kraken rejected" },
    { name: "input", value: "FILE", help: "JSON: { api, path, signature, nonce?, body?, key?, secret?, sent? }; - for standard input" },
    { name: "body", value: "FILE", help: "the body, if the curl command read it from elsewhere (-d @-)" },
    {
      name: "language",
      value: "LANGUAGE",
      choices: ["javascript", "python", "shell", "java", "rust"] satisfies Language[],
      help: "print code in this language that signs as Kraken expects",
    },
    SECRET_FILE,
  ],
  examples: [
    ["investigate", "asks for everything"],
    ["investigate --curl -", "paste the command, then Ctrl-D"],
    ["investigate --har kraken.har --language python", "the entry that Kraken rejected, and code that signs correctly"],
    ["investigate --input rejected.json --json", "for a script"],
  ],
  shape: "{ request: { api, path, nonce?, body, key?, signature }, findings: [{ kind, proven, mistakes, explanation, fix, … }] }",
  async run(io, values) {
    const { curl, har, entry, input, language } = values;
    if ([curl, har, input].filter((one) => one !== undefined).length > 1)
      throw new UsageError("Give only one of --curl, --har and --input.");
    if (entry !== undefined && har === undefined) throw new UsageError("--entry is an entry of a HAR file: add --har.");
    if (values.body !== undefined && curl === undefined) throw new UsageError("--body is the body of a curl command: add --curl.");
    const known =
      input !== undefined
        ? await knownFromJson(io, input)
        : curl !== undefined
          ? knownFrom(await pasted(io, await commandLine(io, curl), values.body))
          : har !== undefined
            ? knownFrom(requestOfHar(await jsonOf(io, har), entry))
            : await asked(io);
    const { api, path, signature } = known;
    if (api === undefined || path === undefined) throw new UsageError("--input: api or path is missing.");
    const complete = {
      ...known,
      api,
      path,
      signature: signature ?? (await missing(io, api === "spot" ? "API-Sign" : "Authent", "Signature that was sent")),
      ...(known.nonce === undefined && api === "spot" && !nonceIn(`${known.body ?? ""}`) && io.terminal.present && (await askedNonce(io))),
    };
    const secret = known.secret ?? (await secretOf(io, api === "futures", values["secret-file"]));
    // The failing program may have used another key.
    if (secret === io.env[secretVariable(api === "futures")] && !io.json)
      io.note(`using the private key in ${secretVariable(api === "futures")}`);
    const findings = search({ ...complete, secret, ...(language !== undefined && { language: language as Language }) });
    const { key, nonce, body } = complete;
    const request = { api, path, nonce, body: withoutOtp(`${body ?? ""}`), key, signature: complete.signature };
    if (io.json) io.printJson({ request, findings });
    else {
      io.print(io.style.dim(printable(`${api === "spot" ? "Spot" : "Futures"}, ${path}, ${request.body.length} bytes of body`)));
      io.print(described(io, findings));
    }
    return findings[0]?.kind === "right" ? EXIT.done : EXIT.wrong;
  },
});

async function missing(io: Io, header: string, question: string): Promise<string> {
  if (!io.terminal.present) throw new UsageError(`The signature is missing: there is no ${header} header, and no field "signature".`);
  return (await io.terminal.ask(`${question} (${header}): `)).trim();
}

const askedNonce = async (io: Io): Promise<{ nonce?: string }> => {
  const nonce = (await io.terminal.ask("Nonce (empty: none): ")).trim();
  return nonce ? { nonce } : {};
};

async function commandLine(io: Io, file: string): Promise<string> {
  if (file === "-" && process.stdin.isTTY) io.note("Paste the curl command, then press Enter and Ctrl-D.");
  return textOf(io, file);
}

/** Reads a curl command. The standard input that it had is gone, but a file may contain it. */
function pasted(io: Io, text: string, bodyFile: string | undefined): Promise<Captured> {
  return requestOfCurl(text, {
    async read(file) {
      if (file !== "-") return textOf(io, file);
      if (bodyFile !== undefined) return textOf(io, bodyFile);
      if (!io.terminal.present) throw new UsageError("The body came from standard input (@-): give it with --body.");
      return io.terminal.ask("Body that curl read from standard input: ");
    },
  });
}

async function knownFromJson(io: Io, file: string): Promise<Known> {
  const value = await jsonOf(io, file);
  if (!value || typeof value !== "object" || Array.isArray(value))
    throw new UsageError("--input: the file does not contain a JSON object.");
  const known = value as Known;
  if (typeof known.nonce === "number" && !Number.isSafeInteger(known.nonce))
    throw new UsageError("--input: a nonce this long loses digits as a JSON number: give it as a string.");
  if (known.secret !== undefined) warnIfShared(io, file);
  return known;
}

/** Asks for everything, except for what is in a curl command that is pasted at the first question. */
async function asked(io: Io): Promise<Known> {
  const { terminal } = io;
  if (!terminal.present) throw new UsageError("There is nothing to investigate: give --curl, --har or --input.");
  let first = (await terminal.ask("Path that was called, or the whole curl command: ")).trim();
  if (!first.startsWith("/") && /\bcurl\s/.test(first)) {
    while (unfinished(first)) first += `\n${await terminal.ask("> ")}`;
    return knownFrom(await pasted(io, first, undefined));
  }
  const isFutures =
    /^\/(derivatives|api)\//.test(first) || (!/^\/(0|funding)\//.test(first) && /^f/i.test(await terminal.ask("Spot or Futures? [Spot] ")));
  const body = await terminal.ask(isFutures ? "postData as it was sent (for a GET, the query): " : "Body as it was sent: ");
  const nonce = isFutures ? (await terminal.ask("Nonce header (empty: none): ")).trim() : "";
  const signature = (await terminal.ask(`Signature that was sent (${isFutures ? "Authent" : "API-Sign"}): `)).trim();
  const key = (await terminal.ask("API key (empty: not known): ")).trim();
  return { api: isFutures ? "futures" : "spot", path: first, body, signature, ...(nonce && { nonce }), ...(key && { key }) };
}

function described({ style }: Io, findings: readonly Finding[]): string {
  const [first, ...suspicions] = findings;
  if (!first) return "";
  const { kind, mistakes, explanation, fix, snippet } = first;
  const title = {
    right: style.green("✓ The signature is correct."),
    mistake: style.red(`✗ ${mistakes.length > 1 ? "Mistakes" : "Mistake"} found: ${mistakes.join(", ")}`),
    unexplained: style.yellow("? No known mistake explains it."),
    suspicion: style.yellow("? Not proven:"),
  }[kind];
  const lines = [title, `  ${printable(explanation)}`, ...(kind === "right" ? [] : [`  ${style.bold("Fix:")} ${printable(fix)}`])];
  if (suspicions.length) lines.push("", "Possible mistakes that cannot be proven, most likely first:");
  suspicions.forEach((one, index) => lines.push(printable(`${index + 1}. ${one.explanation}\n   ${one.fix}`)));
  if (snippet) lines.push("", style.dim(`— ${snippet.language} —`), snippet.code.trimEnd());
  return lines.join("\n");
}
