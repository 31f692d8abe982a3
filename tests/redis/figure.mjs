// The figure and the table of the page on sharing a key, from numbers.json: `node tests/redis/figure.mjs --write` puts them there.
import { readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
const PAGE = at("../../pkg-template/docs/sharing-a-key.md");
const FIGURE = at("../../pkg-template/docs/sharing-a-key.svg");
const MARK = /(?<=<!-- numbers -->\n).*(?=<!-- \/numbers -->)/s;

const { delay, cores, load, node, latency, keys } = JSON.parse(readFileSync(at("numbers.json"), "utf8"));
const NAMES = { none: "one process per key", ioredis: "8 processes, RedisLane", postgres: "8 processes, PostgreSQL" };

const fixed = (number) => (number < 100 ? number.toFixed(1) : Math.round(number).toString());
const row = (cells) => `| ${cells.join(" | ")} |\n`;

/** The table, with what it was measured with. */
export function table() {
  const added = (engine) => `${(latency[engine].median - latency.none.median).toFixed(1)} ms`;
  const rate = (engine, count) => fixed(keys[engine][count].perSecond);
  const share = (engine) => `${Math.round((100 * keys[engine][1].perSecond) / keys.none[1].perSecond)} %`;
  return [
    row(["", ...Object.values(NAMES)]),
    row(["---", "---:", "---:", "---:"]),
    row(["added to a call while nothing else uses the key, median", "0 ms", added("ioredis"), added("postgres")]),
    ...[1, 2, 4, 8].map((count) =>
      row([`calls per second, ${count} ${count === 1 ? "key" : "keys"}`, ...Object.keys(NAMES).map((one) => rate(one, count))]),
    ),
    row(["with one key, compared with one process", "100 %", share("ioredis"), share("postgres")]),
    row([
      "invalid nonces",
      ...Object.keys(NAMES).map((one) => Object.values(keys[one]).reduce((sum, { invalidNonces }) => sum + invalidNonces, 0)),
    ]),
    `\nEvery request takes ${delay} ms to arrive. Exchange (a simulation that takes no nonce out of order), Redis or PostgreSQL and all processes share ${cores} cores, with other work on them (load average ${load} at the start); Node ${node.slice(1)}.\n`,
  ].join("");
}

/** The figure: calls per second by the number of keys, readable on light and on dark. */
export function figure() {
  const [width, height, left, bottom, top] = [640, 300, 48, 252, 44];
  const most = Math.ceil(Math.max(...Object.values(keys).flatMap((all) => Object.values(all).map(({ perSecond }) => perSecond))) / 50) * 50;
  const y = (value) => bottom - ((bottom - top) * value) / most;
  const text = (x, at, words, rest = "") => `<text x="${x}" y="${at.toFixed(1)}"${rest}>${words}</text>`;
  const grid = Array.from({ length: most / 50 + 1 }, (_, i) => i * 50).flatMap((value) => [
    `<line x1="${left}" x2="${width - 12}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>`,
    text(left - 8, y(value) + 4, value, ' text-anchor="end"'),
  ]);
  const group = (width - left - 12) / 4;
  const bars = [1, 2, 4, 8].flatMap((count, place) => [
    text(left + group * (place + 0.5), bottom + 20, count === 1 ? "1 key" : `${count} keys`, ' text-anchor="middle"'),
    ...Object.keys(NAMES).flatMap((engine, i) => {
      const value = keys[engine][count].perSecond;
      const x = left + group * place + 18 + i * 38;
      return [
        `<rect class="${engine}" x="${x}" y="${y(value).toFixed(1)}" width="34" height="${(bottom - y(value)).toFixed(1)}"/>`,
        text(x + 17, y(value) - 5, Math.round(value), ' text-anchor="middle"'),
      ];
    }),
  ]);
  const legend = Object.entries(NAMES).flatMap(([engine, name], i) => [
    `<rect class="${engine}" x="${left + i * 192}" y="10" width="12" height="12"/>`,
    text(left + 18 + i * 192, 21, name),
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Calls per second by the number of keys; requests take ${delay} ms to arrive</title>
<style>
svg { background: #fff } text { font: 13px system-ui, sans-serif; fill: #24292f } line { stroke: #d0d7de }
.none { fill: #6e7781 } .ioredis { fill: #0969da } .postgres { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117 } text { fill: #e6edf3 } line { stroke: #30363d }
.none { fill: #8b949e } .ioredis { fill: #58a6ff } .postgres { fill: #3fb950 }
}
</style>
${[...grid, ...legend, ...bars].join("\n")}
${text(left + (width - left) / 2, height - 8, `calls per second; requests take ${delay} ms to arrive`, ' text-anchor="middle"')}
</svg>
`;
}

/** What the page and the figure are, and what they should be. */
export function documents() {
  const page = readFileSync(PAGE, "utf8");
  return [
    { file: PAGE, is: page, shouldBe: page.replace(MARK, `\n${table()}`) },
    { file: FIGURE, is: readFileSync(FIGURE, "utf8"), shouldBe: figure() },
  ];
}

if (process.argv.includes("--write")) for (const { file, shouldBe } of documents()) writeFileSync(file, shouldBe);
