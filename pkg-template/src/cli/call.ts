import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { command } from "./command.js";
import { SENDING_OPTIONS, connect, hostOf } from "./connection.js";
import { consequenceOf } from "./consequence.js";
import { EXIT, OutputError, UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { reasonOf } from "./output.js";
import { rendered } from "./render.js";
import { keyOf } from "./secrets.js";
import { TARGET_OPERANDS, TARGET_OPTIONS, type Target, targetOf } from "./target.js";

export const call = command({
  name: "call",
  summary: "call an endpoint",
  about:
    "Signs a request and sends it. A call that changes something is shown first, and sent when you answer yes; scripts pass --yes instead. " +
    "AddOrder and sendorder get a client order id and a deadline. If no answer proves what became of the order, the command looks for it, and " +
    "sends it once more only if the first copy can no longer be placed. " +
    "No other call that changes something is sent twice: if its outcome is unknown, the command exits with 3 and says where to look. " +
    "A path that begins with / and is not under /0/ is called with its nonce in a header, as the Funding API requires. " +
    "A parameter that is given more than once becomes a list. Nonces come from the clock, so make calls with the same key one after another.",
  operands: TARGET_OPERANDS,
  options: [
    ...TARGET_OPTIONS,
    { name: "yes", help: "send a call that changes something without asking" },
    { name: "output", value: "FILE", help: "a new file for the answer, if the answer is a file (RetrieveExport)" },
    ...SENDING_OPTIONS,
  ],
  examples: [
    ["call Balance", "only reads"],
    ["call ClosedOrders start=1700000000 --json", "for a script"],
    ["call AddOrder pair=XBTUSD type=buy ordertype=limit price=37500 volume=0.1 cl_ord_id=my-7", "asks before it is sent"],
    ["call AddOrder --params order.json --yes", "does not ask"],
    ["call openpositions --futures", "Kraken Futures"],
    ["call /funding/v1/addresses", "an API with the nonce in a header"],
  ],
  shape:
    "Kraken's answer: for Spot its result, for Futures all of it. For AddOrder and sendorder { orderId, clientOrderId?, details, found }, where " +
    "details is Kraken's answer, or the order that was found; for a batch that was found { found, orders }; with --output { output, bytes }",
  async run(io, values, operands) {
    const target = await targetOf(io, values, operands);
    const { output } = values;
    checkOutput(io, target, output);
    const key = target.isPublic ? undefined : await keyOf(io, target.futures, values.key);
    if (target.write && !values.yes) await confirm(io, target, key ?? "", hostOf(target.futures, values["base-url"]));
    const answer = await connect(io, target, { ...values, key }, (client, options) => target.perform(client, options));
    if (answer instanceof Uint8Array && output === undefined) io.printBytes(answer);
    else if (answer instanceof Uint8Array) keep(io, answer, output!);
    else if (io.json) io.printJson(answer);
    else io.print(rendered(answer));
    return EXIT.done;
  },
});

/** Checks, before anything is sent, that the answer can be written where it should go. */
function checkOutput(io: Io, { file, endpoint }: Target, output: string | undefined): void {
  if (output === undefined) {
    if (file && (io.json || process.stdout.isTTY))
      throw new UsageError(`${endpoint} answers with a file: give the name of a new file with --output.`);
    return;
  }
  if (!file) throw new UsageError(`--output is only for answers that are files, and ${endpoint} does not answer with one: leave it out.`);
  if (existsSync(output)) throw new UsageError(`--output: ${output} already exists. Give the name of a new file.`);
  try {
    accessSync(dirname(output), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--output: ${dirname(output)} cannot be written to (${reasonOf(error)}).`);
  }
}

/** Asks whether to send a call that changes something, and shows the call, the host and the end of the key. */
async function confirm(io: Io, { endpoint, params, futures }: Target, key: string, host: string): Promise<void> {
  if (!io.terminal.present) throw new UsageError(`${endpoint} may change something, so it was not sent. Scripts pass --yes.`);
  const { bold, yellow } = io.noteStyle;
  io.note(`${bold(endpoint)} ${yellow("may change something")} at ${bold(host)}, with the key that ends in ${bold(key.slice(-4))}:`);
  io.note(Object.keys(params).length ? `  ${rendered(params).replaceAll("\n", "\n  ")}` : "  no parameters");
  const consequence = consequenceOf(endpoint, params, futures);
  if (consequence !== undefined) io.note(yellow(consequence));
  if (!(await io.terminal.confirm("Send it?"))) throw new UsageError("It was not sent.");
}

/** Writes an answer to a file, completely or not at all. */
function keep(io: Io, bytes: Uint8Array, output: string): void {
  let file: number | undefined;
  try {
    file = openSync(output, "wx", 0o600);
    writeFileSync(file, bytes);
    // Some file systems report only now that the disk is full.
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    if (file !== undefined) rmSync(output, { force: true });
    throw new OutputError(reasonOf(error), output);
  }
  if (io.json) io.printJson({ output, bytes: bytes.length });
  else io.print(`${output}: ${bytes.length} bytes`);
}
