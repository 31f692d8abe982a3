// Names of endpoints that are mistyped: an unknown name would count as that of a new endpoint, which changes something.
import { described, nearest } from "../checks.js";
import { need } from "../errors.js";

/** How a new endpoint is called, whose name is too near to that of a known one. */
const IF_NEW = "If it is new, set `read` to true if it changes nothing, or else to false.";

/** Tells the names of the APIs apart. */
export const NAMES = "names such as AddOrder belong to SpotClient, sendorder to FuturesClient, and add_order to SpotSocket.";

/** The options of a call that say something about a new endpoint. */
interface Stated {
  readonly read?: boolean | undefined;
  readonly public?: boolean | undefined;
}

/** A name, or what was given in its place, for messages. */
export const shownName = (name: unknown): string => (typeof name === "string" ? JSON.stringify(name.slice(0, 80)) : described(name));

/**
 * Refuses an unknown name that is nearly a known one, and the name with which the other API places orders. All others pass.
 *
 * @param stated - what the caller says about the endpoint: that it says anything means that the name is meant
 */
export function checkNotMistyped(name: string, stated: Stated, names: readonly string[]): void {
  if ((stated.read ?? stated.public) !== undefined) return;
  const meant = nearest(name, names);
  const unknown = `Unknown endpoint ${shownName(name)}`;
  // The other client's, unless it differs from a name of this one in its capitals alone.
  need(!/^(add|send)order$/i.test(name) || meant?.length === name.length, `${unknown}: ${NAMES}`);
  need(meant === undefined, `${unknown}. Did you mean "${meant}"? ${IF_NEW}`);
}
