// What a runtime other than this Node runs: the options are its first argument, the outcomes its output.
import { SpotClient, placeOrder } from "kraken-signer";
import { placeMany } from "./orders.mjs";

const options = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2)).at(-1));
console.log(JSON.stringify(await placeMany({ SpotClient, placeOrder }, options)));
