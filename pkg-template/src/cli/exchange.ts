import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Exchange, ExchangeKey, ExchangeServer, ReceivedRequest } from "../testing/index.js";
import { isSelfSigned, selfSigned, type SelfSigned } from "./certificate.js";
import { command } from "./command.js";
import { firstPrices, parsePrices, play, rehearse, walk } from "./exchange-prices.js";
import { EXCHANGE_OPTIONS, seeded, seededSetupKey, settingsOf, type ExchangeSettings, type ExchangeValues } from "./exchange-settings.js";
import { EXIT, UsageError } from "./exit.js";
import { textOf } from "./files.js";
import { aligned, printable, type Io } from "./io.js";
import { reasonOf } from "./output.js";

export const exchange = command({
  name: "exchange",
  summary: "run a simulated exchange on this machine, to test programs in any language",
  about:
    "Starts a simulated Kraken on 127.0.0.1, for Spot and Futures, REST and WebSockets, and prints its addresses and a key for each product. " +
    "There is no money, and the keys work nowhere else. It runs until Ctrl-C or SIGTERM, and then exits with 0.",
  options: EXCHANGE_OPTIONS,
  examples: [
    ["exchange", "any free port, new keys, constant prices"],
    ["exchange --port 8787 --seed 7 --walk 1000 --log", "the same keys every time, order books, and prices that move every second"],
    ["exchange --prices prices.csv --tls --certificate exchange.pem", "prices from a file, over TLS"],
    ["exchange --seed 7 --twice 0.05 --reset 0.02 --json", "an unreliable network, for a script"],
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
    // Set before the addresses are printed: a program that reads them may stop the exchange at once.
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

/** Makes the exchange and its keys. The module is loaded only now, since no other command needs it. */
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
      throw new UsageError(`Port ${port} is in use. Stop the program that listens there, or leave out --port to use any free port.`);
    if (reason === "EACCES") throw new UsageError(`Port ${port} needs more privileges: give a port from 1024 up, or leave out --port.`);
    throw error;
  }
}

type Certificate = SelfSigned & { readonly file: string; remove(): void };

/** Makes a certificate and writes it to a file for clients. Its key stays in this process. */
function writtenCertificate(given: string | undefined): Certificate {
  const certificate = selfSigned();
  const file = given === undefined ? join(mkdtempSync(join(tmpdir(), "kraken-signer-")), "exchange.pem") : resolve(given);
  try {
    if (existsSync(file) && !isSelfSigned(readFileSync(file, "utf8")))
      throw new UsageError(`--certificate: ${given} already exists and is not a certificate of a simulated exchange. Choose another name.`);
    writeFileSync(file, certificate.cert);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--certificate: ${given} cannot be written (${reasonOf(error)}).`);
  }
  return { ...certificate, file, remove: () => given === undefined && rmSync(dirname(file), { recursive: true, force: true }) };
}

/** Prints the addresses and the keys. */
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
    // One line, because a reader cannot wait for the end of the output.
    io.print(JSON.stringify(said));
    return;
  }
  const rows: [string, string][] = [
    ["REST", `${url}  (Spot under /0/, Futures under /derivatives/)`],
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
  io.print(io.style.bold("A simulated exchange for tests. There is no money, and these keys and secrets work nowhere else."));
  io.print(aligned(rows));
  io.note("It runs until Ctrl-C.");
}

/** Describes a request in one line, without its secrets. */
function logged({ time, method, endpoint, verdict, errors, fault, execution }: ReceivedRequest): string {
  const outcome = execution ? execution.did : [verdict, ...errors].join(" ");
  const line = [new Date(time).toISOString(), method, endpoint, outcome, fault && `(${fault})`].filter(Boolean).join(" ");
  return printable(line).replaceAll("\n", " ");
}
