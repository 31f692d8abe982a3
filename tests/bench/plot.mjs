// Summaries as a picture: a dot for each median, a line from the tenth to the ninetieth percentile, on a logarithmic axis.

const WIDTH = 860;
const LEFT = 310;
const RIGHT = 80;
const LINE = 17;
const TOP = 88;

const STYLE = `
    text { font: 12px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .runtime { font-weight: 600; }
    .muted { fill: #59636e; }
    .grid { stroke: #d1d9e0; }
    .mark { fill: #59636e; stroke: #59636e; stroke-width: 2; }
    .ours { fill: #7c3aed; stroke: #7c3aed; }
    text.ours { stroke: none; font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .muted { fill: #9198a1; }
      .grid { stroke: #3d444d; }
      .mark { fill: #9198a1; stroke: #9198a1; }
      .ours { fill: #b392f0; stroke: #b392f0; }
    }`;

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const text = (x, y, content, type = "", anchor = "start") =>
  `<text x="${x.toFixed(1)}" y="${y}" class="${type}" text-anchor="${anchor}">${escaped(content)}</text>`;
const microseconds = (nanoseconds) => `${Number((nanoseconds / 1000).toPrecision(2))} µs`;

/** The Spot signature. */
export function plot({ rows, date, machine }) {
  const { title, runtimes } = rows.spot;
  return picture(runtimes, {
    title,
    where: `medians, with the tenth to the ninetieth percentile; ${machine.processor}, ${date}; less is faster, and the axis is logarithmic`,
    format: microseconds,
    ours: ["kraken-signer"],
  });
}

/**
 * A picture of summaries by group and name.
 *
 * @param how `format` writes a value, and `ours` are the names that are in another color
 */
export function picture(groups, { title, where, format, ours: own }) {
  const all = Object.values(groups).flatMap((contenders) => Object.values(contenders));
  const low = Math.log10(Math.min(...all.map(({ p10 }) => p10))) - 0.05;
  const high = Math.log10(Math.max(...all.map(({ p90 }) => p90))) + 0.05;
  const x = (value) => LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT);

  const marks = [];
  let y = TOP;
  for (const [group, contenders] of Object.entries(groups)) {
    const sorted = Object.entries(contenders).sort(([, a], [, b]) => a.median - b.median);
    marks.push(text(16, y + 4, group, "runtime"));
    for (const [name, { median, p10, p90 }] of sorted) {
      const ours = own.includes(name) ? " ours" : "";
      marks.push(
        text(LEFT - 12, y + 4, name, ours.trim(), "end"),
        `<line x1="${x(p10).toFixed(1)}" x2="${x(p90).toFixed(1)}" y1="${y}" y2="${y}" class="mark${ours}"/>`,
        `<circle cx="${x(median).toFixed(1)}" cy="${y}" r="4" class="mark${ours}"/>`,
        text(x(p90) + 10, y + 4, format(median), ours.trim() || "muted"),
      );
      y += LINE;
    }
    y += LINE / 2;
  }
  const height = y + 16;
  // Over a wide range there is space for powers of ten alone.
  const steps = high - low < 2.5 ? [1, 2, 5] : [1];
  const grid = Array.from({ length: 12 }, (_, index) => 10 ** (index - 3))
    .flatMap((power) => steps.map((step) => step * power))
    .filter((value) => Math.log10(value) > low && Math.log10(value) < high)
    .map(
      (value) =>
        `<line x1="${x(value).toFixed(1)}" x2="${x(value).toFixed(1)}" y1="${TOP - 14}" y2="${height - 22}" class="grid"/>${text(x(value), TOP - 20, format(value), "muted", "middle")}`,
    );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}
  </style>
  ${[text(16, 24, title, "title"), text(16, 42, where, "muted"), ...grid, ...marks].join("\n  ")}
</svg>
`;
}
