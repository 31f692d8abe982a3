import { existsSync, writeFileSync } from "node:fs";
import { command } from "./command.js";
import { SENDING_OPTIONS, connect } from "./connection.js";
import { EXIT, UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { rendered } from "./render.js";
import { TARGET_OPERANDS, TARGET_OPTIONS, type Target, targetOf } from "./target.js";

export const call = command({
  name: "call",
  summary: "call a private endpoint",
  about:
    "Signs a request and sends it. What changes something is shown first, and sent when you say yes; scripts say it with --yes. " +
    "A call of unknown outcome is not repeated: it ends with 3, and says where to look. A path that begins with / and is not under /0/private/ is " +
    "called with its nonce in a header, as the Funding API wants it. A name that is given twice makes a list. " +
    "Nonces come from the clock: make calls with one key one after the other.",
  operands: TARGET_OPERANDS,
  options: [
    ...TARGET_OPTIONS,
    { name: "yes", help: "do not ask before something is changed" },
    { name: "output", value: "FILE", help: "a new file for what RetrieveExport answers" },
    ...SENDING_OPTIONS,
  ],
  examples: [
    ["call Balance", "read"],
    ["call ClosedOrders start=1700000000 --json", "for a script"],
    ["call AddOrder pair=XBTUSD type=buy ordertype=limit price=37500 volume=0.1 cl_ord_id=my-7", "asks before it is sent"],
    ["call AddOrder --params order.json --yes", "does not ask"],
    ["call openpositions --futures", "Kraken Futures"],
    ["call /funding/v1/addresses", "an API with the nonce in a header"],
  ],
  shape: "what Kraken answered: Spot's result, Futures' whole answer; with --output { output, bytes }",
  async run(io, values, operands) {
    const target = await targetOf(io, values, operands);
    const { output } = values;
    if (output !== undefined && existsSync(output)) throw new UsageError(`${output} exists already.`);
    if (target.file && output === undefined && (io.json || process.stdout.isTTY))
      throw new UsageError("The answer is a file: give --output.");
    if (target.write && !values.yes) await confirmed(io, target);
    const answer = await connect(io, target.futures, values, (client, signal) => target.send(client, signal));
    if (answer instanceof Uint8Array && output === undefined) process.stdout.write(answer);
    else if (answer instanceof Uint8Array) keep(io, answer, output!);
    else if (io.json) io.printJson(answer);
    else io.print(rendered(answer));
    return EXIT.fine;
  },
});

async function confirmed(io: Io, { endpoint, params }: Target): Promise<void> {
  if (!io.terminal.present) throw new UsageError(`${endpoint} may change something, and was not sent: scripts say --yes.`);
  io.note(`${io.noteStyle.bold(endpoint)} ${io.noteStyle.yellow("may change something:")}`);
  io.note(`  ${rendered(params).replaceAll("\n", "\n  ")}`);
  if (!(await io.terminal.confirm("Send it?"))) throw new UsageError("It was not sent.");
}

function keep(io: Io, bytes: Uint8Array, output: string): void {
  writeFileSync(output, bytes, { flag: "wx", mode: 0o600 });
  if (io.json) io.printJson({ output, bytes: bytes.length });
  else io.print(`${output}: ${bytes.length} bytes`);
}
