import { command } from "./command.js";
import { SIGNING_OPTIONS, clientOf } from "./connection.js";
import { EXIT, UsageError } from "./exit.js";
import { nonceOf } from "./progress.js";
import { otpOf } from "./secrets.js";
import { quoted } from "./shell.js";
import { TARGET_OPERANDS, TARGET_OPTIONS, targetOf } from "./target.js";

export const sign = command({
  name: "sign",
  summary: "sign a request and print it: headers and body, or a curl command",
  about:
    "Prints a signed request and sends nothing. The request can be used once, and only before anything else is sent with the key, since its " +
    "nonce is too low afterwards. It does not contain the private key, but it contains a two-factor code if the key has an authenticator. " +
    "A static two-factor password would be part of the body, so such requests are not printed.",
  operands: TARGET_OPERANDS,
  options: [
    ...TARGET_OPTIONS,
    { name: "curl", help: "print a curl command for bash and other POSIX shells" },
    { name: "nonce", value: "N", help: "sign with this nonce, to compare with another program" },
    ...SIGNING_OPTIONS,
  ],
  examples: [
    ["sign Balance", "headers and body"],
    ["sign AddOrder pair=XBTUSD type=buy ordertype=market volume=0.1 --curl", "to paste into a shell"],
    ["sign sendorder orderType=mkt symbol=PF_XBTUSD side=buy size=1 --futures", "Kraken Futures"],
    ["sign Balance --nonce 1616492376594", "a signature to compare with"],
  ],
  shape: "{ method, url, headers, body, nonce }; body is empty for a GET",
  async run(io, values, operands) {
    if (values.nonce !== undefined && !/^(0|[1-9]\d{0,19})$/.test(values.nonce))
      throw new UsageError("--nonce: give a whole number of at most 20 digits.");
    const target = await targetOf(io, values, operands);
    const otp = target.futures ? undefined : await otpOf(io, values["otp-file"], values["ask-otp"]);
    if (otp && "password" in otp && !(values["ask-otp"] && /^\d{6,8}$/.test(otp.password)))
      throw new UsageError(
        "The two-factor password would be printed as part of the body. Use kraken-signer call, which sends it without showing it.",
      );
    // The request is caught in place of `fetch`, so the command prints exactly what the client would send.
    let caught: { url: string; init: RequestInit } | undefined;
    const fetch = (url: unknown, init: unknown): Promise<Response> => {
      caught = { url: url as string, init: init as RequestInit };
      return Promise.reject(new Error("It is printed, not sent."));
    };
    const client = await clientOf(io, target.futures, values, { fetch, nonce: values.nonce, otp, withoutKey: target.isPublic });
    try {
      await target.send(client, { retries: 0 });
    } catch (error) {
      if (!caught) throw error;
    } finally {
      client.close();
    }
    const { url, init } = caught!;
    const { "User-Agent": _, ...headers } = init.headers as Record<string, string>;
    const body = (init.body ?? "") as string;
    const method = init.method!;
    const nonce = nonceOf({ headers, body });
    if (io.json) io.printJson({ method, url, headers, body, nonce });
    else if (values.curl) io.print(curlOf(method, url, headers, body));
    else
      io.print([`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", body].join("\n").trimEnd());
    return EXIT.done;
  },
});

/** Returns the request as a curl command. With --globoff and --data-raw, curl takes the URL and the body literally. */
function curlOf(method: string, url: string, headers: Record<string, string>, body: string): string {
  return [
    `curl --globoff --request ${method} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(body ? [`--data-raw ${quoted(body)}`] : []),
  ].join(" \\\n  ");
}
