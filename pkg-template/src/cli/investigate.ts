import { unfinished } from "../inspect/captured/shell.js";
import {
  type CapturedRequest,
  type Finding,
  type InvestigateInput,
  type Language,
  capturedRequest,
  investigate as search,
} from "../inspect/index.js";
import { jsonOf } from "../rest/answer/json.js";
import { nonceIn, withoutOtp } from "./captured.js";
import { command } from "./command.js";
import { EXIT, UsageError } from "./exit.js";
import { textOf, warnIfShared } from "./files.js";
import { type Io, printable } from "./io.js";
import { SECRET_FILE, secretOf, secretVariable } from "./secrets.js";

/** The input of `investigate`, as far as it is known. */
type Known = Partial<InvestigateInput> & Partial<Pick<CapturedRequest, "missing" | "format">>;

export const investigate = command({
  name: "investigate",
  summary: "find the mistake behind an invalid signature",
  about:
    "Recomputes a signature that Kraken rejected with every combination of known mistakes, until one of them gives exactly that signature. " +
    "Takes what you have of the request, in a file or pasted: a curl command, with the output of -v or not; the output of --trace-ascii; a " +
    "HAR file; “Copy as fetch” or “Copy as PowerShell” of a browser; an error, response or configuration of axios or got, as Node prints it " +
    "or as JSON; the output of Python's http.client with debuglevel 1, or of requests; an HTTP message; a FIX logon; or the JSON that investigate() of " +
    "kraken-signer/inspect takes. Asks for what is missing, such as the private key as your program has it. Without FILE, it asks for " +
    "everything. Nothing is sent. Exits with 0 if the signature is correct, and with 1 if a mistake was found or no known one explains it.",
  operands: { usage: "[FILE]", min: 0, max: 1 },
  options: [
    { name: "entry", value: "N", help: "number of the request in FILE, from 1; by default the one that Kraken rejected" },
    { name: "body", value: "FILE", help: "the body, if it is not in what you have" },
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
    ["investigate -", "paste what you have, then Ctrl-D"],
    ["investigate kraken.har --language python", "the entry that Kraken rejected, and code that signs correctly"],
    ["investigate error.log --json", "for a script"],
  ],
  shape: "{ request: { api, path?, nonce?, body?, key?, signature? }, findings: [{ kind, proven, mistakes, explanation, fix, … }] }",
  async run(io, values, [file]) {
    const { entry, language, body: bodyFile } = values;
    if (file === undefined && (entry ?? bodyFile) !== undefined)
      throw new UsageError(`--${entry === undefined ? "body" : "entry"} belongs to a file: give its name, or - to paste.`);
    const known = file === undefined ? await asked(io) : await knownFrom(io, file, entry, bodyFile);
    const { api, path } = known;
    if (api === undefined || path === undefined) throw new UsageError("The JSON has no api or no path.");
    const {
      missing: _,
      format,
      ...complete
    } = {
      ...known,
      api,
      path,
      signature: known.signature ?? (await askedSignature(io, known)),
      ...(known.nonce === undefined && api === "spot" && !nonceIn(shown(known.body)) && io.terminal.present && (await askedNonce(io))),
    };
    // A FIX logon has the scheme of Futures, and a key of Spot.
    const isOfFutures = api === "futures" && format !== "fix";
    const secret = known.secret ?? (await secretOf(io, isOfFutures, values["secret-file"]));
    // The failing program may have used another key.
    if (secret === io.env[secretVariable(isOfFutures)] && !io.json) io.note(`using the private key in ${secretVariable(isOfFutures)}`);
    const findings = search({ ...complete, secret, ...(language !== undefined && { language: language as Language }) });
    const { key, nonce, signature } = complete;
    const request = {
      api,
      path: unless(secret, withoutOtp(path)),
      nonce,
      body: unless(secret, withoutOtp(shown(complete.body))),
      key: unless(secret, key),
      signature: unless(secret, signature),
    };
    if (io.json) io.printJson({ request, findings });
    else {
      const size = complete.body instanceof Uint8Array ? complete.body.length : new TextEncoder().encode(complete.body ?? "").length;
      const title =
        format === "fix"
          ? `FIX logon, ${size} bytes of signed fields`
          : format === "challenge"
            ? `Challenge of the Futures WebSocket, ${size} bytes`
            : `${api === "spot" ? "Spot" : "Futures"}, ${request.path ?? "a path with the private key in it"}, ${size} bytes of body`;
      io.print(io.style.dim(printable(title)));
      io.print(described(io, findings));
      const [{ kind, snippet } = {}] = findings;
      if (language !== undefined && kind === "mistake" && !snippet)
        io.note("There is code for REST requests only. Signer has signFixLogon and signChallenge.");
    }
    return findings[0]?.kind === "right" ? EXIT.done : EXIT.wrong;
  },
});

