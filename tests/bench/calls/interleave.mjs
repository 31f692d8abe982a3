// Measures lanes in rounds: in each round every lane works once, one after another, in an order that changes from round to round, so that
// whatever else slows the machine down affects all of them.

/**
 * @param lanes `{ row, runtime, name, run(milliseconds), warm() }`, where `run` returns the figures of one batch by their names; without `warm`, a batch of
 * the setting `warm` is run before the first round
 * @returns by figure, row, runtime and name, one sample for each round
 */
export async function interleave(lanes, { warm, batch, rounds }, say = () => {}) {
  const samples = {};
  for (const lane of lanes) await (lane.warm?.() ?? lane.run(warm));
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < lanes.length; turn += 1) {
      const { row, runtime, name, run } = lanes[(turn + round * 7) % lanes.length];
      for (const [figure, value] of Object.entries(await run(batch)))
        (((samples[figure] ??= {})[row] ??= {})[runtime] ??= {})[name] = [...(samples[figure][row][runtime]?.[name] ?? []), value];
    }
  }
  return samples;
}
