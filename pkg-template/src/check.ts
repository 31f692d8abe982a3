import type { Held } from "./credentials.js";
import { type Table, covers, futures, spot } from "./endpoints.js";
import { ApiError, ResponseError } from "./errors.js";

/** What Kraken says about a key, and what looks wrong with it. */
export interface KeyReport {
  /** Whether Kraken accepted the key. If not, {@link KeyReport.error} says why, and of the rest only the warnings are filled in. */
  works: boolean;
  error?: ApiError;
  /** The name its owner gave it (Spot). */
  name?: string;
  /** Spot: as GetApiKeyInfo names them. Futures: `read`, `full`, `withdrawal`. */
  permissions: string[];
  /** The highest nonce that Kraken has seen (Spot). */
  nonce?: string;
  /** How far below it a nonce may still be, in its own unit (Spot). */
  nonceWindow?: string;
  created?: Date;
  /** When it expires, if it does. */
  expires?: Date;
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
 * Reads the answer about a key: GetApiKeyInfo's, or that of Futures' check, whose permissions are levels of areas
 * (`{"general":"full","withdrawal":"none"}`). The key's permissions are remembered for the choice of keys.
 */
export function report(api: "Spot" | "Futures", answer: object, held: Held): KeyReport {
  const warnings: string[] = [];
  if (answer instanceof ApiError)
    return { works: false, error: answer, permissions: [], ipAllowlist: [], endpoints: [], warnings: [answer.hint] };
  const info = answer as Record<string, unknown>;
  const isSpot = api === "Spot";
  if (!info.permissions || typeof info.permissions !== "object") throw new ResponseError("check");
  const levels = JSON.stringify(info.permissions).toLowerCase();
  const permissions = isSpot
    ? texts(info.permissions)
    : ["read", "full", "withdrawal"].filter((_, i) =>
        [/general\w*":"(read|full)/, /general\w*":"full/, /withdraw\w*":"full/][i]!.test(levels),
      );
  held.permissions = permissions;
  const can = (pattern: RegExp): boolean => permissions.some((one) => pattern.test(one));
  const table: Table = isSpot ? spot : futures;
  const created = dateOf(info.createdTime ?? info.createdAt);
  const expires = dateOf(info.validUntil);
  const ipAllowlist = texts(info.ipAllowlist ?? info.allowedCidrBlocks);
  const nonce = `${info.nonce}`;
  const mark = /^\d+$/.test(nonce) ? BigInt(nonce) : 0n;
  const limit = BigInt(Date.now() + 60_000) * ({ ms: 1n, us: 1000n, ns: 1_000_000n }[held.unit ?? ""] ?? mark);
  const problems: [unknown, string][] = [
    [can(/^withdraw/) && can(/^(modify|close|full)/), "It trades and may withdraw: use two keys."],
    [!held.power && can(/^(modify|close|withdraw|earn|add-w|update|full)/), "It is used for reading and may write."],
    [!ipAllowlist.length, "It works from any IP address: set an allowlist."],
    [isSpot && !expires, "It never expires: set an expiry."],
    [expires && +expires - Date.now() < 14 * DAY, "It expires within 14 days."],
    [created && Date.now() - +created > 90 * DAY, "It is older than 90 days: replace it."],
    [Number(info.nonceWindow), "Its nonce window is not 0, so old nonces pass; calls from here are in order and need none."],
    [mark > limit, `Its last nonce is above the clock in ${held.unit}: something uses a finer unit with it.`],
  ];
  for (const [wrong, words] of problems) if (wrong) warnings.push(words);
  return {
    works: true,
    permissions,
    ipAllowlist,
    endpoints: [table.reads, table.writes].flatMap((group) =>
      Object.keys(group).flatMap((needs) => (covers(permissions, needs) ? group[needs]!.split(" ") : [])),
    ),
    warnings,
    ...(isSpot && { name: `${info.apiKeyName}`, nonce, nonceWindow: `${info.nonceWindow}` }),
    ...(created && { created }),
    ...(expires && { expires }),
  };
}
