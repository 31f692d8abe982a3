// Takes out one guard of the package at a time, and shows that worlds find it: node tests/simulation/mutants.mjs [WORDS OF ONE]. With
// --texts, it only checks that the package still has the text of each guard.
import { readFileSync } from "node:fs";
import { Package } from "./load.mjs";
import { runWorlds, seedsFrom } from "./run.mjs";

const MOST_WORLDS = Number(process.env.SIMULATION_WORLDS ?? 10_000);
const FIRST = Number(process.env.SIMULATION_FIRST ?? 1);

/** `[what is broken, file, [the text, its replacement], …]`. The bundler may number names, as in `open$1`. */
const MUTANTS = [
  [
    "a write is sent again after «Invalid nonce»",
    "shared.js",
    ["    if (failed.write)\n        return undefined;\n", '    if (failed.write && failed.kind !== "nonce")\n        return undefined;\n'],
  ],
  ["a write is sent again after trouble that passes", "shared.js", ["    if (failed.write)\n        return undefined;\n", ""]],
  [
    "«Invalid nonce» counts as refused",
    "shared.js",
    [/open(\$\d+)?\("nonce", \/\^EAPI:Invalid nonce\/\)/, 'final("nonce", /^EAPI:Invalid nonce/)'],
  ],
  ["«nonceBelowThreshold» counts as refused", "shared.js", [/open(\$\d+)?\("nonce", \/\^nonce\(/, 'final("nonce", /^nonce(']],
  ["words of refusal count whatever the status", "shared.js", ["question.write && (status !== 200 || ", "question.write && ("]],
  ["a gateway's words count as those of Futures", "shared.js", ["question.write && (!isKrakens || ", "question.write && ("]],
  [
    "a result is accepted without its proof",
    "shared.js",
    [
      '    if (!question.write)\n        return { outcome: "done", result };',
      '    if (result)\n        return { outcome: "done", result };',
    ],
  ],
  [
    "rows that failed are overlooked",
    "shared.js",
    ['rows.length && rows.every((row) => row === "done")', 'rows.length && rows.some((row) => row === "done")'],
  ],
  [
    "errors of an engine in trouble count as refused",
    "shared.js",
    [/open(\$\d+)?\("unavailable", \/\^E\(Service/, 'final("unavailable", /^E(Service'],
  ],
  ["a connection that broke counts as never made", "shared.js", ["attempt.sent = wasSent || !neverSent;", "attempt.sent = false;"]],
  [
    "a write that timed out counts as not sent",
    "shared.js",
    ["if (!call.write || !attempt.sent || ", 'if (!call.write || !attempt.sent || attempt.error?.code === "ERR_TIMEOUT" || '],
  ],
  ["the look goes to another key", "shared.js", ["key: this.#sent?.key,", "key: undefined,"]],
  [
    "the nonce locks nothing out, and nobody asks",
    "shared.js",
    [
      "return this.#error.deadline === undefined ? this.#isLockedOutByNonce(client) : ",
      "return this.#error.deadline === undefined ? true : ",
    ],
  ],
  ["the nonce window is overlooked", "shared.js", ["if (!/^0+$/.test(nonceWindow))", "if (false)"]],
  ["the deadline is taken as passed", "shared.js", ["return time > Date.parse(deadline) + MARGIN", "return true"]],
  [
    "the deadline passes by this machine's clock",
    "shared.js",
    ["this.#hasPassed(await spotTime(client, this.#options))", "this.#hasPassed(Date.now())"],
  ],
  ["no last look after the lockout", "shared.js", ["(isEnough || summary(resolution) === last)", "true"]],
  [
    "closed orders are looked at before open ones",
    "shared.js",
    ['    const open = spotOrders(await client.call("OpenOrders", filter, ask), "open");\n', ""],
    [
      "    return { open, closed: isLimited ? await closedSpotOrders(client, filter, start, ask) : undefined };",
      '    const closed = isLimited ? await closedSpotOrders(client, filter, start, ask) : undefined;\n    return { open: spotOrders(await client.call("OpenOrders", filter, ask), "open"), closed };',
    ],
  ],
  [
    "an answer without its list is a list of nothing",
    "shared.js",
    [
      '    if (typeof value === "object" && value !== null)\n        return value;\n    throw inconclusive(`an answer came without',
      '    if (typeof value === "object" && value !== null)\n        return value;\n    return {};\n    throw inconclusive(`an answer came without',
    ],
  ],
  [
    "a page of closed orders is all of them",
    "shared.js",
    ["Number(count) <= closed.length ? closed : undefined", "true ? closed : undefined"],
  ],
  ["orders of the same reference are the one", "shared.js", ["since.length === 1 && !uncertain.length", "true"]],
  ["an older order of the same reference is overlooked", "shared.js", ["since.length === 1 && !uncertain.length", "since.length === 1"]],
  [
    "one look at orders of the same reference is enough",
    "shared.js",
    ["isPlaced ? result.isUnique : !settle", "!settle || (isPlaced && result.isUnique)"],
  ],
  ["an order that another lost call may have placed is the one", "shared.js", ["!mayBeAnothers(one, sent, { userref }, time)", "true"]],
  [
    "another call's order is the one",
    "shared.js",
    ["!sent || isAnothers(orderId, sent) !== true", "true"],
    ["isAnothers(order.orderId, sent) !== false || ", ""],
  ],
  ["an order that a batch cancels counts as placed by it", "shared.js", [".filter(isPlaced);", ";"]],
  [
    "the first page of a history is all of it",
    "shared.js",
    ["return { rows, next: { ...asked, continuation_token: token } };", "return { rows };"],
  ],
  ["an order of Futures with the same name is the one, whatever it looks like", "shared.js", ["isRandomId(id) || isAlike(order)", "true"]],
  [
    "a fill shows enough of an order",
    "shared.js",
    ["named.filter((row) => row.orderId === orderId)", "own.filter((row) => row.orderId === orderId)"],
  ],
  ["an order with the same name is the one, however old it is", "shared.js", ["timeOf(order) >= latest)", "true)"]],
  ["a machine is never suspended", "shared.js", ["Math.min(time - longest, sentAt)", "time - longest"]],
  [
    "the time of sending is this machine's",
    "shared.js",
    [
      "earliest: Math.min(time - longest, sentAt), latest: Math.max(time - shortest - ROUNDING, time - before - 1000)",
      "earliest: sent.sentAt, latest: sent.sentAt",
    ],
  ],
  [
    "placeOrder sends again without knowing",
    "shared.js",
    ['if (resolution.outcome === "unknown")\n                throw withReason(error, resolution.reason);', ""],
  ],
  [
    "placeOrder gives an aborted search as a reason",
    "shared.js",
    ['if (signal?.aborted)\n        return { outcome: "unknown"', 'if (false)\n        return { outcome: "unknown"'],
  ],
  [
    "a fresh code goes out with a nonce of its own",
    "shared.js",
    [
      "if (fresh !== undefined && !attempt.isOver)",
      "if (fresh !== undefined && !attempt.isOver && (attempt.nonce = `${BigInt(nonce) + 1n}`))",
    ],
  ],
  [
    "a fresh code goes out although the call is over",
    "shared.js",
    ["if (fresh !== undefined && !attempt.isOver)", "if (fresh !== undefined)"],
  ],
  ["a spent code counts as refused", "shared.js", ["isSpentCode(call, attempt, otp)", "false"]],
  [
    "a lane that does not end takes an answer back",
    "shared.js",
    ["        if (!single.outcome)\n            throw error;\n    }\n    finally", "        throw error;\n    }\n    finally"],
  ],
  ["a lane may give two slots", "shared.js", [/if \(this\.outcome\)(?=\s+throw)/, "if (false)"]],
  [
    "a lane may send after the call has ended",
    "shared.js",
    ["timer.signal.throwIfAborted();\n            try {", "try {"],
    [/if \(this\.#isOver\)(?=\s+throw)/, "if (false)"],
  ],
  ["nonces of a lane are not looked at", "shared.js", ["                checkNonce(nonce, credential.lane);\n", "                ;\n"]],
  [
    "timers of calls are not cleared",
    "shared.js",
    ["        clearTimeout(this.#timer);\n        this.#callers?", "        this.#callers?"],
  ],
  ["listeners of calls are left", "shared.js", ['this.#callers?.removeEventListener("abort", this.#abort);', ""]],
  ["reads wait in one line with writes", "shared.js", ["if ((entry.write || again) && read >= 0)", "if (again && read >= 0)"]],
  ["nobody waits for a slot", "shared.js", ["entry.wake = () => enter();\n            giveSlot(queue);", "entry.hasSlot = true;"]],
  ["slots are not passed on", "shared.js", ["leave(queue, entry);\n        giveSlot(queue);", "leave(queue, entry);"]],
  [
    "whoever is silent for a second is overtaken",
    "shared.js",
    ["newest - queue[0].heartbeat > MOST_MISSED", "performance.now() - queue[0].seen > 1000"],
  ],
  [
    "whoever is silent for a second is overtaken, in Node too",
    "shared.js",
    ["if (isolated)\n            stopPolling", "if (true)\n            stopPolling"],
    ["newest - queue[0].heartbeat > MOST_MISSED", "Date.now() - (queue[0].since ??= Date.now()) > 1000"],
  ],
  ["a wall clock is believed, wherever it jumps", "shared.js", ["Math.abs(reading.wall - estimate) <= TOLERANCE", "true"]],
  [
    "an object begins anew by its clock alone",
    "durable-object/objects.js",
    ["nonces.last = nonces.end = await this.#stored();", "nonces.last = nonces.end = 0n;"],
  ],
  [
    "an object sends before its block of nonces is on disk",
    "durable-object/objects.js",
    ["await this.#store(end).catch(failed);", "void this.#store(end).catch(() => {});"],
  ],
  [
    "an object's block of nonces ends where it begins",
    "durable-object/objects.js",
    [/const end = (?:shared\.)?endOfBlock\(clock, nonce, this\.unit\);/, "const end = nonce;"],
    ["nonces.end = end;", "nonces.end = end + 60000n;"],
  ],
  [
    "a connection to an object that broke counts as not sent",
    "durable-object/remote.js",
    [/return write \? new (?:shared\.)?UnknownOutcomeError\(.*\) : lost;/, "return lost;"],
  ],
  ["callers of an object forget which orders theirs are", "durable-object/remote.js", [/(?:shared\.)?claimOrders\(/, "void ("]],
  ["Redis gives the slot to each that asks", "redis/index.js", ["if holder ~= entry then return '#'", "if false then return '#'"]],
  ["Redis gives the slot to others while it is in use", "redis/index.js", ["return left <= 0 or left >", "return left <= 4000 or left >"]],
  ["no process renews its lease in Redis", "redis/index.js", ["redis.call('HSET', KEYS[2], ARGV[1], now + ARGV[2])", ""]],
  [
    "a slot in Redis counts, however late its answer comes",
    "redis/index.js",
    [/if \(performance\.now\(\) - asked >= this\.#lease \/ 2\)\n\s+return 0;/, ""],
  ],
  ["a code that took long is sent with the slot from before", "redis/index.js", ["if (performance.now() - began > SLOW)", "if (false)"]],
  ["nonces fall when Redis has lost its data", "redis/index.js", ["if above(lowest, nonce) then nonce = lowest end", ""]],
  [
    "nonces of Redis are not above earlier ones",
    "redis/index.js",
    ["redis.call('HINCRBY', state, 'highest', 1)", "redis.call('HINCRBY', state, 'highest', 0)"],
  ],
  ["a call that is over leaves its slot in Redis", "redis/index.js", [/if \(!overtaken\)\n\s+await this\.#leave\(names, args\);/, ""]],
  [
    "a call that is given up while it asks Redis leaves its entry",
    "redis/index.js",
    ["if (stop.aborted)\n                void this.#leave(names, [...args]);", ""],
  ],
  [
    "it does not matter which period a key may query",
    "shared.js",
    ["isCertain ? undefined : await timer.race(one.doubt(client))", "undefined"],
  ],
  ["a side in capitals is another one", "shared.js", ["`${seen}`.toLowerCase() === `${sent}`.toLowerCase()", "`${seen}` === `${sent}`"]],
  ["an order without a pair is of another one", "shared.js", [": otherwise);", ": false);"]],
  [
    "a random id that is not unique was rejected",
    "shared.js",
    ["isFullByItself(call, attempt) || isOfItself(call, attempt)", "isFullByItself(call, attempt)"],
  ],
  [
    "a rejection for too many requests was not that of a copy",
    "shared.js",
    ["isFullByItself(call, attempt) || isOfItself(call, attempt)", "isOfItself(call, attempt)"],
  ],
  [
    "an order that also shows an id is another one",
    "shared.js",
    [
      "directIfAny(own.filter(notClaimed(sent)))",
      "directIfAny(own.filter((one) => one.clientOrderId === undefined).filter(notClaimed(sent)))",
    ],
  ],
  ["a copy with the same id that is not listed was not placed", "shared.js", ["if (!open && !isRandom)", "if (!open)"]],
  ["a lost answer over a socket counts as refused", "sockets/index.js", ["if (request.write && request.sent)\n", "if (false)\n"]],
];

/** @throws if the text to replace is not there exactly once */
function edited(text, [from, to], name) {
  const pattern = typeof from === "string" ? from : new RegExp(from.source, "g");
  const count = typeof from === "string" ? text.split(from).length - 1 : [...text.matchAll(pattern)].length;
  if (count !== 1) throw new Error(`${name}: the text to replace is there ${count} times: ${from}`);
  return text.replace(pattern, () => to);
}

/** The package with a guard taken out. */
const broken = ([name, wanted, ...edits]) =>
  new Package((text, file) => (file === wanted ? edits.reduce((changed, edit) => edited(changed, edit, name), text) : text));

/** The first of these seeds whose world breaks. */
async function firstBroken(pkg, seeds) {
  let found;
  await runWorlds(pkg, seeds, (world, violations) => {
    if (violations.length) found = { seed: world.seed, kind: world.traits.kind, violation: violations[0] };
    return !found;
  });
  return found;
}

/** The first seed whose world breaks with this mutant, and does not break with the package as it is. */
async function find(mutant) {
  const [pkg, genuine] = [broken(mutant), new Package()];
  const end = FIRST + MOST_WORLDS;
  for (let first = FIRST; first < end;) {
    const found = await firstBroken(pkg, seedsFrom(first, end - first));
    if (!found || !(await firstBroken(genuine, [found.seed]))) return found;
    console.log(`the world of seed ${found.seed} breaks with the package as it is`);
    first = found.seed + 1;
  }
  return undefined;
}

const words = process.argv.slice(2).join(" ");
if (words === "--texts") {
  for (const [name, file, ...edits] of MUTANTS) {
    const text = readFileSync(new URL(`../../pkg/dist/esm/${file}`, import.meta.url), "utf8");
    edits.reduce((changed, edit) => edited(changed, edit, name), text);
  }
  process.exit();
}
let missed = 0;
for (const mutant of MUTANTS.filter(([name]) => name.includes(words))) {
  let told;
  try {
    const found = await find(mutant);
    told = found && `seed ${found.seed} (${found.kind}): ${found.violation.split("\n")[0]}`;
  } catch (error) {
    // The package has changed, and this list has not.
    told = undefined;
    console.log(error.message);
  }
  if (!told) missed++;
  console.log(`${told ? "ok  " : "MISS"}  ${mutant[0]}: ${told ?? `not found in ${MOST_WORLDS} worlds`}`);
}
console.log(`${missed} missed`);
process.exitCode = missed ? 1 : 0;
