// The exact bytes of what is pointed at or focused.
import type { Explanation } from "kraken-signer/inspect";
import { asText, fromHex, spaced, visible } from "./bytes";
import { byId, element } from "./dom";
import { copiedFrom, stepOf, type Range } from "./provenance";

/** How many bytes are written out. */
const MOST = 64;

const tooltip = byId("tooltip");

export function showTooltip(explanation: Explanation, range: Range, beside: Element): void {
  const { length, hex = "" } = stepOf(explanation, range.step);
  const bytes = fromHex(hex).subarray(range.start, range.start + range.length);
  const text = asText(bytes);
  const more = bytes.length > MOST ? ` … and ${bytes.length - MOST} more` : "";
  const rows: [string, string][] = [["hex", spaced(bytes.subarray(0, MOST)) + more]];
  if (text !== undefined) rows.push(["text", visible(text.length > MOST ? `${text.slice(0, MOST)}…` : text)]);
  const from = copiedFrom(explanation, range).map(
    ({ step, start, length }) => `${stepOf(explanation, step).title}, ${place(start, length)}`,
  );
  if (from.length > 0) rows.push(["from", from.join("; ")]);
  tooltip.replaceChildren(
    element("strong", {}, `${stepOf(explanation, range.step).title}: ${place(range.start, range.length)} of ${length}`),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
  );
  tooltip.hidden = false;
  put(beside);
}

export function hideTooltip(): void {
  tooltip.hidden = true;
}

/** Puts the tooltip under the bytes, which it must not cover; or above them, where there is no room. */
function put(beside: Element): void {
  const { left, top, bottom } = beside.getClientRects()[0] ?? beside.getBoundingClientRect();
  const below = beside.closest(".value")?.getBoundingClientRect().bottom ?? bottom;
  const { width, height } = tooltip.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const x = Math.max(8, Math.min(left, clientWidth - width - 8));
  const fitting = Math.min(below + 6, clientHeight - height - 8);
  const y = fitting < bottom ? top - height - 6 : fitting;
  tooltip.style.left = `${x + scrollX}px`;
  tooltip.style.top = `${y + scrollY}px`;
}

/** Bytes are counted from 1, as people do. */
const place = (start: number, length: number): string => (length === 1 ? `byte ${start + 1}` : `bytes ${start + 1}–${start + length}`);
