// What a call over TLS costs beside bare `fetch`, in every runtime, as a picture.
import { picture } from "../plot.mjs";
import { ROWS } from "./requests.mjs";

const ROW = "https 1";

export function plotOfCalls({ requests, date, machine }) {
  const groups = Object.fromEntries(
    Object.entries(requests.multiples[ROW]).map(([runtime, all]) => [
      runtime,
      // Bare fetch is 1, in every round.
      Object.fromEntries(Object.entries(all).filter(([name, value]) => value && name !== "bare fetch")),
    ]),
  );
  return picture(groups, {
    title: `${ROWS[ROW]}: processor time, as a multiple of bare fetch`,
    where: `medians, with the tenth to the ninetieth percentile; ${machine.processor}, ${date}; less is cheaper, and the axis is logarithmic`,
    format: (value) => `${Number(value.toPrecision(2))} ×`,
    ours: ["kraken-signer", "kraken-signer, nodeFetch"],
  });
}
