import { type Params, encode as old } from "../params.js";
import type { Structure } from "./endpoint.js";
export function encode(
  params: Params,
  { lists, dates, style }: { lists?: readonly string[]; dates?: readonly string[]; style: "spot" | "futures" },
) {
  const encoded = old(params, { lists: (lists ?? []).join(" "), dates: (dates ?? []).join(" ") } as never, style === "futures");
  return { ...encoded, structure: { ...params } as Structure };
}
export { escaped } from "../params.js";
