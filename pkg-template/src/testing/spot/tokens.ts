/** WebSocket tokens: given out by `GetWebSocketsToken`, good for 15 minutes unless a subscription keeps them alive. */

import { randomBytes, toBase64 } from "../crypto.js";

/** A token the exchange gave out. Times are milliseconds since 1970 on the exchange's clock. */
export interface WebSocketToken {
  /** What the client sends. */
  readonly token: string;
  /** The API key it was given to. */
  readonly key: string;
  /** When it was given out. */
  readonly issuedAt: number;
  /** When it ends, unless a subscription keeps it alive. */
  readonly expiresAt: number;
  /** Whether it was revoked. */
  readonly revoked: boolean;
  /** Not revoked, and within its time or kept alive by a subscription. */
  readonly valid: boolean;
  /** How many WebSocket subscriptions live on it. */
  readonly subscriptions: number;
  /** Ends it early, as an upgrade of the exchange does. */
  revoke(): void;
}

type Entry = WebSocketToken & { hold(): () => void };

/** Every token of one exchange. */
export class TokenStore {
  readonly #now: () => number;
  readonly #lifetime: number;
  readonly #kept: number;
  readonly #tokens = new Map<string, Entry>();

  /** @param kept - how many tokens are remembered at the least, besides those that a subscription lives on */
  constructor(now: () => number, lifetimeSeconds: number, kept: number) {
    this.#now = now;
    this.#lifetime = lifetimeSeconds;
    this.#kept = kept;
  }

  get all(): readonly WebSocketToken[] {
    return [...this.#tokens.values()];
  }

  find(token: string | undefined): Entry | undefined {
    return this.#tokens.get(token ?? "");
  }

  #forgetOldest(): void {
    if (this.#tokens.size < 2 * this.#kept) return;
    const idle = [...this.#tokens.values()].filter(({ subscriptions }) => subscriptions === 0);
    for (const { token } of idle.slice(0, -this.#kept)) this.#tokens.delete(token);
  }

  issue(key: string): { token: string; expires: number } {
    const now = this.#now;
    const issuedAt = now();
    const expiresAt = issuedAt + this.#lifetime * 1000;
    let revoked = false;
    let subscriptions = 0;
    const token: Entry = {
      // No "/" and "+": tokens travel in places where these are a nuisance.
      token: toBase64(randomBytes(33)).replaceAll("/", "a").replaceAll("+", "b"),
      key,
      issuedAt,
      expiresAt,
      get revoked() {
        return revoked;
      },
      get valid() {
        return !revoked && (now() < expiresAt || subscriptions > 0);
      },
      get subscriptions() {
        return subscriptions;
      },
      // A subscription holds the token; the answer lets go of it.
      hold: () => {
        subscriptions += 1;
        return () => {
          subscriptions -= 1;
        };
      },
      revoke: () => {
        revoked = true;
      },
    };
    this.#tokens.set(token.token, token);
    this.#forgetOldest();
    return { token: token.token, expires: this.#lifetime };
  }
}
