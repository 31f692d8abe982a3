// The types of endpoints in the installed package: what they accept, what they refuse and in which words, and what an editor offers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript59";
import { project } from "../harness/installed.mjs";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const home = project("endpoint-types");
const COMPILERS = { 5.4: "typescript54", 5.9: "typescript59", 6: "typescript6", 7: "typescript" };
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  noEmit: true,
};
const BUNDLER = { moduleResolution: "bundler", module: "esnext" };

/** Makes a folder of the project with one file. */
function folder(name, file, options, type = "module") {
  const path = join(home, name);
  mkdirSync(path);
  writeFileSync(join(path, "package.json"), JSON.stringify({ type }));
  writeFileSync(join(path, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: [file] }));
  return path;
}

async function compile(compiler, path) {
  const args = [join(modules, compiler, "bin/tsc"), "--pretty", "false", "--project", path];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: path }).catch((error) => error);
  return stdout + stderr;
}

describe("code that users write compiles", { concurrency: 2 }, () => {
  for (const [version, compiler] of Object.entries(COMPILERS))
    for (const [name, type, options] of [
      ["node10", "commonjs", { moduleResolution: "node10", module: "commonjs", ...(version === "6" && { ignoreDeprecations: "6.0" }) }],
      ["node16, CommonJS", "commonjs", { moduleResolution: "node16", module: "node16" }],
      ["node16, ES modules", "module", { moduleResolution: "node16", module: "node16" }],
      ["bundler", "module", BUNDLER],
    ]) {
      // TypeScript 7 has dropped node10.
      if (version === "7" && name === "node10") continue;
      test(`TypeScript ${version}, ${name}`, async () => {
        const path = folder(`${version} ${name}`, "consumer.ts", options, type);
        cpSync(fileURLToPath(new URL("consumer.ts", import.meta.url)), join(path, "consumer.ts"));
        assert.equal(await compile(compiler, path), "");
      });
    }
});

const HEAD = `import { FuturesClient, SpotClient, pages, placeOrder } from "kraken-signer";
import type { FuturesName, SpotEndpoints, SpotPages } from "kraken-signer";
import { FuturesSocket, SpotSocket } from "kraken-signer/sockets";
import type { KnownFuturesFeed, SpotMethods, SpotSubscriptions } from "kraken-signer/sockets";
declare const kraken: SpotClient;
declare const futures: FuturesClient;
declare const socket: SpotSocket;
declare const futuresSocket: FuturesSocket;
interface WithNonce { txid: string; nonce: number }
declare const withNonce: WithNonce;
declare const text: string;
const amendment = { limit_price: 1 };
const limit = { pair: "", type: "buy", ordertype: "limit", volume: 1, price: 1 };
const market = { pair: "", type: "buy", ordertype: "market", volume: 1 };
const futuresLimit = { symbol: "", side: "buy", size: 1, orderType: "lmt", limitPrice: 1 };
const futuresMarket = { symbol: "", side: "buy", size: 1, orderType: "mkt" };
const socketLimit = { symbol: "", side: "buy", order_qty: 1, order_type: "limit", limit_price: 1 };
const socketMarket = { symbol: "", side: "buy", order_qty: 1, order_type: "market" };
`;

/** The order is written apart from its call, so that the compiler knows only text of its type. */
const WIDENED = /'string' is not assignable to type 'Mistake<"The compiler knows text here, not the type of the order: write `as const`/;

