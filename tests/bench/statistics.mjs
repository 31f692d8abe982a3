// Medians and their spread.

/** The value below which a part of the samples lies, between neighbours by proportion. */
function quantile(sorted, part) {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** @returns the median, and the bounds that a tenth of the samples lies below and above */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p10: quantile(sorted, 0.1), p90: quantile(sorted, 0.9) };
}

/** The same of what two contenders make together, round by round: what slows a round down slows both. */
export const paired = (a, b, combine) => summary(a.map((sample, round) => combine(sample, b[round])));
