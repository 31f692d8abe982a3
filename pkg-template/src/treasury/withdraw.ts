import { checkFlag, checkNames } from "../checks.js";
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
  /** The maximum that can be withdrawn now; absent as the fee is. */
  readonly limit?: string | undefined;
}

/** A withdrawal that Kraken has accepted. */
export interface Withdrawn {
  /** Kraken's reference, for WithdrawStatus and WithdrawCancel. */
  readonly refid: string;
  /** The facts from the look before; absent with `look: false`. */
  readonly check?: WithdrawalCheck | undefined;
}

const LOOK_OPTIONS = ["signal", "timeout", "key"];

/** Whether a decimal number is above another one; `undefined` if one of them cannot be read. */
function isAbove(one: unknown, other: unknown): boolean | undefined {
  const parts = [one, other].map((number) => /^(\d+)(?:\.(\d+))?$/.exec(`${number as string}`));
  if (!parts[0] || !parts[1]) return undefined;
  const decimals = Math.max(...parts.map((part) => part![2]?.length ?? 0));
  const [left, right] = parts.map((part) => BigInt(part![1]! + (part![2] ?? "").padEnd(decimals, "0")));
  return left! > right!;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Returns the address for a withdrawal, and what is wrong with it. */
function judgeAddress(rows: unknown, { key, asset, address }: SpotParams<"Withdraw">): { problem?: string; address?: string | undefined } {
  const found = (Array.isArray(rows) ? rows : []).filter((row) => property(row, "key") === key);
  const row: unknown = address === undefined ? found[0] : found.find((one) => property(one, "address") === address);
  if (!found.length) return { problem: `The account's list has no address "${key}" for ${asset}.` };
  if (row === undefined) return { problem: `"${key}" is another address for ${asset} than the given one.` };
  const known = textOf(property(row, "address"));
  return property(row, "verified") === true ? { address: known } : { problem: `The address "${key}" is not verified.`, address: known };
}

/** Returns what is wrong with the fee and the amount. A number that cannot be read is a problem, too. */
function judgeTerms(info: unknown, { amount, max_fee: maxFee, asset }: SpotParams<"Withdraw">): string[] {
  const [fee, limit] = ["fee", "limit"].map((name) => property(info, name));
  const isDear = maxFee === undefined ? false : isAbove(fee, maxFee);
  const isMuch = isAbove(amount, limit);
  const problems: readonly (readonly [boolean, string])[] = [
    [isDear === true, `The fee is ${fee as string} ${asset}, and \`max_fee\` is ${maxFee as string}.`],
    [isDear === undefined, "The fee or `max_fee` is not a decimal number."],
    [isMuch === true, `Only ${limit as string} ${asset} can be withdrawn now.`],
    [isMuch === undefined, "The amount, or the limit in Kraken's answer, is not a decimal number."],
  ];
  return problems.flatMap(([applies, problem]) => (applies ? problem : []));
}

/**
 * Looks whether a withdrawal would be accepted, without making it: whether `key` names an address on the account's list that is verified (and is
 * `address`, if you pass it), whether the fee is at most `max_fee`, and whether the amount is within the limit. It makes two calls,
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
  checkCaller("checkWithdrawal", client);
  checkNames("checkWithdrawal", options, LOOK_OPTIONS);
  const { asset, key, amount, aclass } = withdrawal;
  const rows = await client.call("WithdrawAddresses", { asset, key, ...(aclass && { aclass }) }, options);
  const { problem, address } = judgeAddress(rows, withdrawal);
  // Kraken tells the fee only for an address on the list.
  if (address === undefined) return { ok: false, problems: [problem ?? `Kraken shows no address behind "${key}".`] };
  const info = await client.call("WithdrawInfo", { asset, key, amount }, options);
  const problems = [...(problem ? [problem] : []), ...judgeTerms(info, withdrawal)];
  return { ok: !problems.length, problems, address, fee: textOf(property(info, "fee")), limit: textOf(property(info, "limit")) };
}

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
  checkCaller("withdraw", client);
  checkNames("withdraw", options, [...LOOK_OPTIONS, "look"]);
  const { look = true, ...rest } = options;
  checkFlag("look", look);
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
        `Look at WithdrawStatus for a withdrawal of ${params.amount as string} ${params.asset} to "${params.key}" that was made since. ` +
        "If there is none, wait until check() shows a higher nonce of the key, and look again, before you withdraw once more";
    throw error;
  }
}
