// For a treasury: check({ for }) says which permissions are missing, and a look before a withdrawal says what would go wrong.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError, checkWithdrawal, withdraw } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ADDRESSES = [
  { asset: "XBT", key: "cold", address: "bc1qcold", fee: "0.0001" },
  { asset: "XBT", key: "new", address: "bc1qnew", verified: false },
  { asset: "ETH", key: "eth", address: "0xeth", fee: "0.003" },
];
const READ = ["query-funds", "query-ledger"];
const WITHDRAW = ["query-funds", "withdraw-funds"];

function open(permissions = [undefined], settings = {}) {
  const exchange = new Exchange({ withdrawAddresses: ADDRESSES, balances: { XXBT: "2", ZUSD: "1000" }, ...settings });
  const keys = permissions.map((one, place) => {
    const { key, secret } = exchange.addKey({ permissions: one });
    return { key, secret, ...(permissions.length > 1 && { use: place ? "write" : "read" }) };
  });
  const client = new SpotClient({ keys, fetch: exchange.fetch, retries: 0 });
  const sent = () => exchange.requests.map(({ endpoint }) => endpoint);
  return { exchange, keys, client, sent };
}

test("check({ for }) says what one key lacks, and which of its permissions nothing needs", async () => {
  const { client } = open([["query-funds", "modify-trades", "query-open-trades"]]);
  const { works, missing, unneeded, keys } = await client.check({ for: ["Balance", "AddOrder", "WithdrawInfo", "WithdrawStatus", "Time"] });
  assert.deepEqual([works, unneeded, keys], [true, ["query-open-trades"], undefined]);
  assert.deepEqual(missing, [
    { endpoint: "WithdrawInfo", lacks: ["withdraw-funds"], message: "WithdrawInfo: the key lacks withdraw-funds." },
    { endpoint: "WithdrawStatus", lacks: ["withdraw-funds"], message: "WithdrawStatus: the key lacks withdraw-funds." },
  ]);
  assert.deepEqual((await client.check({ for: ["Balance"] })).missing, []);
  const plain = await client.check();
  assert.ok(!("missing" in plain) && !("unneeded" in plain));
});

test("for several keys, an endpoint is missing if none of them may call it, and each key has its own report", async () => {
  const { client, sent, keys } = open([READ, WITHDRAW]);
  const report = await client.check({ for: ["Balance", "Ledgers", "Withdraw", "AddOrder"] });
  assert.deepEqual(sent(), ["GetApiKeyInfo", "GetApiKeyInfo"]);
  assert.deepEqual(report.missing, [{ endpoint: "AddOrder", lacks: ["modify-trades"], message: "AddOrder: the key lacks modify-trades." }]);
  assert.deepEqual(
    report.keys.map(({ keyEnding, missing, unneeded }) => [keyEnding, missing.map(({ endpoint }) => endpoint), unneeded]),
    [
      [keys[0].key.slice(-4), ["Withdraw", "AddOrder"], []],
      [keys[1].key.slice(-4), ["Ledgers", "AddOrder"], []],
    ],
  );
  const one = await client.check({ for: ["Withdraw"], key: keys[0].key });
  assert.deepEqual([one.missing.length, one.keys], [1, undefined]);
});

test("a key with the role `read`, and one that Kraken rejects, may not call a write", async () => {
  const { client, exchange } = open([WITHDRAW, READ]);
  const [reader] = (await client.check({ for: ["Withdraw"] })).keys;
  assert.deepEqual(reader.missing, [
    { endpoint: "Withdraw", lacks: [], message: "Withdraw: the key has the role `read`, and the call changes something." },
  ]);
  exchange.inject({ fault: "error", error: "EAPI:Invalid key", times: 2 });
  const { works, missing } = await client.check({ for: ["Balance"] });
  assert.deepEqual([works, missing.map(({ message }) => message)], [false, ["Balance: Kraken does not accept the key."]]);
});

test("the permissions that check({ for }) has learned decide on the key of later calls", async () => {
  const { client, exchange, keys } = open([READ, WITHDRAW]);
  await client.check({ for: ["Withdraw"] });
  await checkWithdrawal(client, { asset: "XBT", key: "cold", amount: "1" });
  assert.equal(exchange.requests.at(-1).headers.get("api-key"), keys[1].key);
});

