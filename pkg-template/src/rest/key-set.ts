import { type ErrorKind, need } from "../errors.js";
import { ProcessLane } from "../lane/process.js";
import { type CheckedCredential, type Credential, type LoadedCredential, checkCredential } from "./credentials.js";
import { permits } from "./endpoint.js";
import { type Hooks, observe } from "./hooks.js";
import { endingOf } from "./key-pair.js";

/** The facts about a call that decide on its key. */
export interface KeyedCall {
  readonly endpoint: string;
  readonly write: boolean;
  /** The required permissions. */
  readonly permissions: string;
}

/** The facts about a rejection that decide whether its key is set aside. */
export interface KeyRejection {
  readonly kind: ErrorKind | undefined;
  /** Kraken's error strings. */
  readonly errors: readonly string[];
  /** Milliseconds until Kraken accepts requests again, if the answer said so. */
  readonly retryAfter: number | undefined;
}

const MINUTE = 60_000;

/** Milliseconds for which a key is set aside, by the kind of the rejection. The other kinds say nothing about the key. */
const SET_ASIDE: Readonly<Partial<Record<ErrorKind, number>>> = {
  "rate-limit": 15_000,
  signature: MINUTE,
  otp: MINUTE,
  permission: 5 * MINUTE,
  key: 15 * MINUTE,
  expired: 15 * MINUTE,
  // Kraken's lockouts last that long, and each further request prolongs them.
  lockout: 15 * MINUTE,
};

/** The calls for which a key is set aside: all, or those with the same required permissions. */
const ALL = "";
const scopeOf = ({ permissions, endpoint }: KeyedCall): string => permissions || endpoint;

/** Returns the time until which a key is set aside for a call, by the monotonic clock; 0 if it is not. */
function setAsideUntil({ setAside }: LoadedCredential, call: KeyedCall): number {
  const until = Math.max(setAside?.get(ALL) ?? 0, setAside?.get(scopeOf(call)) ?? 0);
  return until > performance.now() ? until : 0;
}

const ROLES = ["read", "write", "any"] as const;

const mayUse = ({ use }: LoadedCredential, { write }: KeyedCall): boolean => !write || use !== "read";
const lacks = ({ permissions }: LoadedCredential, call: KeyedCall): boolean =>
  permissions !== undefined && !permits(permissions, call.permissions);

/**
 * Ranks a credential for a call; the first number that differs decides, and the lowest is the best. Those with the required permissions come first, then
 * those that are not set aside, then the least privileged role, then the fewest permissions. Reads are then shared out; writes are not, because one queue
 * keeps the order in which they were called.
 */
function rank(credential: LoadedCredential, call: KeyedCall): readonly number[] {
  const { permissions, use, calls, lastCall } = credential;
  const share = call.write ? [] : [calls, lastCall];
  return [
    Number(lacks(credential, call)),
    setAsideUntil(credential, call),
    ROLES.indexOf(use),
    Math.min(permissions?.length ?? 999, 999),
    ...share,
  ];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((number, index) => number !== other[index]);
  return place < 0 ? 0 : one[place]! - other[place]!;
}

/** Whether a call may be to a public endpoint that this version does not know. What `request` calls is always signed, and its name has a method. */
const takesPublic = ({ permissions, endpoint }: KeyedCall): boolean => !permissions && !endpoint.includes(" ");

/** Returns the best of the credentials that can make a call. */
export function chooseCredential(credentials: readonly LoadedCredential[], call: KeyedCall): LoadedCredential {
  const [only] = credentials;
  if (credentials.length === 1 && mayUse(only!, call)) return only!;
  need(
    only,
    `${call.endpoint} is a private endpoint, but this client has no key. Pass \`key\` and \`secret\`.${takesPublic(call) ? " A new public one takes `public: true`." : ""}`,
  );
  const ranked = credentials.filter((one) => mayUse(one, call)).map((credential) => ({ credential, rank: rank(credential, call) }));
  const [best] = ranked.sort((a, b) => compare(a.rank, b.rank));
  need(best, `${call.endpoint} changes something, but every configured key has \`use: "read"\`.`);
  return best.credential;
}

/** Wipes a credential, and releases its lane. */
function wipe({ secret, lane }: LoadedCredential): void {
  secret.free();
  if (lane instanceof ProcessLane) lane.close();
}

/** Loads all of these credentials, or none. Lanes are opened last, because that may change the unit of a key's nonces permanently. */
function loadAll(credentials: readonly Credential[]): LoadedCredential[] {
  const checked: CheckedCredential[] = [];
  const loaded: LoadedCredential[] = [];
  try {
    for (const credential of credentials) checked.push(checkCredential(credential));
    for (const { facts, openLane } of checked) loaded.push({ ...facts, lane: openLane() });
    return loaded;
  } catch (error) {
    loaded.forEach(wipe);
    for (const { facts } of checked) facts.secret.free();
    throw error;
  }
}

/** The keys of a client: those of new calls, and earlier ones that are still used. */
export class KeySet {
  readonly #hooks: Hooks | undefined;
  #current: readonly LoadedCredential[];
  /** Keys that were replaced, and that calls use or a search for an order may use. */
  #replaced: readonly LoadedCredential[] = [];
  #calls = 0;

  constructor(credentials: readonly Credential[], hooks: Hooks | undefined) {
    this.#hooks = hooks;
    this.#current = loadAll(credentials);
  }

  /** The keys of new calls. */
  get current(): readonly LoadedCredential[] {
    return this.#current;
  }