/** Returns a body as text. */
const shown = (body: string | Uint8Array | undefined): string =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : `${body ?? ""}`;

/** Asks for the signature, or says why it is not there. */
async function askedSignature(io: Io, { api, missing }: Known): Promise<string> {
  const reason = missing?.find(({ part }) => part === "signature")?.message;
  if (!io.terminal.present) throw new UsageError(reason ?? 'The signature is missing: the JSON has no field "signature".');
  if (reason !== undefined) io.note(reason);
  return (await io.terminal.ask(`Signature that was sent (${api === "spot" ? "API-Sign" : "Authent"}): `)).trim();
}

const askedNonce = async (io: Io): Promise<{ nonce?: string }> => {
  const nonce = (await io.terminal.ask("Nonce (empty: none): ")).trim();
  return nonce ? { nonce } : {};
};

async function knownFrom(io: Io, file: string, entry: string | undefined, bodyFile: string | undefined): Promise<Known> {
  if (/^\s*curl\s|\n/.test(file))
    throw new UsageError("FILE is the name of a file. To paste a request, run kraken-signer investigate - and paste it there.");
  if (file === "-" && process.stdin.isTTY) io.note("Paste what you have, then press Enter and Ctrl-D.");
  const text = await textOf(io, file);
  const json = partsIn(text);
  if (!json) return captured(io, text, entry, bodyFile);
  if ((entry ?? bodyFile) !== undefined) throw new UsageError("--entry and --body do not belong to the JSON of investigate().");
  if (json.secret !== undefined) warnIfShared(io, file);
  return json;
}

/** Returns the input of `investigate`, if a text is its JSON. Nonces that a number does not hold exactly keep their digits. */
function partsIn(text: string): Known | undefined {
  const value = jsonOf(text.trim());
  return value && typeof value === "object" && ("api" in value || "signature" in value || "secret" in value) ? (value as Known) : undefined;
}

/** Finds a request in a text, and asks for a body that is not in it. */
async function captured(io: Io, text: string, entry?: string, bodyFile?: string): Promise<Known> {
  if (entry !== undefined && !/^[1-9]\d{0,5}$/.test(entry)) throw new UsageError("--entry: expected a number from 1.");
  const bodies: string[] = [];
  const bodyOf = async (question: string): Promise<string> => {
    if (bodyFile === undefined && !io.terminal.present) throw new UsageError(`${question} Give the body in a file, with --body.`);
    if (bodyFile === undefined) io.note(question);
    bodies.push(bodyFile === undefined ? await io.terminal.ask("Body as it was sent: ") : await textOf(io, bodyFile));
    return bodies.at(-1)!;
  };
  const readFile = (name: string): Promise<string> =>
    name === "-" ? bodyOf("The curl command read its body from standard input.") : textOf(io, name);
  const request = await capturedRequest(text, { entry: entry === undefined ? undefined : Number(entry), readFile });
  const messageOf = (name: string): string | undefined => request.missing.find(({ part }) => part === name)?.message;
  if (messageOf("path") !== undefined) throw new UsageError(messageOf("path")!);
  const noBody = messageOf("body");
  const body = noBody === undefined ? request.body : await bodyOf(noBody);
  if (bodyFile !== undefined && !bodies.length) throw new UsageError("--body is not needed: the whole body is in what was given.");
  return noBody === undefined ? request : { ...request, ...(body !== undefined && { body, sent: { ...request.sent, body } }) };
}

/** Asks for everything, except for what is in the text that is pasted at the first question. */
async function asked(io: Io): Promise<Known> {
  const { terminal } = io;
  if (!terminal.present) throw new UsageError("There is nothing to investigate: give the name of a file, or - for standard input.");
  let first = (await terminal.ask("Path that was called, or a curl command, log or HTTP message: ")).trim();
  if (/^\W{0,2}\s*curl\s/.test(first)) {
    while (unfinished(first)) first += `\n${await terminal.ask("> ")}`;
    return captured(io, first);
  }
  if (!first.startsWith("/")) {
    io.note("Paste the rest, and end it with a line that has only a period.");
    for (let line = await terminal.ask(""); line !== "."; line = await terminal.ask("")) first += `\n${line}`;
    return captured(io, first);
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

/** Returns a part of the request, unless it contains the private key, sent by mistake: output may be shared. */
function unless(secret: string | Uint8Array, part: string | undefined): string | undefined {
  const key = typeof secret === "string" ? secret.trim() : "";
  return key.length > 20 && [key, encodeURIComponent(key)].some((written) => part?.includes(written)) ? undefined : part;
}
