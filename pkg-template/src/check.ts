import { type Api, covers, rowsOf } from "./apis.js";
import type { Held } from "./credentials.js";
import { type ApiError, ResponseError } from "./errors.js";
import { texts } from "./http.js";
import { unitOf } from "./nonce.js";

/** What Kraken says about a key, and what looks wrong with it. */
export interface KeyReport {
  /** Whether Kraken accepted the key. If not, {@link KeyReport.error} says why, and of the rest only the warnings are filled in. */
  works: boolean;
  error?: ApiError;
  /** The name its owner gave it (Spot). */
  name?: string | undefined;
  /** Spot: as GetApiKeyInfo names them. Futures: `read`, `full`, `withdrawal`. */
  permissions: string[];
  /** The highest nonce that Kraken has seen (Spot). */
  nonce?: string | undefined;
  /** How far below it a nonce may still be, in its own unit (Spot). */
  nonceWindow?: string | undefined;
  created?: Date | undefined;
  /** When it expires, if it does. */
  expires?: Date | undefined;
  /** Addresses it may be used from; none: any. */
  ipAllowlist: string[];
  /** The known endpoints that it can call; for Futures after their method, as in `POST:sendorder`. */
  endpoints: string[];
  /** What looks wrong, in plain words. */
  warnings: string[];
}

/** Kraken's times are seconds; none or 0 is never. */
function dateOf(time: unknown): Date | undefined {
  const milliseconds = Number(time) * 1000;
  return milliseconds ? new Date(milliseconds) : undefined;
}

const daysSince = (date: Date | undefined): number => (Date.now() - Number(date)) / 86_400_000;

const text = (value: unknown): string | undefined => (value as object | undefined)?.toString();

/**
 * Reads GetApiKeyInfo's answer about a key. Its permissions are remembered for the choice of keys.
 *
 * @throws ResponseError if it does not name them
 */
export function report(api: Api, info: Record<string, unknown>, held: Held): KeyReport {
  if (!Array.isArray(info.permissions)) throw new ResponseError("check");
  const permissions = (held.permissions = texts(info.permissions));
  const can = (pattern: RegExp): boolean => permissions.some((one) => pattern.test(one));
  const created = dateOf(info.createdTime);
  const expires = dateOf(info.validUntil);
  const ipAllowlist = texts(info.ipAllowlist);
  const nonce = text(info.nonce);
  const nonceWindow = text(info.nonceWindow);
  const problems = {
    "It trades and may withdraw: use two keys.": can(/^withdraw/) && can(/^(modify|close|full)/),
    "It is for reading and may write.": !held.power && can(/^(modify|close|withdraw|earn|add-w|update|full)/),
    "It works from any IP address: set an allowlist.": !ipAllowlist.length,
    "It never expires: set an expiry.": "validUntil" in info && !expires,
    "It expires within 14 days.": daysSince(expires) > -14,
    "It is older than 90 days: replace it.": daysSince(created) > 90,
    "Its nonce window lets old nonces pass.": Number(nonceWindow) > 0,
    [`Its last nonce is above the clock in ${held.unit}: a finer unit is used.`]:
      held.unit && Number(nonce) > (Date.now() + 60_000) * 1000 ** unitOf(held.unit),
  };
  return {
    works: true,
    name: text(info.apiKeyName),
    permissions,
    nonce,
    nonceWindow,
    created,
    expires,
    ipAllowlist,
    endpoints: [...rowsOf(api)].flatMap(([name, { needs }]) => (covers(permissions, needs) ? name : [])),
    warnings: Object.entries(problems).flatMap(([words, wrong]) => (wrong ? words : [])),
  };
}
