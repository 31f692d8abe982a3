// Searches all linear memory for keys, at every point of their lives.
import { equal, ok, throws } from "../conformance/assert.mjs";
import { base32, base64, Random } from "./random.mjs";
import { describe, keyNeedles, stateNeedles } from "./residue.mjs";

const encode = (text) => new TextEncoder().encode(text);

/** Where the stack ends, which grows down to 0: the size that `xtask/src/tools.rs` gives the linker. */
const STACK = 32_768;

/** What the stack is filled with, to see where it gets to. */
const PAINT = 0xa7;

/** As many bytes in a row are not of a gap between two fields, which is copied with them. */
const GAP = 8;

/** The longest stretch of one byte. */
function longestRun(memory, byte) {
  let longest = { start: 0, length: 0 };
  for (let start = memory.indexOf(byte); start !== -1;) {
    let end = start;
    while (memory[end] === byte) end += 1;
    if (end - start > longest.length) longest = { start, length: end - start };
    start = memory.indexOf(byte, end);
  }
  return longest;
}

/**
 * @param kit what `kraken-signer` exports, and `core` from inside it: the instance in use
 * @param seed of the random keys
 * @param rounds keys of each kind
 * @returns `[name, function]` pairs
 */
export function scan(kit, seed, rounds = 200) {
  const { core, InvalidOtpKeyError, InvalidSecretError, KrakenError, Signer, Totp } = kit;
  const memory = () => new Uint8Array(core().exports.memory.buffer);

  function absent(when, ...sets) {
    const { exports, buffer } = core();
    for (const needles of sets) {
      const found = needles.search(memory());
      const places = `buffer ${buffer.byteOffset} to ${buffer.byteOffset + exports.capacity()}, memory ${memory().length}`;
      ok(found.length === 0, `${when}: ${describe(found.slice(0, 200))} (${places}; seed ${seed})`);
    }
  }

  /** HMAC's states have to be where the key lives, or searching for them proves nothing. */
  function present(when, states) {
    const names = new Set(states.search(memory()).map(({ name }) => name));
    for (const name of ["inner state", "outer state"]) ok(names.has(name), `${when}: the ${name} is not found`);
  }

  /** Puts a signer to every use; some are refused. */
  function sign(signer, random) {
    const path = `/0/private/${random.text(random.below(200), "abcdef/?=&")}`;
    const nonce = random.u64();
    const body = `nonce=${nonce}&${random.text(random.below(300), "abc=&é")}`;
    const uses = [
      () => signer.signSpot(path, nonce, body),
      () => signer.signSpot(path, nonce, encode(body)),
      () => signer.signSpot(path, nonce, "long body ".repeat(random.between(1_600, 4_000))),
      () => signer.signFutures(`/derivatives${path}`, body, nonce),
      () => signer.signChallenge("c100b894-1729-464d-ace1-52dbce11db42"),
      () => signer.signFixLogon("35=A\u000134=1\u0001", nonce),
      () => throws(() => signer.signSpot(path, 2n ** 64n), KrakenError),
      () => throws(() => signer.signSpot(`/${"a".repeat(20_000)}`, 1, body), KrakenError),
    ];
    for (let times = random.between(1, 4); times > 0; times -= 1) random.pick(uses)();
  }

  function lifeOfSigner(random, key, secret) {
    const keys = keyNeedles("SHA512", key);
    const states = stateNeedles("SHA512", key);
    if (key.length > 6) keys.add("base64", encode(base64(key)));
    const signer = new Signer(secret);
    absent("after construction", keys);
    present("after construction", states);
    sign(signer, random);
    absent("after signing", keys);
    present("after signing", states);
    if (random.once(2)) sign(signer, random);
    signer.free();
    absent("after free()", keys, states);
  }

  function lifeOfTotp(random, hash) {
    const key = random.bytes(random.pick([10, 16, 20, 32, 64, 65, 100, 128, random.between(10, 128)]));
    const base = base32(key);
    const shown = random.pick([base, base.toLowerCase(), base.match(/.{1,4}/g).join(" ")]);
    const options = { algorithm: hash, digits: random.between(6, 8), period: random.between(1, 86_400) };
    const keys = keyNeedles(hash, key).add("base32", encode(base)).add("base32 as given", encode(shown));
    const states = stateNeedles(hash, key);
    const totp = random.once(2)
      ? new Totp(shown, options)
      : new Totp(
          `otpauth://totp/Kraken:me?secret=${shown.replaceAll(" ", "%20")}&algorithm=${hash}&issuer=Kraken&digits=${options.digits}`,
        );
    absent("after construction", keys);
    present("after construction", states);
    const at = random.below(2 ** 41);
    const code = totp.code(at);
    absent("after code()", keys);
    totp.remaining(at);
    ok(totp.verify(code, { at, window: random.below(21) }), "the code of now");
    totp.verify("00000000", { at });
    absent("after verify()", keys);
    totp.free();
    absent("after free()", keys, states);
  }

  const repeated = (name, run) => [
    `${name}: nothing is left of ${rounds} keys`,
    () => {
      const random = new Random(seed, name);
      for (let round = 0; round < rounds; round += 1) run(random);
    },
  ];

  return [
    [
      "the search finds a key that is planted, in whatever form and wherever",
      () => {
        const random = new Random(seed, "plant");
        for (let round = 0; round < rounds; round += 1) {
          const key = random.bytes(random.between(16, 200));
          const needles = keyNeedles(random.pick(["SHA1", "SHA256", "SHA512"]), key);
          const pad = random.pick([0, 0x36, 0x5c]);
          const form = key.map((byte) => byte ^ pad);
          const word = random.pick([1, 4, 8]);
          const from = random.below(Math.floor((key.length - 16) / word) + 1) * word;
          const window = form.slice(from, from + 16);
          for (let at = 0; at < 16; at += word) window.subarray(at, at + word).reverse();
          equal(needles.search(memory()).length, 0, "before it is planted");
          const address = memory().length - 16 - random.below(4_000);
          const before = memory().slice(address, address + 16);
          memory().set(window, address);
          const found = needles.search(memory());
          memory().set(before, address);
          ok(
            found.some((one) => one.address === address),
            `${key.length} bytes, ${word} reversed, ^ ${pad}, from ${from} (seed ${seed})`,
          );
        }
      },
    ],
    repeated("private keys in base64", (random) => {
      const key = random.bytes(64);
      lifeOfSigner(random, key, random.pick(["", "\n"]) + base64(key) + random.pick(["", " "]));
    }),
    repeated("private keys of 1 to 200 bytes", (random) => {
      const key = random.bytes(random.between(1, 200));
      lifeOfSigner(random, key, random.once(2) ? key : base64(key));
    }),
    ...["SHA1", "SHA256", "SHA512"].map((hash) => repeated(`setup keys, ${hash}`, (random) => lifeOfTotp(random, hash))),
    repeated("private keys that are refused", (random) => {
      const key = random.bytes(64);
      const text = base64(key);
      const at = random.below(text.length - 2);
      const wrong = random.pick([
        `${text.slice(0, at)}${random.pick("-_*. \n\u00e9\ud83d\0=")}${text.slice(at + 1)}`,
        text.slice(0, at) + text.slice(at + 1),
        `${text.slice(0, 85)}${random.pick("BCDEFGHI")}==`,
        `${text}${text}${text}${text}${text}${text}${text}`,
      ]);
      throws(() => new Signer(wrong), InvalidSecretError);
      absent(`after a refused key of ${wrong.length} characters`, keyNeedles("SHA512", key).add("base64", encode(text)));
    }),
    repeated("setup keys that are refused", (random) => {
      const hash = random.pick(["SHA1", "SHA256", "SHA512"]);
      const key = random.bytes(random.pick([20, 32, 64]));
      const text = base32(key);
      const at = random.below(text.length);
      const wrong = `${text.slice(0, at)}${random.pick("0189*.\u00e9\0")}${text.slice(at + 1)}`;
      const refused = random.pick([
        () => new Totp(wrong, { algorithm: hash }),
        () => new Totp(`otpauth://totp/x?secret=${wrong}&algorithm=${hash}`),
        () => new Totp(`otpauth://totp/x?secret=${text}%3&algorithm=${hash}`),
        () => new Totp(`otpauth://totp/x?secret=${text}&algorithm=${hash}&digits=9`),
        () => new Totp(`otpauth://totp/x?secret=${text}&secret=${text}`),
        () => new Totp(`otpauth://hotp/x?secret=${text}`),
        () => new Totp(text, { digits: 9 }),
        () => new Totp(text.repeat(7)),
      ]);
      throws(refused, InvalidOtpKeyError);
      absent("after a refused setup key", keyNeedles(hash, key).add("base32", encode(text)));
    }),
    [
      "keys with more around them than the buffer holds leave nothing either",
      () => {
        const random = new Random(seed, "long");
        const key = random.bytes(64);
        const much = 300_000;
        const needles = keyNeedles("SHA512", key)
          .add("base64", encode(base64(key)))
          .add("base32", encode(base32(key)));
        const longBytes = new Uint8Array(much);
        longBytes.set(key);
        for (const construct of [
          () => new Signer(base64(key) + " ".repeat(much)),
          () => new Signer(longBytes),
          () => new Totp(base32(key) + " ".repeat(much)),
          () => new Totp(`otpauth://totp/x?secret=${base32(key)}${"+".repeat(much)}`),
        ]) {
          throws(construct, KrakenError);
          absent(String(construct), needles);
        }
      },
    ],
    [
      "nothing that lay on the stack before comes along into the table of keys",
      () => {
        const random = new Random(seed, "stack");
        const key = random.bytes(64);
        const options = ["SHA1", "SHA256", "SHA512"].map((algorithm) => ({ algorithm }));
        const makers = [
          () => new Signer(key),
          () => new Signer(base64(key)),
          ...options.map((option) => () => new Totp(base32(key.subarray(0, 20)), option)),
          ...options.map(
            ({ algorithm }) =>
              () =>
                new Totp(`otpauth://totp/x?secret=${base32(key.subarray(0, 20))}&algorithm=${algorithm}`),
          ),
        ];
        const alive = makers.map((make) => {
          // Between calls the stack is empty, and whoever comes next finds on it what was left there.
          memory().fill(PAINT, 0, STACK);
          const made = make();
          const painted = memory().findIndex((byte) => byte !== PAINT);
          ok(painted > STACK / 2 && painted < STACK - 8192, `the stack is elsewhere: it was used from ${painted} on`);
          const along = longestRun(memory().subarray(STACK), PAINT);
          ok(along.length < GAP, `${make}: ${along.length} bytes of the stack, at ${STACK + along.start}`);
          return made;
        });
        for (const made of alive) made.free();
      },
    ],
    [
      "keys side by side go one by one",
      () => {
        const random = new Random(seed, "side by side");
        const alive = Array.from({ length: 100 }, () => {
          const key = random.bytes(64);
          return { signer: new Signer(key), keys: keyNeedles("SHA512", key), states: stateNeedles("SHA512", key) };
        });
        while (alive.length > 0) {
          sign(random.pick(alive).signer, random);
          const [gone] = alive.splice(random.below(alive.length), 1);
          gone.signer.free();
          absent("after free()", gone.keys, gone.states);
          for (const { keys, states } of alive.slice(0, 3)) {
            absent("while it lives", keys);
            present("while it lives", states);
          }
        }
      },
    ],
  ];
}
