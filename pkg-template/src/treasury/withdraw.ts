import { checkFlag, checkNames, described, isRecord, unsetProblem } from "../checks.js";
import { type UnknownOutcomeError, need } from "../errors.js";
import type { CallOptions } from "../rest/call.js";
import { type SpotCaller, checkCaller } from "../rest/callers.js";
import { property } from "../rest/endpoint.js";
import type { Params } from "../rest/request/encode.js";
import type { SpotParams } from "../rest/spot/endpoints.js";

/** Options of {@link checkWithdrawal}. */
export type WithdrawalLookOptions = Pick<CallOptions, "signal" | "timeout" | "key">;

/** Options of {@link withdraw}. */
export interface WithdrawOptions extends WithdrawalLookOptions {
  /** Whether to look at the address, the fee and the limit before; `true` by default. */
  readonly look?: boolean | undefined;
}

/** The facts about a withdrawal before it is made. */
export interface WithdrawalCheck {
  /** Whether there is no problem. */
  readonly ok: boolean;
  /** The problems, one sentence each; empty if there is none. */
  readonly problems: readonly string[];
  /** The address behind `key`, as the account's list has it; absent if the list does not have it. */
  readonly address?: string | undefined;
  /** The fee that would be charged; absent if the address is not on the list, because Kraken then tells no fee. */
  readonly fee?: string | undefined;
  /** The maximum that can be withdrawn now, after the fee; absent as the fee is. */
  readonly limit?: string | undefined;
  /** The amount that arrives, because Kraken takes the fee from the amount; absent as the fee is. */
  readonly arrives?: string | undefined;
}

/** A withdrawal that Kraken has accepted. */
export interface Withdrawn {
  /** Kraken's reference, for WithdrawStatus and WithdrawCancel. */
  readonly refid: string;
  /** The facts from the look before; absent with `look: false`. */
  readonly check?: WithdrawalCheck | undefined;
}

const LOOK_OPTIONS = ["signal", "timeout", "key"];

/** Returns a number as text; empty if it is none. A list, for example, would not be sent to Kraken as it looks as text. */
const digitsOf = (number: unknown): string => (/^(string|number|bigint)$/.test(typeof number) ? `${number as string}` : "");

