import { described, nearest } from "../checks.js";
import { ApiError, type ErrorKind, ResponseError, need } from "../errors.js";
import { unitOf } from "../signing/nonce.js";
import type { CallOptions } from "./call.js";
import type { LoadedCredential } from "./credentials.js";
import { type Endpoint, type Endpoints, permits } from "./endpoint.js";
import { endingOf } from "./key-pair.js";
import { SAME_TIME, clockHint, secretHint } from "./answer/hints.js";
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
  /** The earliest time of which the key may query closed orders, trades and ledger entries, if its owner has limited that (Spot). */
  queryFrom?: Date | undefined;
  /** The latest such time, if its owner has limited that (Spot). */
  queryTo?: Date | undefined;
  /** The IP addresses from which the key may be used; empty if it may be used from any. */
  ipAllowlist: string[];
  /** The known endpoints that the key can call. Those of Futures follow their method, as in `POST:sendorder`. */
  endpoints: string[];
  /** Settings of the key that are risky, one sentence each. */
  warnings: string[];
  /** With the option `for`: the endpoints of it that no key of this report may call; empty if nothing is missing. */
  missing?: MissingPermission[];
  /** With the option `for`: the permissions of the key that none of these endpoints needs. */
  unneeded?: string[];
  /** With the option `for` and several keys: the report of each key, in the order of the keys. */
  keys?: KeyReport[];
}

/** An endpoint that a key may not call. */
export interface MissingPermission {
  /** The endpoint, as in the option `for`. */
  endpoint: string;
  /** The permissions that the key lacks; empty if it lacks none, but its role is `read`, or Kraken does not accept it. */
  lacks: string[];
  /** A sentence that says why the key may not call the endpoint. */
  message: string;
}

/** Options of `check()`. */
export interface CheckOptions extends CallOptions {
  /**
   * The endpoints that your program calls, such as `["AddOrder", "Withdraw"]`. The report then says what is missing, and which permissions none of them
   * needs. Without the option `key`, all keys of the client are checked, with one call each. None by default.
   */
  readonly for?: readonly string[] | undefined;
}

const DAY = 86_400_000;

/** The kinds of errors that say something about a key. */
const ABOUT_KEY: readonly ErrorKind[] = ["key", "signature", "otp", "nonce", "permission", "expired", "account"];

/** Converts Kraken's seconds. No time, or 0, means never; a time that no `Date` holds is not known. */
function dateOf(time: unknown): Date | undefined {
  const date = new Date(Number(time) * 1000);
  return +date ? date : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? `${value}` : undefined;

function warningsOf(info: Record<string, unknown>, credential: LoadedCredential, permissions: readonly string[], now: number): string[] {
  const can = (pattern: RegExp): boolean => permissions.some((one) => pattern.test(one));
  const expires = dateOf(info.validUntil)?.getTime();
  const created = dateOf(info.createdTime)?.getTime();
  const { unit, use, secret, clockBehind } = credential;
  const [nonce, window] = [text(info.nonce), text(info.nonceWindow)];
  const ahead = unit === undefined ? 0 : Number(nonce ?? 0) / 1000 ** unitOf(unit) - now;
  // Microseconds × 1024 are 2.4 % above nanoseconds.
  const isShifted = unit === "ns" && ahead > now / 100 && ahead <= now;
  const problems: readonly (readonly [boolean, string])[] = [
    [can(/^withdraw/) && can(/^(modify|close|full)/), "The key can trade and withdraw. Use two keys."],
    [
      use === "read" && can(/^(modify|close|withdraw|earn|add-w|update|full)/),
      "The key has the role `read`, but its permissions allow writes.",
    ],
    [!texts(info.ipAllowlist).length, "The key works from any IP address. Set an allowlist."],
    ["validUntil" in info && Number(info.validUntil) === 0, "The key never expires. Set an expiry."],
    [expires !== undefined && now - expires > -14 * DAY, "The key expires within 14 days."],
    [created !== undefined && now - created > 90 * DAY, "The key is older than 90 days. Replace it."],
    [
      dateOf(info.queryTo) !== undefined,
      "The key has a query end date. It does not see orders that are filled later, so that their outcome can remain unknown.",
    ],
    [Number(window ?? 0) > 0, "The key has a nonce window, which accepts old nonces."],
    [
      ahead > now,
      `The highest nonce of the key, ${nonce}, is above the clock in ${unit}, and no clock was ever that far ahead: another program uses a finer unit. Only the nonce window lets ${unit} pass. \`npx kraken-signer nonce --explain ${nonce}\` names the unit, and says which ones are above it.`,
    ],
    [
      ahead > 60_000 && ahead <= now,
      `The highest nonce of the key, ${nonce}, is ${Math.round(ahead / 1000)} seconds ahead of this machine's clock in ${unit}. ${isShifted ? "Another program counts microseconds × 1024, or" : "No finer unit is that close to it, so"} this clock is behind, or that of another program was ahead.`,
    ],
    [secretHint(secret.length) !== "", secretHint(secret.length, true)],
    [Math.abs(clockBehind ?? 0) > SAME_TIME, `${clockHint(clockBehind ?? 0)}. Set the clock.`],
  ];
  return problems.flatMap(([applies, warning]) => (applies ? warning : []));
}

/** Returns the fields under the names that Kraken documents, such as `validUntil`. A recorded answer has `valid_until`. */
const documented = (info: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(info).map(([name, value]) => [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]),
  );

/**
 * Makes a report from the answer of GetApiKeyInfo. The credential keeps the permissions, for the choice of a key.
 *
 * @throws ResponseError if the answer has no permissions
 */
function keyReport(endpoints: Endpoints, answer: Record<string, unknown>, credential: LoadedCredential): KeyReport {
  if (!Array.isArray(answer?.permissions)) throw new ResponseError("check");
  const info = documented(answer);
  const permissions = texts(answer.permissions);
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
    queryFrom: dateOf(info.queryFrom),
    queryTo: dateOf(info.queryTo),
    ipAllowlist: texts(info.ipAllowlist),
    endpoints: Object.entries(endpoints)
      .filter(isCallable)
      .map(([name]) => name),
    warnings: warningsOf(info, credential, permissions, Date.now()),
  };
}