test("an unknown endpoint in `for` is refused before anything is sent", async () => {
  const { client, sent } = open();
  for (const [names, message] of [
    [["AddOrders"], 'Unknown endpoint "AddOrders" in `for`. Did you mean "AddOrder"?'],
    [["constructor"], 'Unknown endpoint "constructor" in `for`.'],
    ["AddOrder", 'Invalid `for`: expected an array of endpoints, such as ["AddOrder", "Withdraw"], got a string.'],
  ])
    await assert.rejects(client.check({ for: names }), { code: "ERR_INVALID_REQUEST", message });
  assert.deepEqual(sent(), []);
});

test("Futures: check({ for }) takes names with and without their method", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures", level: "read-only", withdrawal: "none" });
  const client = new FuturesClient({ key, secret, fetch: exchange.fetch });
  const { missing, unneeded } = await client.check({ for: ["openorders", "sendorder", "POST:withdrawal"] });
  assert.deepEqual([missing.map(({ endpoint }) => endpoint), unneeded], [["sendorder", "POST:withdrawal"], []]);
});

const WITHDRAWAL = { asset: "XBT", key: "cold", amount: "0.5", max_fee: "0.00010" };

test("withdraw() looks at address, fee and limit, and sends the withdrawal once", async () => {
  const { client, exchange, sent } = open();
  const { refid, check } = await withdraw(client, { ...WITHDRAWAL, address: "bc1qcold" });
  assert.match(refid, /^F/);
  const terms = { fee: "0.0001000000", limit: "1.9999000000", arrives: "0.4999000000" };
  assert.deepEqual(check, { ok: true, problems: [], address: "bc1qcold", ...terms });
  assert.deepEqual(sent(), ["WithdrawAddresses", "WithdrawInfo", "Withdraw"]);
  assert.deepEqual(exchange.executions.at(-1).params, { ...WITHDRAWAL, address: "bc1qcold" });
});

for (const [what, change, problem] of [
  ["an address that is not on the list", { key: "other" }, 'The account\'s list has no address "other" for XBT.'],
  ["an address of another asset", { key: "eth" }, 'The account\'s list has no address "eth" for XBT.'],
  ["another address than the given one", { address: "bc1qother" }, '"cold" is another address for XBT than the given one.'],
  ["an address that is not verified", { key: "new" }, 'The address "new" is not verified.'],
  ["a fee above max_fee", { max_fee: "0.00009999" }, "The fee is 0.0001000000 XBT, and `max_fee` is 0.00009999."],
  ["an amount of which nothing would arrive", { amount: "0.0001" }, "Nothing would arrive, because the fee is 0.0001000000 XBT."],
  ["an amount above the limit", { amount: "2.00000001" }, "Only 1.9999000000 XBT can be withdrawn now, after the fee."],
  ["a max_fee that cannot be read", { max_fee: "free" }, "The fee or `max_fee` is not a decimal number."],
  // Kraken would not see it, because a list is sent as other parameters.
  ["a list as max_fee", { max_fee: ["0.0002"] }, "The fee or `max_fee` is not a decimal number."],
  ["a symbol as max_fee", { max_fee: Symbol("0.0002") }, "The fee or `max_fee` is not a decimal number."],
  ["an amount that only Kraken can read", { amount: ".5" }, "The amount, or the limit in Kraken's answer, is not a decimal number."],
]) {
  test(`withdraw() withdraws nothing if there is ${what}`, async () => {
    const { client, sent } = open();
    const withdrawal = { ...WITHDRAWAL, ...change };
    const { ok, problems } = await checkWithdrawal(client, withdrawal);
    assert.deepEqual([ok, problems], [false, [problem]]);
    await assert.rejects(withdraw(client, withdrawal), { code: "ERR_INVALID_REQUEST", message: `Nothing was withdrawn: ${problem}` });
    assert.ok(!sent().includes("Withdraw"));
  });
}

test("an address is verified only if Kraken says so", async () => {
  for (const verified of [undefined, null, 1, "true"]) {
    const answers = {
      WithdrawAddresses: [{ key: "cold", address: "bc1qcold", verified }],
      WithdrawInfo: { fee: "0.0001", limit: "5", amount: "0.4999" },
    };
    const { problems } = await checkWithdrawal({ call: async (endpoint) => answers[endpoint], check: async () => ({}) }, WITHDRAWAL);
    assert.deepEqual(problems, ['The address "cold" is not verified.']);
  }
});

