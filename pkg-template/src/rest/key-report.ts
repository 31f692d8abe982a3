import { type ApiError, ResponseError } from "../errors.js";
import { unitOf } from "../signing/nonce.js";
import type { LoadedCredential } from "./credentials.js";
import { type Endpoints, permits } from "./endpoint.js";
import { texts } from "./answer/outcome.js";

/** What Kraken says about a key, and what looks wrong with it. */
export interface KeyReport {
  /** Whether Kraken accepted the key. If not, {@link KeyReport.error} says why, and of the rest only the warnings are filled in. */
  works: boolean;
  /** Why Kraken rejected the key, if it did. */
  error?: ApiError;
  /** The last four characters of the API key. */
  keyEnding?: string | undefined;
  /** The name its owner gave it (Spot). */
  name?: string | undefined;
  /** Spot: as GetApiKeyInfo names them. Futures: `read`, `full`, `withdrawal`. */
  permissions: string[];
  /** The highest nonce that Kraken has seen (Spot). */
  nonce?: string | undefined;
  /** How far below it a nonce may still be, in its own unit (Spot). */
  nonceWindow?: string | undefined;
  /** When the key was made. */
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

const DAY = 86_400_000;

/** As much of an API key as tells one key from another, and no more. */
export const endingOf = (key: string): string => key.slice(-4);

/** Kraken's times are seconds; none or 0 is never. */
function dateOf(time: unknown): Date | undefined {
  const milliseconds = Number(time) * 1000;
  return milliseconds ? new Date(milliseconds) : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? `${value}` : undefined;

function warningsOf(info: Record<string, unknown>, credential: LoadedCredential, permissions: readonly string[], now: number): string[] {
  const can = (pattern: RegExp): boolean => permissions.some((one) => pattern.test(one));
  const expires = dateOf(info.validUntil)?.getTime();
  const created = dateOf(info.createdTime)?.getTime();
  const { unit, use } = credential;
  const isAhead = unit !== undefined && Number(text(info.nonce) ?? 0) > (now + 60_000) * 1000 ** unitOf(unit);
  const problems: readonly (readonly [boolean, string])[] = [
    [can(/^withdraw/) && can(/^(modify|close|full)/), "It trades and may withdraw: use two keys."],
    [use === "read" && can(/^(modify|close|withdraw|earn|add-w|update|full)/), "It is for reading and may write."],
    [!texts(info.ipAllowlist).length, "It works from any IP address: set an allowlist."],
    ["validUntil" in info && expires === undefined, "It never expires: set an expiry."],
    [expires !== undefined && now - expires > -14 * DAY, "It expires within 14 days."],
    [created !== undefined && now - created > 90 * DAY, "It is older than 90 days: replace it."],
    [Number(text(info.nonceWindow) ?? 0) > 0, "Its nonce window lets old nonces pass."],
    [isAhead, `Its last nonce is above the clock in ${unit}: a finer unit is used.`],
  ];
  return problems.flatMap(([applies, words]) => (applies ? words : []));
}

/**
 * Reads GetApiKeyInfo's answer about a key. Its permissions are remembered for the choice of keys.
 *
 * @throws ResponseError if it does not name them
 */
export function keyReport(endpoints: Endpoints, info: Record<string, unknown>, credential: LoadedCredential): KeyReport {
  if (!Array.isArray(info?.permissions)) throw new ResponseError("check");
  const permissions = texts(info.permissions);
  credential.permissions = permissions;
  const isCallable = ([, endpoint]: [string, Endpoints[string]]): boolean =>
    !endpoint.isPublic && permits(permissions, endpoint.permissions);
  return {
    works: true,
    keyEnding: endingOf(credential.key),
    name: text(info.apiKeyName),
    permissions,
    nonce: text(info.nonce),
    nonceWindow: text(info.nonceWindow),
    created: dateOf(info.createdTime),
    expires: dateOf(info.validUntil),
    ipAllowlist: texts(info.ipAllowlist),
    endpoints: Object.entries(endpoints)
      .filter(isCallable)
      .map(([name]) => name),
    warnings: warningsOf(info, credential, permissions, Date.now()),
  };
}
