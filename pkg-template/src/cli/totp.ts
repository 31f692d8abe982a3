import type { Totp } from "../signing/totp.js";
import { command } from "./command.js";
import { EXIT, UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { OTP_FILE, totpOf } from "./secrets.js";

export const totp = command({
  name: "totp",
  summary: "print the current two-factor code and how long it is valid",
  about:
    "Prints the code that an authenticator app would show to standard output, and the seconds for which it is valid to standard error.",
  options: [OTP_FILE, { name: "watch", help: "keep showing the code, with a countdown, until Ctrl-C" }],
  examples: [
    ["totp", "the code for the setup key in KRAKEN_OTP_SETUP_KEY"],
    ["totp --otp-file ~/.kraken/otp --watch", "a live display on a terminal"],
  ],
  shape: "{ code, seconds, expires }",
  async run(io, values) {
    if (values.watch && (io.json || !process.stdout.isTTY)) throw new UsageError("--watch needs a terminal, and has no JSON output.");
    const authenticator = await totpOf(io, values["otp-file"]);
    try {
      if (values.watch) return await watch(io, authenticator);
      const now = Date.now();
      const code = authenticator.code(now);
      const left = authenticator.remaining(now);
      if (io.json) io.printJson({ code, seconds: Math.ceil(left / 1000), expires: new Date(now + left) });
      else {
        io.print(code);
        io.note(`valid for ${Math.ceil(left / 1000)} s`);
      }
      return EXIT.done;
    } finally {
      authenticator.free();
    }
  },
});

/** Keeps one line up to date until Ctrl-C. */
async function watch(io: Io, authenticator: Totp): Promise<number> {
  const { style } = io;
  let isOver = false;
  let wake = (): void => {};
  io.windUp = ({ signal }) => {
    if (signal !== "SIGINT") return false;
    isOver = true;
    wake();
    return true;
  };
  while (!isOver) {
    const now = Date.now();
    const left = Math.ceil(authenticator.remaining(now) / 1000);
    const bar = "█"
      .repeat(Math.ceil(left / 2))
      .padEnd(15, "░")
      .slice(0, 15);
    const line = `${style.bold(authenticator.code(now))}  ${left > 5 ? style.green(bar) : style.yellow(bar)} ${left} s`;
    // If the terminal is gone, the command ends.
    if (!(await io.redraw(`\r\x1b[K${line}`))) break;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000 - (now % 1000));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  io.print("");
  return EXIT.done;
}