/** Whether a decimal number is above another one; `undefined` if one of them cannot be read. */
function isAbove(one: unknown, other: unknown): boolean | undefined {
  const parts = [one, other].map((number) => /^(\d+)(?:\.(\d+))?$/.exec(digitsOf(number)));
  if (!parts[0] || !parts[1]) return undefined;
  const decimals = Math.max(...parts.map((part) => part![2]?.length ?? 0));
  const [left, right] = parts.map((part) => BigInt(part![1]! + (part![2] ?? "").padEnd(decimals, "0")));
  return left! > right!;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * Refuses an option that is there, but `undefined`, as from an environment variable that is not set: without it, less would be checked than the caller
 * means.
 */
function checkStatedTerms(withdrawal: SpotParams<"Withdraw">): void {
  need(isRecord(withdrawal), `Invalid withdrawal: expected { asset, key, amount }, got ${described(withdrawal)}.`);
  for (const name of ["asset", "key", "amount"] as const) {
    const unset = unsetProblem(withdrawal[name]);
    need(!unset, `Invalid \`${name}\` of the withdrawal: ${unset}`);
  }
  for (const name of ["address", "max_fee"] as const) {
    const unset = name in withdrawal ? unsetProblem(withdrawal[name]) : undefined;
    need(!unset, `Invalid \`${name}\`: ${unset} Leave it out to skip this check.`);
  }
}

/** Returns the address for a withdrawal, and what is wrong with it. */
function judgeAddress(rows: unknown, { key, asset, address }: SpotParams<"Withdraw">): { problem?: string; address?: string | undefined } {
  const named = (Array.isArray(rows) ? rows : []).filter((row) => property(row, "key") === key);
  // A name may be on the list several times, for example for several networks, and Kraken does not say which one it uses.
  const found: readonly unknown[] = address === undefined ? named : named.filter((row) => property(row, "address") === address);
  if (!named.length) return { problem: `The account's list has no address "${key}" for ${asset}.` };
  if (!found.length) return { problem: `"${key}" is another address for ${asset} than the given one.` };
  const [known, ...others] = new Set(found.map((row) => textOf(property(row, "address"))));
  const problems: readonly (readonly [boolean, string])[] = [
    [others.length > 0, `"${key}" is the name of ${others.length + 1} addresses for ${asset}. Pass \`address\`.`],
    [found.some((row) => property(row, "verified") !== true), `The address "${key}" is not verified.`],
  ];
  const [problem] = problems.filter(([applies]) => applies);
  return { ...(problem && { problem: problem[1] }), address: known };
}

/**
 * Returns what is wrong with the fee and the amount. A number that cannot be read is a problem, too. Kraken takes the fee from the amount, and its limit
 * is for the rest.
 */
function judgeTerms(info: unknown, { amount, max_fee: maxFee, asset }: SpotParams<"Withdraw">): string[] {
  const [fee, limit, rest] = ["fee", "limit", "amount"].map((name) => property(info, name));
  // Without `max_fee`, this only shows whether the fee can be read.
  const isDear = isAbove(fee, maxFee ?? fee);
  const isReadable = isAbove(amount, limit) !== undefined;
  const isMuch = isReadable ? isAbove(rest, limit) : undefined;
  const problems: readonly (readonly [boolean, string])[] = [
    [isDear === true, `The fee is ${digitsOf(fee)} ${asset}, and \`max_fee\` is ${digitsOf(maxFee)}.`],
    [isDear === undefined, "The fee or `max_fee` is not a decimal number."],
    [isMuch === true, `Only ${digitsOf(limit)} ${asset} can be withdrawn now, after the fee.`],
    [isMuch === undefined, "The amount, or the limit in Kraken's answer, is not a decimal number."],
    [isAbove(rest, 0) === false, `Nothing would arrive, because the fee is ${digitsOf(fee)} ${asset}.`],
  ];
  return problems.flatMap(([applies, problem]) => (applies ? problem : []));
}

/**
 * Looks whether a withdrawal would be accepted, without making it: whether `key` names an address on the account's list that is verified (and is
 * `address`, if you pass it), whether the fee is at most `max_fee` and leaves something over, and whether the amount is within the limit. It makes two calls,
 * WithdrawAddresses and WithdrawInfo, whose permissions are `query-funds` and `withdraw-funds`.
 *
 * @throws what the calls throw
 *
 * @example
 * ```ts
 * const { ok, problems } = await checkWithdrawal(client, { asset: "XBT", key: "cold storage", amount: "0.5", max_fee: "0.0002" });
 * if (!ok) console.error(problems.join(" "));
 * ```
 */
export async function checkWithdrawal(
  client: SpotCaller,
  withdrawal: SpotParams<"Withdraw">,
  options: WithdrawalLookOptions = {},
): Promise<WithdrawalCheck> {
  checkCaller("checkWithdrawal", client, true);
  checkNames("checkWithdrawal", options, LOOK_OPTIONS);
  checkStatedTerms(withdrawal);
  const { asset, key, amount, aclass } = withdrawal;
  const rows = await client.call("WithdrawAddresses", { asset, key, ...(aclass && { aclass }) }, options);
  const { problem, address } = judgeAddress(rows, withdrawal);
  // Kraken tells the fee only for an address on the list.
  if (address === undefined) return { ok: false, problems: [problem ?? `Kraken shows no address behind "${key}".`] };
  const info = await client.call("WithdrawInfo", { asset, key, amount }, options);
  const problems = [...(problem ? [problem] : []), ...judgeTerms(info, withdrawal)];
  const [fee, limit, arrives] = ["fee", "limit", "amount"].map((name) => textOf(property(info, name)));
  return { ok: !problems.length, problems, address, fee, limit, arrives };
}

/**
 * Says when a withdrawal that is missing was certainly not made. Only the nonces of the key that sent it lock out a late copy, and Kraken may show a
 * withdrawal some time after it has accepted it.
 */
const howToMakeSure = ({ nonce, keyEnding }: UnknownOutcomeError): string =>
  `If there is none, wait until check() of the key that ${keyEnding ? `ends in ${keyEnding}` : "sent it"} shows a ` +
  `${nonce ? `nonce above ${nonce}` : "higher nonce"} and a nonceWindow of 0, wait a minute, and look again, before you withdraw once more`;

/**
 * Makes a withdrawal, after a look at its address, fee and limit (see {@link checkWithdrawal}). Pass `max_fee`, too: Kraken itself rejects the withdrawal
 * if the fee is above it, even if the fee has changed since the look.
 *
 * The withdrawal is sent once. Kraken has no id of yours for withdrawals, so an unknown outcome cannot be resolved with certainty: the
 * UnknownOutcomeError has a `reason` that says how to find out with WithdrawStatus.
 *
 * @returns Kraken's reference. Kraken has accepted the withdrawal then, and WithdrawStatus shows its progress.
 * @throws InvalidRequestError if the look shows a problem (nothing was withdrawn); ApiError if Kraken rejected the withdrawal; UnknownOutcomeError if
 * it may have been made; and what the calls of the look throw
 *
 * @example
 * ```ts
 * const { refid } = await withdraw(client, { asset: "XBT", key: "cold storage", amount: "0.5", max_fee: "0.0002" });
 * console.log("requested:", refid);
 * ```
 */
export async function withdraw(client: SpotCaller, withdrawal: SpotParams<"Withdraw">, options: WithdrawOptions = {}): Promise<Withdrawn> {
  checkCaller("withdraw", client, true);
  checkNames("withdraw", options, [...LOOK_OPTIONS, "look"]);
  const { look = true, ...rest } = options;
  checkFlag("look", look);
  checkStatedTerms(withdrawal);
  // Read once, so that what was looked at is what is sent.
  const params = { ...withdrawal };
  const check = look ? await checkWithdrawal(client, params, rest) : undefined;
  need(!check || check.ok, `Nothing was withdrawn: ${check?.problems.join(" ")}`);
  try {
    const result = await client.call("Withdraw", params as Params, rest);
    return { refid: property(result, "refid") as string, check };
  } catch (error) {
    // The check is not `instanceof`, because the client may come from the other copy of this package (ESM, CommonJS).
    if ((error as Partial<UnknownOutcomeError> | undefined)?.code === "ERR_UNKNOWN_OUTCOME")
      (error as UnknownOutcomeError).reason =
        `Look at WithdrawStatus for a withdrawal of ${params.amount as string} ${params.asset}, or of that less the fee, to "${params.key}" that was made since. ` +
        howToMakeSure(error as UnknownOutcomeError);
    throw error;
  }
}