/** An endpoint that a program calls, with its record. */
type Needed = readonly [string, Endpoint];

/** Returns the records of the endpoints in the option `for`. Those of Futures are found with or without their method. */
function neededOf(endpoints: Endpoints, names: unknown): readonly Needed[] {
  need(Array.isArray(names), `Invalid \`for\`: expected an array of endpoints, such as ["AddOrder", "Withdraw"], got ${described(names)}.`);
  const known = Object.entries(endpoints);
  return names.flatMap((name: unknown) => {
    const found = known.filter(([one]) => one === name || one.endsWith(`:${name as string}`));
    const near = nearest(`${name as string}`, Object.keys(endpoints));
    need(
      found.length,
      `Unknown endpoint ${JSON.stringify(`${name as string}`.slice(0, 60))} in \`for\`.${near ? ` Did you mean "${near}"?` : ""}`,
    );
    return found.map(([, endpoint]): Needed => [name as string, endpoint]);
  });
}

/** Returns the fewest permissions that a key lacks for an endpoint. */
function lacking(permissions: readonly string[], { permissions: needed }: Endpoint): string[] {
  const ways = needed.split("|").map((all) => all.split("&").filter((one) => one && !permissions.includes(one)));
  return ways.reduce((least, way) => (way.length < least.length ? way : least));
}

/** Returns the endpoints that a key may not call. */
function missingOf({ works, permissions }: KeyReport, { use }: LoadedCredential, needed: readonly Needed[]): MissingPermission[] {
  return needed.flatMap(([name, endpoint]) => {
    if (endpoint.isPublic) return [];
    const lacks = works ? lacking(permissions, endpoint) : [];
    const reasons: readonly (readonly [boolean, string])[] = [
      [!works, `${name}: Kraken does not accept the key.`],
      [lacks.length > 0, `${name}: the key lacks ${lacks.join(" and ")}.`],
      [use === "read" && endpoint.write === true, `${name}: the key has the role \`read\`, and the call changes something.`],
    ];
    const [reason] = reasons.filter(([applies]) => applies);
    return reason ? { endpoint: name, lacks, message: reason[1] } : [];
  });
}

/** Returns the permissions that none of the endpoints needs, in any way. */
const unneededOf = ({ permissions }: KeyReport, needed: readonly Needed[]): string[] =>
  permissions.filter((one) => !needed.some(([, endpoint]) => endpoint.permissions.split(/[|&]/).includes(one)));

/** Combines the reports of several keys. An endpoint is missing only if no key may call it; the reason is that of the key that lacks the least. */
function combined(reports: readonly (KeyReport & Required<Pick<KeyReport, "missing">>)[]): KeyReport {
  const [first] = reports;
  if (reports.length === 1) return first!;
  const missing = first!.missing.flatMap(({ endpoint }) => {
    const reasons = reports.flatMap((report) => report.missing.find((one) => one.endpoint === endpoint) ?? []);
    const isMissing = reasons.length === reports.length;
    return isMissing ? reasons.sort((a, b) => a.lacks.length - b.lacks.length).slice(0, 1) : [];
  });
  return { ...first!, missing, keys: [...reports] };
}

/**
 * Asks Kraken about keys.
 *
 * @param names - the option `for`; without it, only the first key is checked
 * @param ask - asks about a key, and returns Kraken's answer
 */
export async function checkKeysFor(
  endpoints: Endpoints,
  credentials: readonly LoadedCredential[],
  names: readonly string[] | undefined,
  ask: (credential: LoadedCredential) => Promise<Record<string, unknown>>,
): Promise<KeyReport> {
  const reportOf = async (credential: LoadedCredential): Promise<KeyReport> => {
    try {
      return keyReport(endpoints, await ask(credential), credential);
    } catch (error) {
      // Every other rejection, such as one for maintenance or the rate of calls, says nothing about the key.
      if (!(error instanceof ApiError && ABOUT_KEY.includes(error.kind))) throw error;
      return { works: false, error, permissions: [], ipAllowlist: [], endpoints: [], warnings: [error.hint] };
    }
  };
  if (names === undefined) return reportOf(credentials[0]!);
  const needed = neededOf(endpoints, names);
  const reports = await Promise.all(
    credentials.map(async (credential) => {
      const report = await reportOf(credential);
      return { ...report, missing: missingOf(report, credential, needed), unneeded: unneededOf(report, needed) };
    }),
  );
  return combined(reports);
}