/** One mistake each, and what the compiler has to say: in one error, at the place of the mistake. */
const MISTAKES = [
  [
    `kraken.call("CancelOrder", { txid: "O", nonce: "1" });`,
    "nonce",
    /'string' is not assignable to type 'Mistake<"The client adds the nonce: leave it out">'/,
  ],
  [
    `kraken.call("Balance", { nonce: 1 });`,
    "nonce",
    /'number' is not assignable to type 'Mistake<"The client adds the nonce: leave it out">'/,
  ],
  [
    `kraken.call("TradesHistory", { otp: "123456" });`,
    "otp",
    /Mistake<"The client adds the one-time password: leave it out, and set the client's option `otp`">/,
  ],
  [
    `kraken.call("TradesHistory", { strat: 1 });`,
    "strat",
    /'strat' does not exist in type 'SpotParams<"TradesHistory">'. Did you mean to write 'start'/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1, prise: 1 });`,
    "prise",
    /'prise' does not exist in type '.*'|did you mean to write 'price'/i,
  ],
  [`kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1 });`, "{ pair", /Property 'price' is missing/],
  [`kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", price: 1 });`, "{ pair", /Property 'volume' is missing/],
  [`kraken.call("AddOrder", { type: "buy", ordertype: "limit", volume: 1, price: 1 });`, "{ type", /Property 'pair' is missing/],
  [`kraken.signSync("AddOrder", { type: "buy", ordertype: "market", volume: 1 });`, "{ type", /Property 'pair' is missing/],
  [`kraken.call("AddOrder", { pair: "", ordertype: "limit", price: 1, volume: 1, userref: 1 });`, "{ pair", /Property 'type' is missing/],
  [`placeOrder(kraken, { type: "buy", ordertype: "limit", volume: 1, price: 1 });`, "{ type", /Property 'pair' is missing/],
  [
    `kraken.call("AddOrderBatch", { pair: "", orders: [{ type: "buy", ordertype: "limit", price: 1 }] });`,
    "{ type",
    /Property 'volume' is missing/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "market", volume: 1, price: 1 });`,
    "price",
    /'number' is not assignable to type 'Mistake<"A market order has no price: leave it out">'/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "hold", ordertype: "market", volume: 1 });`,
    "type:",
    /"hold"' is not assignable to type 'Side'|"hold"' is not assignable to type '"buy" \| "sell"'/,
  ],
  [`kraken.call("Depth", { count: 5 });`, "{ count", /Property 'pair' is missing in type .* required in type 'DepthParams'/],
  [`kraken.call("Depth");`, `"Depth"`, /Mistake<"Depth requires `params` as the next argument">/],
  [`kraken.call("AddOrder");`, `"AddOrder"`, /Mistake<"AddOrder requires `params` as the next argument">/],
  [`kraken.signSync("CancelOrder");`, `"CancelOrder"`, /Mistake<"CancelOrder requires `params` as the next argument">/],
  [`futures.post("sendorder");`, `"sendorder"`, /Mistake<"sendorder requires `params` as the next argument">/],
  [`futures.sign("GET", "orderbook");`, `"orderbook"`, /Mistake<"orderbook requires `params` as the next argument">/],
  [
    `kraken.call("Balance", {}, { timeouts: 1 });`,
    "timeouts",
    /'timeouts' does not exist in type 'SpotCallOptions'. Did you mean to write 'timeout'/,
  ],
  [`kraken.call("Blance");`, `"Blance"`, /Mistake<"Did you mean Balance\? For a new one, write call<Result>\(\.\.\.\)">/],
  [`kraken.call("balance", {});`, `"balance"`, /Mistake<"Did you mean Balance\?/],
  [`kraken.call("AddOdrer", { pair: "" });`, `"AddOdrer"`, /Mistake<"Did you mean AddOrder\?/],
  [`kraken.call("Earn/Alocat", { amount: "1" });`, `"Earn/Alocat"`, /Mistake<"Did you mean Earn\/Allocate\?/],
  [`kraken.call("BrandNew", { pair: "" });`, `"BrandNew"`, /Mistake<"Unknown endpoint. For a new one, write call<Result>\(\.\.\.\)">/],
  [
    `kraken.call("Balance" as string);`,
    `"Balance"`,
    /Mistake<"The compiler knows only that the endpoint is a string: write call<Result>\(\.\.\.\)">/,
  ],
  [`const balances: Promise<{ a: 1 }> = kraken.call("Blance");`, `"Blance"`, /Mistake<"Did you mean Balance\?/],
  [`kraken.sign("Blance");`, `"Blance"`, /Mistake<"Did you mean Balance\? For a new one, write sign<unknown>\(\.\.\.\)">/],
  [`kraken.signSync("Depht", { pair: "" });`, `"Depht"`, /Mistake<"Did you mean Depth\?/],
  [`futures.get("acounts");`, `"acounts"`, /Mistake<"Did you mean accounts\? For a new one, write get<Answer>\(\.\.\.\)">/],
  [`futures.get("rfqz/1");`, `"rfqz/1"`, /Did you mean rfqs\/\$\{string\}\?/],
  [`futures.post("sendorders", { symbol: "" });`, `"sendorders"`, /Mistake<"Did you mean sendorder\?/],
  [`futures.put("leveragepreference", {});`, `"leveragepreference"`, /Mistake<"Did you mean leveragepreferences\?/],
  [`futures.get("sendorder");`, `"sendorder"`, /Mistake<"sendorder takes POST and not GET">/],
  [`futures.signSync("GET", "acounts");`, `"acounts"`, /Mistake<"Did you mean accounts\?/],
  [
    `socket.subscribe("tiker", { symbol: [] });`,
    `"tiker"`,
    /Mistake<"Did you mean ticker\? For a new one, write subscribe<Parameters>\(\.\.\.\)">/,
  ],
  [`socket.subscribe("ticker");`, `"ticker"`, /Mistake<"ticker requires `params` as the next argument">/],
  [`socket.unsubscribe("tiker");`, `"tiker"`, /Mistake<"Did you mean ticker\?/],
  [`futuresSocket.subscribe("fils");`, `"fils"`, /Mistake<"Did you mean fills\?/],
  [`futuresSocket.unsubscribe("fils");`, `"fils"`, /Mistake<"Did you mean fills\?/],
  [
    `kraken.sign("Depth", { pair: "", cuont: 1 });`,
    "cuont",
    /'cuont' does not exist in type 'SpotParams<"Depth">'. Did you mean to write 'count'/,
  ],
  [`futures.post("sendorder", { symbol: "", side: "buy", size: 1, orderType: "lmt" });`, "{ symbol", /Property 'limitPrice' is missing/],
  [`futures.get("orderbook", { symbol: "", depth: 1 });`, "depth", /'depth' does not exist in type/],
  [
    `futures.sign("POST", "sendorder", { symbol: "", side: "buyy", size: 1, orderType: "mkt" });`,
    "side",
    /"buyy"' is not assignable to type/,
  ],
  [
    `placeOrder(kraken, { pair: "", type: "buy", ordertype: "market", volum: 1 });`,
    "volum",
    /'volum' does not exist in type|did you mean to write 'volume'/i,
  ],
  [`placeOrder(kraken, { pair: "", type: "buy", ordertype: "limit", volume: 1 });`, "{ pair", /Property 'price' is missing/],
  [`placeOrder(futures, { symbol: "", side: "buyy", size: 1, orderType: "mkt" });`, "side", /"buyy"' is not assignable to type/],
  [`pages(kraken, "Ledgers", { ofs: 1 });`, "ofs", /'ofs' does not exist in type/],
  [
    `await kraken.call<{ txid: string[] }>("AddOrder", { typ: "buy" });`,
    "await",
    /"This endpoint is known and has its types: leave out the type argument, which is for a new endpoint"/,
  ],
  [`await kraken.call<any>("Balance");`, "await", /"This endpoint is known and has its types: leave out the type argument/],
  [`await futures.post<unknown>("sendorder", { side: "hold" });`, "await", /"This endpoint is known and has its types: leave out/],
  [`await socket.subscribe<any>("book", { depth: 7 });`, "await", /"This channel is known and has its types: leave out/],
  [`await futuresSocket.subscribe<any>("fills", {});`, "await", /"This feed is known and has its types: leave out/],
  [`socket.call("addOrder", { symbol: "" });`, `"addOrder"`, /Mistake<"Did you mean add_order\?">/],
  [`socket.call("cancel_oder", { order_id: [""] });`, `"cancel_oder"`, /Mistake<"Did you mean cancel_order\?">/],
  [`socket.call("frobnicate", {});`, `"frobnicate"`, /Mistake<"Unknown method">/],
  [`socket.call<any>("add_order", {});`, "any", /Expected 2 type arguments, but got 1/],
  [
    `kraken.call("CancelOrder", withNonce);`,
    "withNonce",
    /'number' is not assignable to type 'Mistake<"The client adds the nonce: leave it out">'/,
  ],
  [
    `socket.call("add_order", { symbol: "", side: "buy", order_type: "limit", order_qty: 1 });`,
    "{ symbol",
    /Property 'limit_price' is missing in type .* required in type 'SocketLimitOrder'/,
  ],
  [
    `socket.call("add_order", { symbol: "", side: "buy", order_type: "limit", order_qty: 1, limit_prise: 1 });`,
    "limit_prise",
    /'limit_prise' does not exist in type .*Did you mean to write 'limit_price'/,
  ],
  [`socket.call("amend_order", { order_id: "", limit_prise: 1 });`, "limit_prise", /'limit_prise' does not exist in type/],
  [`socket.call("cancel_order", { order_ids: [""] });`, "order_ids", /'order_ids' does not exist in type/],
  ...[`kraken.call("CancelOrder", {});`, `kraken.call("CancelOrder", { txid: "O", cl_ord_id: "" });`].map((line) => [
    line,
    "{",
    /'UndecidedCancelOrder<"Pass either `txid` or `cl_ord_id`">'/,
  ]),
  ...[
    `kraken.call("AmendOrder", {});`,
    `kraken.sign("AmendOrder", { limit_price: 1 });`,
    `kraken.signSync("AmendOrder", { txid: "O", cl_ord_id: "", limit_price: 1 });`,
  ].map((line) => [line, "{", /'UndecidedAmendOrder<"Pass either `txid` or `cl_ord_id`">'/]),
  ...[`kraken.call("CancelOrderBatch", {});`, `kraken.signSync("CancelOrderBatch", {});`].map((line) => [
    line,
    "{",
    /'UndecidedCancelOrderBatch<"Pass `orders` or `cl_ord_ids`">'/,
  ]),
  [`kraken.call("CancelOrderBatch");`, `"CancelOrderBatch"`, /Mistake<"CancelOrderBatch requires `params` as the next argument">/],
  [`kraken.call("CancelOrderBatch", { order: ["O"] });`, "order:", /'order' does not exist in type .*Did you mean to write 'orders'/],
  [`futures.post("orders/status", {});`, "{", /'UndecidedOrdersStatus<"Pass `orderIds` or `cliOrdIds`">'/],
  [`futures.post("rfqs/place-offer/1", {});`, "{", /'UndecidedPlaceOffer<"Pass `bid` or `ask`, or `bidSide` or `askSide`">'/],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1, price: 1, userref: 1, cl_ord_id: "mine" });`,
    "{ pair",
    /'(string|number)' is not assignable to type 'Mistake<"Pass either `userref` or `cl_ord_id`">'/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1, price: 1, timeinforce: "GTD" });`,
    "{ pair",
    /Property 'expiretm' is missing in type .* required in type '\w+'/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1, timeinforce: "GTD", expiretm: 1 });`,
    "{ pair",
    /Property 'price' is missing/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "limit", volume: 1, price: 1, timeinforce: "GTX" });`,
    "timeinforce",
    /"GTX"' is not assignable to type/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "market", volume: 1, close: { ordertype: "stop-loss-limit", price: 1 } });`,
    "close",
    /Property 'price2' is missing in type .* required in type 'CloseWithPrices'/,
  ],
  ...[`kraken.call<unknown>("BrandNew", { nonce: 1 });`, `kraken.call<unknown>("BrandNew", { pair: "", nonce: 1 });`].map((line) => [
    line,
    ["call<", "nonce"],
    /'number' is not assignable to type 'Mistake<"The client adds the nonce: leave it out">'/,
  ]),
  [`futures.get<unknown>("brandnew", { nonce: 1 });`, ["get<", "nonce"], /Mistake<"The client adds the nonce: leave it out">/],
  [`futures.post<unknown>("brandnew", { otp: 1 });`, ["post<", "otp"], /Mistake<"The client adds the one-time password: leave it out/],
  [
    `(await futures.get("tickers/")).ticker;`,
    "ticker;",
    /'ticker' does not exist on type 'Mistake<"A part of this path is empty, or there is one too many">'/,
  ],
  [
    `(await futures.get("/api/charts/v1/trade/PF_XBTUSD/2m")).candles;`,
    "candles",
    /'candles' does not exist on type 'Mistake<"A candle takes 1m, 5m, /,
  ],
  [`futures.post("rfqs/place-offer/", { bid: 1 });`, "{", /'UndecidedPlaceOffer<"The path ends before the id of the request">'/],
  [`kraken.call("CancelOrder", { txids: "O" });`, "txids", /'txids' does not exist in type .*Did you mean to write 'txid'/],
  [`kraken.call("CancelOrder", { txid: true });`, "txid", /'(true|boolean)' is not assignable to type 'string \| number \| undefined'/],
  [`kraken.call("CancelOrder", { txid: "O", limit_price: 1 });`, "limit_price", /'limit_price' does not exist in type/],
  [
    `kraken.call("AmendOrder", { txid: "O", limit_prise: 1 });`,
    "limit_prise",
    /'limit_prise' does not exist in type .*Did you mean to write 'limit_price'/,
  ],
  [`kraken.call("AmendOrder", amendment);`, "amendment", /Property 'cl_ord_id' is missing in type/],
  ...[
    `futures.post("cancelorder", {});`,
    `futures.post("cancelorder", { processBefore: "" });`,
    `futures.sign("POST", "cancelorder", { order_id: "", cliOrdId: "" });`,
  ].map((line) => [line, "{", /'UndecidedCancelOrder<"Pass either `order_id` or `cliOrdId`">'/]),
  [`futures.post("cancelorder", { orderid: "" });`, "orderid", /'orderid' does not exist in type .*Did you mean to write 'order_id'/],
  ...[`futures.post("editorder", {});`, `futures.post("editorder", { size: 1 });`].map((line) => [
    line,
    "{",
    /'UndecidedEditOrder<"Pass `orderId` or `cliOrdId`">'/,
  ]),
  [`futures.post("editorder", { order_id: "" });`, "order_id", /'order_id' does not exist in type .*Did you mean to write 'orderId'/],
  ...[
    `futures.post("rfqs/open-rfqs/accept-offer/1", {});`,
    `futures.post("rfqs/open-rfqs/accept-offer/1", { bidAccepted: 1, askAccepted: 1 });`,
  ].map((line) => [line, "{", /'UndecidedAcceptOffer<"Pass either `bidAccepted` or `askAccepted`">'/]),
  ...[`socket.call("amend_order", {});`, `socket.call("amend_order", { order_id: "", cl_ord_id: "" });`].map((line) => [
    line,
    "{",
    /'UndecidedAmendOrder<"Pass either `order_id` or `cl_ord_id`">'/,
  ]),
  [`socket.call("cancel_order", {});`, "{", /'UndecidedCancelOrder<"Pass `order_id`, `cl_ord_id` or `order_userref`">'/],
  [`kraken.call("AddOrder", limit);`, "limit", WIDENED],
  [`kraken.call("AddOrder", market);`, "market", WIDENED],
  [`kraken.signSync("AddOrder", { ...limit, userref: 1 });`, "{", WIDENED],
  [`placeOrder(kraken, { ...limit, cl_ord_id: "" });`, "{", WIDENED],
  [`kraken.call("AddOrderBatch", { pair: "", orders: [{ ...limit, leverage: 5 }] });`, "{ ...", WIDENED],
  [`futures.post("sendorder", futuresLimit);`, "futuresLimit", WIDENED],
  [`futures.post("sendorder", futuresMarket);`, "futuresMarket", WIDENED],
  [`futures.signSync("POST", "sendorder", { ...futuresLimit, reduceOnly: true });`, "{", WIDENED],
  [`placeOrder(futures, { ...futuresLimit, cliOrdId: "" });`, "{", WIDENED],
  [`socket.call("add_order", socketLimit);`, "socketLimit", WIDENED],
  [`socket.call("add_order", socketMarket);`, "socketMarket", WIDENED],
  [`socket.call("batch_add", { symbol: "", orders: [{ ...socketLimit, margin: true }] });`, "{ ...", WIDENED],
  [
    `kraken.call("AddOrder", { pair: "", type: text, ordertype: "limit", volume: 1, price: 1 });`,
    "type:",
    /'string' is not assignable to type 'Side'|'string' is not assignable to type '"buy" \| "sell"'/,
  ],
  [
    `kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "LIMIT", volume: 1, price: 1 });`,
    "ordertype",
    /'"LIMIT"' is not assignable to type .*Did you mean '"limit"'/,
  ],
  [
    `new SpotClient({ key: text as string | undefined, secret: text as string | undefined });`,
    "{",
    /'string \| undefined' is not assignable to type 'string'[^]*'undefined' is not assignable to type 'string'/,
  ],
  [
    `new FuturesClient({ key: text as string | undefined, secret: text, fetch });`,
    "key",
    /'string \| undefined' is not assignable to type 'string'[^]*'undefined' is not assignable to type 'string'/,
  ],
];

describe("a mistake is reported once, at its place, in a message that names it", { concurrency: 2 }, () => {
  for (const [version, compiler] of Object.entries(COMPILERS))
    test(`TypeScript ${version}`, async () => {
      const path = folder(`${version} mistakes`, "mistakes.ts", { ...BUNDLER, skipLibCheck: true });
      writeFileSync(join(path, "mistakes.ts"), HEAD + MISTAKES.map(([line]) => line).join("\n"));
      const output = await compile(compiler, path);
      const errors = output.split(/^(?=mistakes\.ts\()/m).map((text) => ({
        text,
        at: text
          .match(/^mistakes\.ts\((\d+),(\d+)\)/)
          ?.slice(1)
          .map(Number),
      }));
      for (const [place, [line, where, message]] of MISTAKES.entries()) {
        const told = errors.filter(({ at }) => at?.[0] === place + HEAD.split("\n").length);
        assert.equal(told.length, 1, `${line}\n${output}`);
        assert.match(told[0].text, message, line);
        assert.ok(told[0].text.split("\n").length < 12, told[0].text);
        // Where several signatures are tried, older versions show the call, and newer ones the mistake in it.
        const places = [where].flat().map((text) => line.indexOf(text) + 1);
        assert.ok(places.includes(told[0].at[1]), told[0].text);
      }
    });
});

describe("an editor offers", () => {
  const path = folder("editor", "editor.ts", BUNDLER);
  const file = join(path, "editor.ts");
  const options = ts.parseJsonConfigFileContent({ compilerOptions: { ...STRICT, ...BUNDLER }, files: ["editor.ts"] }, ts.sys, path).options;
  let text = "";
  let version = 0;
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? `${version}` : "0"),
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => path,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });

  /** What the editor offers at the `|` of a line. */
  function offeredAt(line) {
    text = HEAD + line.replace("|", "");
    version++;
    const { entries = [] } = service.getCompletionsAtPosition(file, HEAD.length + line.indexOf("|"), {}) ?? {};
    return entries;
  }

  for (const [line, ...offered] of [
    [`kraken.call("|")`, "Balance", "AddOrder", "Earn/Allocate", "Ticker"],
    [`kraken.call("AddOrder", { | })`, "pair", "ordertype", "volume", "cl_ord_id"],
    [`kraken.call("AddOrder", { ordertype: "|" })`, "limit", "trailing-stop"],
    [`kraken.call("AddOrder", { pair: "", type: "|" })`, "buy", "sell"],
    [`kraken.call("AddOrder", { pair: "", type: "buy", ordertype: "market", volume: 1, oflags: "|" })`, "post", "fciq", "post,fciq"],
    [`kraken.call("TradesHistory", { | })`, "start", "end", "ofs"],
    [`kraken.call("CancelOrder", { | })`, "txid", "cl_ord_id"],
    [`kraken.call("AmendOrder", { txid: "", | })`, "limit_price", "deadline"],
    [`futures.post("cancelorder", { | })`, "order_id", "cliOrdId"],
    [`socket.call("cancel_order", { | })`, "order_id", "cl_ord_id", "order_userref"],
    [`kraken.call("OpenOrders").then((result) => result.|)`, "open"],
    [`kraken.sign("|")`, "Balance"],
    [`futures.get("|")`, "accounts", "/api/history/v3/executions"],
    [`futures.post("sendorder", { | })`, "symbol", "orderType"],
    [`futures.post("sendorder", { orderType: "lmt", | })`, "limitPrice", "processBefore", "size"],
    [`futures.post("editorder", { | })`, "orderId", "cliOrdId", "size", "limitPrice"],
    [`futures.get("fills", { | })`, "lastFillTime"],
    [`futures.get("/api/history/v3/executions", { | })`, "since", "sort"],
    [`futures.sign("POST", "sendorder", { orderType: "lmt", | })`, "limitPrice"],
    [`placeOrder(kraken, { | })`, "pair", "ordertype", "volume"],
    [`placeOrder(futures, { | })`, "symbol", "orderType"],
    [`pages(kraken, "|")`, "TradesHistory", "Ledgers"],
    [`socket.subscribe("|")`, "ticker", "executions"],
    [`socket.subscribe("book", { | })`, "symbol", "depth"],
    [`futuresSocket.subscribe("|")`, "fills", "ticker"],
  ])
    test(line, () => {
      const names = offeredAt(line).map(({ name }) => name);
      assert.deepEqual(
        offered.filter((name) => !names.includes(name)),
        [],
        names.slice(0, 30).join(" "),
      );
    });

  // A line, and the types that have exactly the names that are offered there. (One union could hide names that a template in another one includes.)
  for (const [line, ...types] of [
    [`kraken.call("|")`, "keyof SpotEndpoints"],
    [`kraken.call("|", {})`, "keyof SpotEndpoints"],
    [`kraken.sign("|")`, "keyof SpotEndpoints"],
    [`kraken.signSync("|")`, "keyof SpotEndpoints"],
    [`futures.get("|")`, 'FuturesName<"GET">'],
    [`futures.post("|")`, 'FuturesName<"POST">'],
    [`futures.put("|", {})`, 'FuturesName<"PUT">'],
    [`futures.sign("POST", "|")`, 'FuturesName<"GET">', 'FuturesName<"POST">', 'FuturesName<"PUT">', 'FuturesName<"DELETE">'],
    [`socket.call("|", {})`, "keyof SpotMethods"],
    [`socket.subscribe("|")`, "keyof SpotSubscriptions"],
    [`socket.unsubscribe("|")`, "keyof SpotSubscriptions"],
    [`futuresSocket.subscribe("|")`, "KnownFuturesFeed"],
    [`futuresSocket.unsubscribe("|")`, "KnownFuturesFeed"],
    [`pages(kraken, "|")`, "keyof SpotPages"],
  ])
    test(`nothing but names: ${line}`, () => {
      const names = (of) => offeredAt(of).map(({ name }) => name);
      const known = new Set(types.flatMap((type) => names(`const name: ${type} = "|";`)));
      assert.ok(known.size);
      assert.deepEqual([...new Set(names(line))].sort(), [...known].sort());
    });

  test("nothing but the parameters where one of several is required", () => {
    const names = offeredAt(`kraken.call("CancelOrder", { | })`).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["cl_ord_id", "nonce", "otp", "txid"]);
  });

  test("the client's own parameters are offered last, and struck through", () => {
    const entries = offeredAt(`kraken.call("TradesHistory", { | })`).sort((one, other) => (one.sortText < other.sortText ? -1 : 1));
    const isStruck = ({ kindModifiers }) => /\bdeprecated\b/.test(kindModifiers ?? "");
    assert.deepEqual(
      entries
        .slice(-2)
        .map(({ name }) => name)
        .sort(),
      ["nonce", "otp"],
    );
    assert.deepEqual(
      entries.map(isStruck),
      entries.map((_, place) => place >= entries.length - 2),
    );
  });
});
