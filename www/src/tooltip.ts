// The tooltip with the exact bytes under the pointer or the focus.
import type { Explanation } from "kraken-signer/inspect";
import { asText, fromHex, spaced, visible } from "./bytes";
import { byId, element } from "./dom";
import { copiedFrom, stepOf, type Range } from "./provenance";

/** The maximum number of bytes in the tooltip. */
const MAX_BYTES = 64;

const tooltip = byId("tooltip");

export function showTooltip(explanation: Explanation, range: Range, beside: Element): void {
  const { length, hex = "" } = stepOf(explanation, range.step);
  const bytes = fromHex(hex).subarray(range.start, range.start + range.length);
  const text = asText(bytes);
  const more = bytes.length > MAX_BYTES ? ` … and ${bytes.length - MAX_BYTES} more` : "";
  const rows: [string, string][] = [["hex", spaced(bytes.subarray(0, MAX_BYTES)) + more]];
  if (text !== undefined) rows.push(["text", visible(text.length > MAX_BYTES ? `${text.slice(0, MAX_BYTES)}…` : text)]);
  const from = copiedFrom(explanation, range).map(
    ({ step, start, length }) => `${stepOf(explanation, step).title}, ${place(start, length)}`,
  );
  if (from.length > 0) rows.push(["from", from.join("; ")]);
  tooltip.replaceChildren(
    element("strong", {}, `${stepOf(explanation, range.step).title}: ${place(range.start, range.length)} of ${length}`),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
  );
  tooltip.hidden = false;
  position(beside);
}

export function hideTooltip(): void {
  tooltip.hidden = true;
}

/** Places the tooltip below the bytes without covering them, or above them if there is no space below. */
function position(beside: Element): void {
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

/** Describes a range of bytes, counted from 1. */
const place = (start: number, length: number): string => (length === 1 ? `byte ${start + 1}` : `bytes ${start + 1}–${start + length}`);