test("what was looked at is what is withdrawn, even if the caller changes the object meanwhile", async () => {
  const { client, exchange } = open();
  const withdrawal = { ...WITHDRAWAL };
  const withdrawn = withdraw(client, withdrawal);
  Object.assign(withdrawal, { key: "new", amount: "1.5", max_fee: "1" });
  await withdrawn;
  assert.deepEqual(exchange.executions.at(-1).params, WITHDRAWAL);
});

test("a fee that cannot be read is a problem without a max_fee, too", async () => {
  for (const [fee, isRead] of [
    ["0.0001", true],
    ["0", true],
    [undefined, false],
    [null, false],
    ["-0.1", false],
    [1e-7, false],
    ["", false],
  ]) {
    const answers = {
      WithdrawAddresses: [{ key: "cold", address: "bc1qcold", verified: true }],
      WithdrawInfo: { fee, limit: "5", amount: "0.4" },
    };
    const client = { check() {}, call: async (endpoint) => answers[endpoint] };
    const { ok, problems } = await checkWithdrawal(client, { asset: "XBT", key: "cold", amount: "0.5" });
    assert.deepEqual([ok, problems], [isRead, isRead ? [] : ["The fee or `max_fee` is not a decimal number."]], `${fee}`);
  }
});

test("the whole balance can be withdrawn, because the fee is taken from the amount", async () => {
  const { client, exchange } = open();
  assert.equal((await withdraw(client, { ...WITHDRAWAL, amount: "2" })).check.arrives, "1.9999000000");
  assert.equal(exchange.executions.at(-1).params.amount, "2");
});

test("a name with several addresses is a problem, unless the address is given and verified wherever it is listed", async () => {
  const { client, exchange } = open();
  const row = { asset: "XBT", key: "cold", verified: true };
  const look = async (rows, address) => {
    const body = JSON.stringify({ error: [], result: rows.map((one) => ({ ...row, ...one })) });
    exchange.inject({ fault: "body", body, endpoint: "WithdrawAddresses" });
    return (await checkWithdrawal(client, { ...WITHDRAWAL, ...(address && { address }) })).problems;
  };
  const two = [{ address: "bc1qcold" }, { address: "bc1qother" }];
  assert.deepEqual(await look(two), ['"cold" is the name of 2 addresses for XBT. Pass `address`.']);
  assert.deepEqual(await look(two, "bc1qcold"), []);
  const networks = [{ address: "bc1qcold" }, { address: "bc1qcold", method: "Lightning", verified: false }];
  for (const address of [undefined, "bc1qcold"]) assert.deepEqual(await look(networks, address), ['The address "cold" is not verified.']);
});

test("`address` and `max_fee` that are undefined are refused, as from a variable that is not set", async () => {
  const { client, sent } = open();
  for (const name of ["address", "max_fee"])
    for (const work of [
      () => withdraw(client, { ...WITHDRAWAL, [name]: undefined }),
      () => withdraw(client, { ...WITHDRAWAL, [name]: undefined }, { look: false }),
      () => checkWithdrawal(client, { ...WITHDRAWAL, [name]: undefined }),
    ])
      await assert.rejects(work(), {
        code: "ERR_INVALID_REQUEST",
        message: `Invalid \`${name}\`: it is undefined. Is the environment variable set? Leave it out to skip this check.`,
      });
  assert.deepEqual(sent(), []);
});

test("an answer without a fee, a limit or an address is a problem", async () => {
  const { client, exchange } = open();
  exchange.inject({ fault: "body", body: '{"error":[],"result":{"method":"Bitcoin"}}', endpoint: "WithdrawInfo" });
  assert.equal((await checkWithdrawal(client, WITHDRAWAL)).problems.length, 2);
  exchange.inject({ fault: "body", body: '{"error":[],"result":[{"key":"cold","verified":true}]}', endpoint: "WithdrawAddresses" });
  assert.deepEqual((await checkWithdrawal(client, WITHDRAWAL)).problems, ['Kraken shows no address behind "cold".']);
});

test("with look: false, Kraken alone judges, also by max_fee", async () => {
  const { client, sent } = open();
  await assert.rejects(withdraw(client, { ...WITHDRAWAL, max_fee: "0.00001" }, { look: false }), {
    code: "ERR_API",
    errors: ["EFunding:Max fee exceeded"],
  });
  assert.deepEqual(await withdraw(client, WITHDRAWAL, { look: false }).then(({ check }) => check), undefined);
  assert.deepEqual(sent(), ["Withdraw", "Withdraw"]);
});

