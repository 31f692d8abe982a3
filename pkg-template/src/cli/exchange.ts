import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Exchange, ExchangeKey, ExchangeServer, ReceivedRequest } from "../testing/index.js";
import { selfSigned, type SelfSigned } from "./certificate.js";
import { command } from "./command.js";
import { firstPrices, parsePrices, play, rehearse, walk } from "./exchange-prices.js";
import { EXCHANGE_OPTIONS, seeded, seededSetupKey, settingsOf, type ExchangeSettings, type ExchangeValues } from "./exchange-settings.js";
import { EXIT, UsageError } from "./exit.js";
import { textOf } from "./files.js";
import { aligned, printable, type Io } from "./io.js";
import { reasonOf } from "./output.js";

export const exchange = command({
  name: "exchange",
  summary: "a simulated exchange on this machine, for tests of programs in any language",
  about:
    "Starts a simulated Kraken, Spot and Futures, REST and WebSockets, on 127.0.0.1, and prints where it is and a key for each. There is no money, " +
    "and the keys are good nowhere else. It runs until Ctrl-C or SIGTERM, and ends with 0.",
  options: EXCHANGE_OPTIONS,
  examples: [
    ["exchange", "any free port, new keys; prices stand still"],
    ["exchange --port 8787 --seed 7 --walk 1000 --log", "the same keys each time, order books, and prices that move each second"],
    ["exchange --prices prices.csv --tls --certificate exchange.pem", "a path of prices, over TLS"],
    ["exchange --seed 7 --twice 0.05 --reset 0.02 --json", "a bad network, for a script"],
  ],
  shape:
    "one line as soon as it listens: { simulated: true, url, socketUrl, port, spot: { key, secret, setupKey? }, futures: { key, secret }, certificate?: { file, fingerprint } }",
  async run(io, values) {
    const settings = settingsOf(values);
    const trades = values.prices === undefined ? [] : parsePrices(await textOf(io, values.prices), values.prices);
    const { exchange, keys } = await opened(io, settings, values, trades);
    const certificate = values.tls ? writtenCertificate(values.certificate) : undefined;
    const server = await listening(exchange, settings.port, certificate);
    const stop = trades.length
      ? play(exchange, trades, settings.seed)
      : settings.walk
        ? walk(exchange, settings.seed ?? 0, settings.walk)
        : undefined;
    // Whoever is told where it is may stop it at once.
    const stopped = new Promise<void>((done) => {
      io.windUp = () => {
        done();
        return true;
      };
    });
    introduce(io, server, keys, certificate);
    await io.flush();
    await stopped;
    stop?.();
    await server.close();
    certificate?.remove();
    return EXIT.done;
  },
});

interface Keys {
  readonly spot: ExchangeKey;
  readonly futures: ExchangeKey;
}

type Trades = ReturnType<typeof parsePrices>;

/** Makes the exchange. It is loaded only now, since no other command wants it. */
async function opened(
  io: Io,
  settings: ExchangeSettings,
  values: ExchangeValues,
  trades: Trades,
): Promise<{ exchange: Exchange; keys: Keys }> {
  const testing = await import("../testing/index.js");
  const { seed, options, faults } = settings;
  const file = values.prices ?? "";
  rehearse(new testing.Exchange(), trades, file);
  const exchange = new testing.Exchange({
    ...options,
    prices: firstPrices(new testing.Exchange(), trades),
    ...(values.log && { onRequest: (request: ReceivedRequest) => io.note(logged(request)) }),
  });
  if (faults) exchange.disturb(faults);
  const half = (what: string, length: number) => seeded(seed, what, length)?.toString("base64");
  const credentials = (product: string) => {
    const [key, secret] = [half(`${product} key`, 42), half(`${product} secret`, 64)];
    return key && secret ? { key, secret } : {};
  };
  const setupKey = seededSetupKey(seed);
  const otp = values["two-factor"] ? { otp: setupKey ? { setupKey } : {} } : {};
  const keys = {
    spot: exchange.addKey({ ...credentials("spot"), ...otp, name: "spot" }),
    futures: exchange.addKey({ ...credentials("futures"), product: "futures", name: "futures" }),
  };
  return { exchange, keys };
}

async function listening(exchange: Exchange, port: number, tls: SelfSigned | undefined): Promise<ExchangeServer> {
  try {
    return await exchange.listen({ port, ...(tls && { tls }) });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === "EADDRINUSE")
      throw new UsageError(`Port ${port} is in use. Stop what listens there, or leave --port out for any free one.`);
    if (reason === "EACCES") throw new UsageError(`Port ${port} is not yours to use: give one from 1024 on, or leave --port out.`);
    throw error;
  }
}

type Certificate = SelfSigned & { readonly file: string; remove(): void };

/** Makes a certificate and writes it where clients can read it. Its key stays in this process. */
function writtenCertificate(given: string | undefined): Certificate {
  const certificate = selfSigned();
  const file = given === undefined ? join(mkdtempSync(join(tmpdir(), "kraken-signer-")), "exchange.pem") : resolve(given);
  try {
    if (existsSync(file) && !readFileSync(file, "utf8").startsWith("-----BEGIN CERTIFICATE-----"))
      throw new UsageError(`--certificate: ${given} is there already, and is no certificate. Choose another name.`);
    writeFileSync(file, certificate.cert);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--certificate: ${given} cannot be written (${reasonOf(error)}).`);
  }
  return { ...certificate, file, remove: () => given === undefined && rmSync(dirname(file), { recursive: true, force: true }) };
}

/** Says once where it is, and with which keys. */
function introduce(io: Io, { url, socketUrl, port }: ExchangeServer, { spot, futures }: Keys, certificate: Certificate | undefined): void {
  const { setupKey } = spot;
  if (io.json) {
    const { file, fingerprint } = certificate ?? {};
    const said = {
      simulated: true,
      url,
      socketUrl,
      port,
      spot: { key: spot.key, secret: spot.secret, ...(setupKey && { setupKey }) },
      futures: { key: futures.key, secret: futures.secret },
      ...(certificate && { certificate: { file, fingerprint } }),
    };
    // One line, since there is no end of output to wait for.
    io.print(JSON.stringify(said));
    return;
  }
  const rows: [string, string][] = [
    ["REST", `${url}  (Spot below /0/, Futures below /derivatives/)`],
    ["WebSockets", `${socketUrl}/v2  (Spot, public and private)\n${socketUrl}/ws/v1  (Futures)`],
    ["Spot key", spot.key],
    ["Spot secret", spot.secret],
    ...(setupKey ? ([["Spot setup key", setupKey]] as [string, string][]) : []),
    ["Futures key", futures.key],
    ["Futures secret", futures.secret],
    ...(certificate
      ? ([
          ["Certificate", certificate.file],
          ["SHA-256", certificate.fingerprint],
        ] as [string, string][])
      : []),
  ];
  io.print(io.style.bold("A simulated exchange, for tests. There is no money, and these keys and secrets are good here and nowhere else."));
  io.print(aligned(rows));
  io.note("It runs until Ctrl-C.");
}

/** One request in one line, without what is secret in it. */
function logged({ time, method, endpoint, verdict, errors, fault, execution }: ReceivedRequest): string {
  const outcome = execution ? execution.did : [verdict, ...errors].join(" ");
  const line = [new Date(time).toISOString(), method, endpoint, outcome, fault && `(${fault})`].filter(Boolean).join(" ");
  return printable(line).replaceAll("\n", " ");
}
