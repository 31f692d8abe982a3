// The bot in Node and in Deno. Ends by itself when nothing is left open.
import { FuturesClient, SpotClient } from "kraken-signer";
import { Bot } from "./bot.mjs";

const config = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0]);
const { url: baseUrl, spot, futures } = config;
const kraken = new SpotClient({ key: spot.key, secret: spot.secret, baseUrl, timeout: 8000 });
const contracts = new FuturesClient({ key: futures.key, secret: futures.secret, baseUrl, timeout: 8000 });

const sample = () => {
  globalThis.gc();
  const { heapUsed } = globalThis.Deno ? Deno.memoryUsage() : process.memoryUsage();
  return { heap: heapUsed };
};
await new Bot(config, kraken, contracts).run(sample);
kraken.close();
contracts.close();
