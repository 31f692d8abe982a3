// Lets instances trap, and looks at what comes after.
import { equal, ok, throws } from "../conformance/assert.mjs";
import { base32, base64, Random } from "./random.mjs";

const PATH = "/0/private/Balance";

/**
 * Starts a new instance.
 *
 * @returns a function that lets each of its exports end as a trap does. (The binary has no pointer in its memory that could be
 *   spoilt, and no way to a trap that a test knows.)
 */
export function fresh(core) {
  core().crash = new Error("The tests want a new instance.");
  const instance = core();
  return () => {
    const trap = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    instance.exports = {
      ...Object.fromEntries(Object.keys(instance.exports).map((name) => [name, trap])),
      memory: instance.exports.memory,
    };
  };
}

/**
 * @param kit what `kraken-signer` exports, and `core` from inside it: the instance in use
 * @param seed of the random keys
 * @returns `[name, function]` pairs
 */
export function crash(kit, seed) {
  const { clientOrderId, core, KrakenError, NonceSource, Signer, Totp } = kit;
  const random = new Random(seed, "crash");
  const secret = base64(random.bytes(64));
  const other = base64(random.bytes(64));
  const setupKey = base32(random.bytes(20));

  const memory = () => new Uint8Array(core().exports.memory.buffer);

  function crashes(work, what) {
    const error = throws(work, KrakenError, what);
    equal(error.code, "ERR_CRASHED", what);
    ok(/crashed/.test(error.message) && /Construct the object again/.test(error.message), `${what}: says ${error.message}`);
    ok(error.cause === undefined, `${what}: the cause of a trap says nothing to the caller`);
  }

  const calls = {
    "signSpot()": ({ signer }) => signer.signSpot(PATH, 1),
    "signSpot() of a long body": ({ signer }) => signer.signSpot(PATH, 1, "long ".repeat(20_000)),
    "signFutures()": ({ signer }) => signer.signFutures(PATH, "a=b", 1),
    "signChallenge()": ({ signer }) => signer.signChallenge("c100b894-1729-464d-ace1-52dbce11db42"),
    "signFixLogon()": ({ signer }) => signer.signFixLogon("35=A\u0001", 1),
    "code()": ({ totp }) => totp.code(0),
    "remaining()": ({ totp }) => totp.remaining(0),
    "verify()": ({ totp }) => totp.verify("123456", { at: 0 }),
    "free()": ({ signer }) => signer.free(),
    "new Signer()": () => new Signer(secret),
    "new Signer() from bytes": () => new Signer(new Uint8Array(64)),
    "new Totp()": () => new Totp(setupKey),
  };

  return [
    ...Object.entries(calls).map(([name, work]) => [
      `a trap in ${name} is told, and a new instance takes over`,
      () => {
        const corrupt = fresh(core);
        const old = core();
        const signature = new Signer(secret).signSpot(PATH, 1);
        const code = new Totp(setupKey).code(0);
        const holders = { signer: new Signer(secret), totp: new Totp(setupKey) };
        const bystander = new Signer(other);
        corrupt();
        crashes(() => work(holders), name);
        // What has not trapped itself is as lost, and says so without another trap.
        crashes(() => bystander.signSpot(PATH, 1), "another Signer of that instance");
        if (name !== "free()") crashes(() => holders.signer.signFutures(PATH), "the Signer of that instance");
        crashes(() => holders.totp.code(0), "the Totp of that instance");
        ok(core() !== old, "a new instance");
        equal(new Signer(secret).signSpot(PATH, 1), signature, "a new Signer");
        equal(new Totp(setupKey).code(0), code, "a new Totp");
        crashes(() => bystander.signSpot(PATH, 1), "an old Signer beside new ones");
      },
    ]),
    [
      "free() of old keys is harmless, and does not reach the keys that have their slots now",
      () => {
        const corrupt = fresh(core);
        const old = Array.from({ length: 100 }, () => [new Signer(other), new Totp(setupKey)]).flat();
        corrupt();
        crashes(() => old[0].signSpot(PATH, 1), "the first");
        const signers = Array.from({ length: 200 }, () => new Signer(secret));
        const expected = signers[0].signSpot(PATH, 1);
        const before = memory().slice();
        for (const holder of old) {
          holder.free();
          holder.free();
        }
        const after = memory();
        equal(after.length, before.length, "memory");
        equal(
          before.findIndex((byte, address) => byte !== after[address]),
          -1,
          "the first byte that free() changed",
        );
        for (const signer of signers) equal(signer.signSpot(PATH, 1), expected, "a new Signer");
        equal(throws(() => old[0].signSpot(PATH, 1), KrakenError).code, "ERR_FREED");
      },
    ],
    [
      "several crashes in a row end well, too",
      () => {
        const expected = new Signer(secret).signSpot(PATH, 1);
        const lost = [];
        for (let round = 0; round < 5; round += 1) {
          const corrupt = fresh(core);
          const signer = new Signer(secret);
          equal(signer.signSpot(PATH, 1), expected);
          corrupt();
          crashes(() => signer.signSpot(PATH, 1), `round ${round}`);
          lost.push(signer);
          for (const one of lost) crashes(() => one.signSpot(PATH, 1), `a Signer of an earlier round`);
        }
        equal(new Signer(secret).signSpot(PATH, 1), expected);
      },
    ],
    [
      "what was to be signed when an instance crashed is wiped, and no part of what is signed after it",
      () => {
        const corrupt = fresh(core);
        const signer = new Signer(secret);
        const expected = signer.signSpot(PATH, 1, "short");
        const crashed = memory();
        corrupt();
        crashes(() => signer.signSpot(PATH, 1, "long body".repeat(1_000)), "the Signer");
        ok(crashed.length > 0, "memory");
        ok(
          crashed.every((byte) => byte === 0),
          "nothing is left of it",
        );
        equal(new Signer(secret).signSpot(PATH, 1, "short"), expected);
      },
    ],
    [
      "nonces go on rising after a crash",
      () => {
        const corrupt = fresh(core);
        const source = new NonceSource({ unit: "ns" });
        const before = BigInt(source.next());
        const signer = new Signer(secret);
        corrupt();
        crashes(() => signer.signSpot(PATH, 1), "the Signer");
        ok(BigInt(source.next()) > before, "the next nonce");
      },
    ],
    [
      "client order ids are random after a crash, too",
      () => {
        const corrupt = fresh(core);
        const ids = [clientOrderId(), clientOrderId()];
        const signer = new Signer(secret);
        corrupt();
        crashes(() => signer.signSpot(PATH, 1), "the Signer");
        for (let count = 0; count < 100; count += 1) ids.push(clientOrderId());
        equal(new Set(ids).size, 102, "different ids");
      },
    ],
    [
      "a runtime that has no random numbers here is no crash",
      () => {
        const signer = new Signer(secret);
        const expected = signer.signSpot(PATH, 1);
        const { randomUUID } = crypto;
        const replace = (value) => Object.defineProperty(crypto, "randomUUID", { value, configurable: true, writable: true });
        replace(() => {
          throw new Error("Disallowed operation called within global scope.");
        });
        try {
          for (let times = 0; times < 5; times += 1) equal(throws(clientOrderId, KrakenError).code, "ERR_UNAVAILABLE");
        } finally {
          replace(randomUUID);
        }
        equal(signer.signSpot(PATH, 1), expected);
        ok(clientOrderId() !== clientOrderId(), "random ids");
      },
    ],
  ];
}
