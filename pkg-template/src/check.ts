import { type Api, covers } from "./apis.js";
import type { Held } from "./credentials.js";
import { type ApiError, ResponseError } from "./errors.js";

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

const DAY = 86_400_000;

/** Kraken's times: seconds, or text; none or 0 is never. */
function dateOf(time: unknown): Date | undefined {
  const date = new Date(/^\d+$/.test(`${time}`) ? Number(time) * 1000 : `${time}`);
  return +date ? date : undefined;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

/**
 * Reads Kraken's answer about a key, GetApiKeyInfo's or that of Futures' check. Its permissions are remembered for the choice of keys.
 *
 * @throws ResponseError if it does not name them
 */
export function report({ name, reads, writes, levels }: Api, info: Record<string, unknown>, held: Held): KeyReport {
  if (!info.permissions || typeof info.permissions !== "object") throw new ResponseError("check");
  const areas = JSON.stringify(info.permissions);
  const permissions = levels ? Object.keys(levels).filter((level) => levels[level]!.test(areas)) : texts(info.permissions);
  held.permissions = permissions;
  const can = (pattern: RegExp): boolean => permissions.some((one) => pattern.test(one));
  const created = dateOf(info.createdTime ?? info.createdAt);
  const expires = dateOf(info.validUntil);
  const ipAllowlist = texts(info.ipAllowlist ?? info.allowedCidrBlocks);
  const text = (value: unknown): string | undefined => (value === undefined ? value : `${value}`);
  const nonce = text(info.nonce);
  const nonceWindow = text(info.nonceWindow);
  const scale = { ms: 1n, us: 1000n, ns: 1_000_000n }[held.unit ?? ""];
  const ahead = scale && nonce && /^\d+$/.test(nonce) && BigInt(nonce) > BigInt(Date.now() + 60_000) * scale;
  const problems: [unknown, string][] = [
    [can(/^withdraw/) && can(/^(modify|close|full)/), "It trades and may withdraw: use two keys."],
    [!held.power && can(/^(modify|close|withdraw|earn|add-w|update|full)/), "It is used for reading and may write."],
    [!ipAllowlist.length, "It works from any IP address: set an allowlist."],
    [name === "Spot" && !expires, "It never expires: set an expiry."],
    [expires && +expires - Date.now() < 14 * DAY, "It expires within 14 days."],
    [created && Date.now() - +created > 90 * DAY, "It is older than 90 days: replace it."],
    [Number(nonceWindow ?? 0), "Its nonce window is not 0, so old nonces pass; calls from here are in order and need none."],
    [ahead, `Its last nonce is above the clock in ${held.unit}: something uses a finer unit with it.`],
  ];
  return {
    works: true,
    name: text(info.apiKeyName),
    permissions,
    nonce,
    nonceWindow,
    created,
    expires,
    ipAllowlist,
    endpoints: [reads, writes].flatMap((group) =>
      Object.entries(group).flatMap(([needs, names]) => (covers(permissions, needs) ? names.split(" ") : [])),
    ),
    warnings: problems.flatMap(([wrong, words]) => (wrong ? words : [])),
  };
}