test("a withdrawal of unknown outcome is not sent again, and the error says where to look", async () => {
  for (const when of ["before", "after"]) {
    const { client, exchange, sent } = open();
    exchange.inject({ fault: "reset", when, endpoint: "Withdraw" });
    const error = await withdraw(client, WITHDRAWAL).catch((caught) => caught);
    assert.ok(error instanceof UnknownOutcomeError);
    assert.match(
      error.reason,
      /^Look at WithdrawStatus for a withdrawal of 0\.5 XBT, or of that less the fee, to "cold" that was made since\./,
    );
    // Within a nonce window, a higher nonce does not lock a late copy out.
    assert.ok(
      error.reason.includes(`check() of the key that ends in ${error.keyEnding} shows a nonce above ${error.nonce} and a nonceWindow of 0`),
      error.reason,
    );
    // Kraken lists it a moment after it has accepted it.
    assert.match(error.reason, /wait a minute, and look again/);
    assert.equal(sent().filter((endpoint) => endpoint === "Withdraw").length, 1);
    // As in answers that others recorded, the list has the amount without the fee.
    const rows = await client.call("WithdrawStatus", { asset: "XBT" });
    assert.deepEqual(
      rows.map(({ key, amount, fee }) => [key, Number(amount), Number(fee)]),
      when === "after" ? [["cold", 0.4999, 0.0001]] : [],
    );
  }
});

test("mistakes in the arguments are refused", async () => {
  const { client, sent } = open();
  await assert.rejects(withdraw(WITHDRAWAL, client), { message: /^withdraw: expected a SpotClient/ });
  await assert.rejects(withdraw(client, WITHDRAWAL, { dryRun: true }), { message: /Unknown option `dryRun` of withdraw/ });
  await assert.rejects(checkWithdrawal(client, WITHDRAWAL, { look: true }), { message: /Unknown option `look`/ });
  assert.deepEqual(sent(), []);
});

test("without addresses, the exchange accepts any name; with some, it judges as Kraken does", async () => {
  const any = open([undefined], { withdrawAddresses: [] });
  assert.ok((await any.client.call("Withdraw", { asset: "XBT", key: "any", amount: "1" })).refid);
  assert.deepEqual(await any.client.call("WithdrawAddresses"), []);
  const { client } = open();
  for (const [change, error] of [
    [{ key: "other" }, "EFunding:Unknown withdraw key"],
    [{ key: "new" }, "EFunding:Unknown withdraw key"],
    [{ address: "bc1qother" }, "EFunding:Invalid address"],
  ])
    await assert.rejects(client.call("Withdraw", { ...WITHDRAWAL, ...change }), { errors: [error] });
  const twice = open([undefined], {
    withdrawAddresses: [ADDRESSES[0], { asset: "ETH", key: "cold", address: "0xcold", verified: false }],
    balances: { XETH: "2" },
  });
  await assert.rejects(twice.client.call("Withdraw", { asset: "ETH", key: "cold", amount: "1" }), {
    errors: ["EFunding:Unknown withdraw key"],
  });
  const names = async (params) => (await client.call("WithdrawAddresses", params)).map(({ key }) => key);
  assert.deepEqual(await names({}), ["cold", "new", "eth"]);
  assert.deepEqual(await names({ asset: "XBT", verified: true }), ["cold"]);
  assert.equal((await client.call("WithdrawInfo", { asset: "XBT", key: "cold", amount: "1" })).amount, "0.9999000000");
});

test("the simulated ledger shows amount and fee of a withdrawal apart, and a cancellation returns both", async () => {
  const { client } = open();
  const { refid } = await withdraw(client, WITHDRAWAL);
  assert.equal(Number((await client.call("Balance")).XXBT), 1.5);
  await client.call("WithdrawCancel", { asset: "XBT", refid });
  assert.equal(Number((await client.call("Balance")).XXBT), 2);
  const { ledger } = await client.call("Ledgers", { type: "withdrawal" });
  const rows = Object.values(ledger).map(({ amount, fee, balance }) => [amount, fee, balance].map(Number));
  assert.deepEqual(rows.reverse(), [
    [-0.4999, 0.0001, 1.5],
    [0.4999, -0.0001, 2],
  ]);
});