  /** Returns the latest credential of an API key. One that was replaced is found as long as it is not wiped. */
  named(key: string): LoadedCredential {
    const credential = [...this.#current, ...[...this.#replaced].reverse()].find((one) => one.key === key);
    need(credential, "Invalid `key`: this client does not have that key. Pass the API key of one of its credentials.");
    return credential;
  }

  /** Chooses the credential for a call. */
  choose(call: KeyedCall): LoadedCredential {
    return chooseCredential(this.#current, call);
  }

  /** Returns the credential for the next attempt at a read: another one, if its credential was set aside. */
  chooseAgain(credential: LoadedCredential, call: KeyedCall): LoadedCredential {
    const isReplaceable = !call.write && this.#current.includes(credential) && setAsideUntil(credential, call) > 0;
    return isReplaceable ? this.choose(call) : credential;
  }

  /** Notes that a call begins to use a credential. Until {@link KeySet.end}, it is not wiped. */
  begin(credential: LoadedCredential | undefined): void {
    if (!credential) return;
    credential.calls += 1;
    credential.lastCall = ++this.#calls;
  }

  end(credential: LoadedCredential | undefined): void {
    if (!credential) return;
    credential.calls -= 1;
    this.#wipeUnused();
  }

  /**
   * Keeps the credentials of a key until the client is closed, because a search for an order of unknown outcome uses the key that sent the order. Later
   * credentials of the key are kept, too: only they may have the right secret.
   */
  keep(credential: LoadedCredential | undefined): void {
    for (const one of [...this.#current, ...this.#replaced]) one.isKept ||= one.key === credential?.key;
  }

  /** Draws the conclusions from a rejection: secrets from functions may have to be read again, and the key may be set aside. */
  rejected(credential: LoadedCredential | undefined, call: KeyedCall, rejection: KeyRejection): void {
    if (!credential) return;
    const { kind } = rejection;
    if (kind === "key" || kind === "signature") credential.secret.invalidate();
    if (kind === "otp" || kind === "signature") credential.otp?.invalidate?.();
    this.#setAside(credential, call, rejection);
  }

  /** Sets the key of a rejected call aside, if the rejection is about the key and another key can make the call. */
  #setAside(credential: LoadedCredential, call: KeyedCall, { kind, errors, retryAfter }: KeyRejection): void {
    const duration = kind && SET_ASIDE[kind];
    // The trading engine counts the orders of an account, whatever key places them.
    if (!duration || errors.some((error) => error.startsWith("EOrder:"))) return;
    const others = this.#current.filter((one) => one.key !== credential.key && mayUse(one, call) && !lacks(one, call));
    // By its name, because a call that began before `setKeys` has an earlier credential of a key that stayed.
    const same = this.#current.filter(({ key }) => key === credential.key);
    if (!same.length || !others.length) return;
    const isNew = same.every((one) => setAsideUntil(one, call) === 0);
    const pause = Math.max(duration, retryAfter ?? 0);
    for (const one of same) (one.setAside ??= new Map()).set(kind === "permission" ? scopeOf(call) : ALL, performance.now() + pause);
    if (!isNew || !this.#hooks) return;
    const { endpoint } = call;
    observe(this.#hooks, "onKeySetAside", {
      keyEnding: endingOf(credential.key),
      kind,
      errors: [...errors],
      endpoint,
      until: new Date(Date.now() + pause),
    });
  }

  /** Replaces the keys of new calls. A key that stays keeps its queue, its nonces, and what is known of it. */
  replace(credentials: readonly Credential[]): void {
    const next = loadAll(credentials);
    try {
      this.#checkLanes(next);
    } catch (error) {
      next.forEach(wipe);
      throw error;
    }
    for (const credential of next) {
      credential.otp?.invalidate?.();
      const earlier = this.#current.find(({ key }) => key === credential.key);
      if (!earlier) continue;
      credential.permissions ??= earlier.permissions;
      credential.lastCall = earlier.lastCall;
      credential.isKept = earlier.isKept;
      credential.setAside = earlier.setAside && new Map(earlier.setAside);
    }
    this.#replaced = [...this.#replaced, ...this.#current];
    this.#current = next;
    this.#wipeUnused();
  }

  /** Refuses another lane for a key whose calls are under way, because the two lanes would know nothing of each other's nonces and requests. */
  #checkLanes(next: readonly LoadedCredential[]): void {
    const inUse = [...this.#current, ...this.#replaced].filter(({ calls }) => calls > 0);
    const isOther = (one: LoadedCredential, { key, lane }: LoadedCredential): boolean =>
      one.key === key && one.lane !== lane && !(one.lane instanceof ProcessLane && lane instanceof ProcessLane);
    const moved = next.find((credential) => inUse.some((one) => isOther(one, credential)));
    need(
      !moved,
      `Invalid \`lane\` of the key that ends in ${endingOf(moved?.key ?? "")}: calls with this key are under way in another lane, and their order would be lost. Pass the same lane, or wait until they end.`,
    );
  }

  /** Wipes all keys. */
  close(): void {
    for (const credential of [...this.#current, ...this.#replaced]) wipe(credential);
    this.#replaced = [];
  }

  #wipeUnused(): void {
    if (!this.#replaced.length) return;
    const isUsed = ({ calls, isKept }: LoadedCredential): boolean => calls > 0 || isKept;
    const unused = this.#replaced.filter((one) => !isUsed(one));
    this.#replaced = this.#replaced.filter(isUsed);
    unused.forEach(wipe);
  }
}
