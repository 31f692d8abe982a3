// Messages made to hurt: valid ones, changed by structure, by text, and by frame.

/** Mulberry32. */
export function random(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most) => Math.floor(next() * most);
  return { next, below, chance: (one) => next() < one, pick: (list) => list[below(list.length)] };
}

const LONG = "x".repeat(20_000);
const deep = (open, close, depth) => open.repeat(depth) + close.repeat(depth);
const DEEP = [deep("[", "]", 5000), deep('{"a":', "}", 5000).replace("}", "1}")];

/** As JSON, so that numbers keep their digits and keys come twice. */
const VALUES = [
  ...["null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e308", "1e400", "-1e400", "9007199254740993", "1e-7"],
  ...['""', '" "', '"true"', '"1"', '"subscribe"', '"add_order"', '"pong"', '"executions"', '"fills"', '"heartbeat"', '"challenge"'],
  ...['"EOrder:Insufficient funds"', '"EService:Busy"', '"ESession:Invalid session"', '"EGeneral:Permission denied"', '"already"'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"__proto__"', '"constructor"', '"toString"', JSON.stringify(LONG)],
  ...["[]", "[null]", "[[[]]]", "{}", '{"toString":1,"valueOf":1}', '{"toString":{},"toJSON":1}', '{"then":1}', '{"length":2}'],
  ...['{"__proto__":{"toString":1}}', '{"__proto__":null}', '{"constructor":{"prototype":1}}', ...DEEP],
];
const KEYS = [
  ...["method", "req_id", "success", "error", "result", "channel", "type", "sequence", "symbol", "data", "event", "feed", "message"],
  ...["seq", "product_id", "order_id", "cl_ord_id", "__proto__", "constructor", "toString", "then", "toJSON", "length"],
];

/** The members of an object, as JSON. */
const membersOf = (message) => Object.entries(message).map(([key, value]) => [key, JSON.stringify(value) ?? "null"]);
const written = (members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;

function changeStructure(message, { pick, below, chance }, others) {
  const members = membersOf(message);
  for (let times = 1 + below(2); times > 0; times--) {
    const at = below(members.length || 1);
    const change = below(8);
    if (change < 3 && members[at]) members[at][1] = pick(VALUES);
    else if (change === 3) members.splice(at, 1);
    else if (change === 4 && members[at]) members[at][0] = pick(KEYS);
    else if (change === 5) members.splice(at, 0, [pick(KEYS), pick(VALUES)]);
    else if (change === 6) members.push(...membersOf(others).filter(() => chance(0.4)));
    else if (members[at]?.[1][0] === "{" && members[at][1].length < 1000) {
      const inner = membersOf(JSON.parse(members[at][1]));
      if (inner.length) inner[below(inner.length)][1] = pick(VALUES);
      members[at][1] = written(inner);
    }
  }
  return written(members);
}

function changeText(text, { pick, below }) {
  const at = below(text.length);
  return pick([
    () => text.slice(0, at),
    () => text.slice(at),
    () => text + text,
    () => `${text.slice(0, at)}${pick(["}", "{", '"', ",", "\\", "\u0000", "\ufeff", "0", "\ud800"])}${text.slice(at)}`,
    () => text.slice(0, at) + text.slice(at + 1),
    () => `[${text}]`,
    () => JSON.stringify(text),
    () => `\ufeff${text}`,
    () => pick(VALUES),
    () => "",
  ])();
}

const THINGS = [undefined, null, 0, 7, true, Symbol("x"), () => "{}", {}, [], new Date(0), new Map(), { toString: 1 }, 10n, NaN];

/** A frame of any kind around a text; rarely around none. */
function framed(text, { pick, below, chance }) {
  if (chance(0.7)) return text;
  const bytes = Buffer.from(text);
  const copy = new Uint8Array(bytes);
  if (chance(0.1)) copy[below(copy.length)] = 0xff;
  const middle = below(bytes.length);
  return pick([
    () => bytes,
    () => copy,
    () => copy.buffer,
    () => new DataView(copy.buffer),
    () => new Blob([copy]),
    () => [bytes.subarray(0, middle), bytes.subarray(middle)],
    () => [bytes, text],
    () => new Uint16Array(copy.buffer.slice(0, copy.length & ~1)),
    () => pick(THINGS),
  ])();
}

/** A message that is not quite what `message` is. `others` lends its fields. */
export function spoil(message, others, chances) {
  const { chance } = chances;
  if (chance(0.1)) return framed(JSON.stringify(message), chances);
  const text = changeStructure(message, chances, others);
  return framed(chance(0.15) ? changeText(text, chances) : text, chances);
}

/** What a frame says, by rules that are written down nowhere else: an object, or nothing. */
export async function heard(data) {
  try {
    const bytes = data instanceof Blob ? await data.arrayBuffer() : Array.isArray(data) ? Buffer.concat(data) : data;
    const text = typeof bytes === "string" ? bytes : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const message = JSON.parse(text);
    return typeof message === "object" && message !== null && !Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
