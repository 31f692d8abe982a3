import { type ApiError, ResponseError } from "../errors.js";
import { unitOf } from "../signing/nonce.js";
import type { LoadedCredential } from "./credentials.js";
import { type Endpoints, permits } from "./endpoint.js";
import { endingOf } from "./key-pair.js";
import { texts } from "./answer/outcome.js";

/** The information that Kraken gives about a key, and warnings about its settings. */
export interface KeyReport {
  /** Whether Kraken accepts the key. If it does not, {@link KeyReport.error} says why, and all other fields except the warnings are empty. */
  works: boolean;
  /** Why Kraken rejected the key, if it did. */
  error?: ApiError;
  /** The last four characters of the API key. */
  keyEnding?: string | undefined;
  /** The name that its owner gave it (Spot). */
  name?: string | undefined;
  /** The permissions. Spot: as GetApiKeyInfo names them. Futures: `read`, `full`, `withdrawal`. */
  permissions: string[];
  /** The highest nonce that Kraken has accepted (Spot). */
  nonce?: string | undefined;
  /** How far below the highest nonce a nonce may still be, in the unit of the nonces (Spot). */
  nonceWindow?: string | undefined;
  /** The time at which the key was created. */
  created?: Date | undefined;
  /** The time at which the key expires, if it does. */
  expires?: Date | undefined;
  /** The IP addresses from which the key may be used; empty if it may be used from any. */
  ipAllowlist: string[];
  /** The known endpoints that the key can call. Those of Futures follow their method, as in `POST:sendorder`. */
  endpoints: string[];
  /** Settings of the key that are risky, one sentence each. */
  warnings: string[];
}

const DAY = 86_400_000;

/** Converts Kraken's seconds. No time, or 0, means never. */
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
    [can(/^withdraw/) && can(/^(modify|close|full)/), "The key can trade and withdraw. Use two keys."],
    [
      use === "read" && can(/^(modify|close|withdraw|earn|add-w|update|full)/),
      "The key has the role `read`, but its permissions allow writes.",
    ],
    [!texts(info.ipAllowlist).length, "The key works from any IP address. Set an allowlist."],
    ["validUntil" in info && expires === undefined, "The key never expires. Set an expiry."],
    [expires !== undefined && now - expires > -14 * DAY, "The key expires within 14 days."],
    [created !== undefined && now - created > 90 * DAY, "The key is older than 90 days. Replace it."],
    [Number(text(info.nonceWindow) ?? 0) > 0, "The key has a nonce window, which accepts old nonces."],
    [isAhead, `The highest nonce of the key is above the clock in ${unit}, so another program uses a finer unit.`],
  ];
  return problems.flatMap(([applies, warning]) => (applies ? warning : []));
}

/**
 * Makes a report from the answer of GetApiKeyInfo. The credential keeps the permissions, for the choice of a key.
 *
 * @throws ResponseError if the answer has no permissions
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
