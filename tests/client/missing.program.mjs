// Takes a global, such as `WebAssembly` or `crypto.subtle`, away, and calls what the package has. Prints a line of JSON for each step.
const [missing] = process.argv.slice(2);
if (missing !== "nothing") {
  const names = missing.split(".");
  const owner = names.slice(0, -1).reduce((object, name) => object[name], globalThis);
  Object.defineProperty(owner, names.at(-1), { value: undefined });
}
const { FuturesClient, Signer, SpotClient } = await import("kraken-signer");
const { RedisLane } = await import("kraken-signer/redis");

const ANSWERS = {
  Time: { error: [], result: { unixtime: 1 } },
  Balance: { error: [], result: { ZUSD: "1" } },
  AddOrder: { error: [], result: { txid: ["OAAAAA-AAAAA-AAAAAA"] } },
  accounts: { result: "success", accounts: {} },
};
let requests = 0;
async function fetch(url) {
  requests++;
  return { status: 200, text: async () => JSON.stringify(ANSWERS[url.split("/").at(-1)]) };
}
const key = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRz";
const secret = `${"A".repeat(86)}==`;
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "1" };
const client = () => new SpotClient({ key, secret, fetch });
const redis = { isOpen: true, evalSha: async () => "1", eval: async () => "1", sendCommand: async () => "1" };

const STEPS = {
  signer: () => new Signer(secret).signSpot("/0/private/Balance", "1", "nonce=1"),
  public: () => new SpotClient({ fetch }).call("Time"),
  balance: () => client().call("Balance"),
  order: () => client().call("AddOrder", order),
  "own id": () => client().call("AddOrder", { ...order, userref: 1 }),
  futures: () => new FuturesClient({ key, secret, fetch }).get("accounts"),
  inspector: async () =>
    (await import("kraken-signer/inspect")).explain({ api: "spot", secret, path: "/0/private/Balance", body: "nonce=1" }),
  redis: () => new RedisLane({ redis, key }).run(async () => {}),
};
for (const [step, run] of Object.entries(STEPS)) {
  const before = requests;
  const error = await Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (thrown) => thrown,
    );
  console.log(JSON.stringify([step, error && `${error.name} ${error.code} ${error.message}`, requests - before]));
}
console.log('"end"');
