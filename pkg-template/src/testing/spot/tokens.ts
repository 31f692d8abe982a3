/** WebSocket tokens. `GetWebSocketsToken` issues them, and they are valid for 15 minutes unless a subscription keeps them alive. */

import { randomBytes, toBase64 } from "../crypto.js";

/** A token that the exchange issued. Times are in milliseconds since 1970 on the exchange's clock. */
export interface WebSocketToken {
  /** The text that the client sends. */
  readonly token: string;
  /** The API key that it was issued to. */
  readonly key: string;
  /** The time at which it was issued. */
  readonly issuedAt: number;
  /** The time at which it expires, unless a subscription keeps it alive. */
  readonly expiresAt: number;
  /** Whether the token was revoked. */
  readonly revoked: boolean;
  /** Whether the token is not revoked, and is within its lifetime or kept alive by a subscription. */
  readonly valid: boolean;
  /** The number of WebSocket subscriptions that use it. */
  readonly subscriptions: number;
  /** Revokes the token early, as an upgrade of the exchange does. */
  revoke(): void;
}

/** A token with `hold`, which a subscription calls. The returned function ends the hold. */
export type TokenRecord = WebSocketToken & { hold(): () => void };

/** The tokens of one exchange. */
export class TokenStore {
  readonly #now: () => number;
  readonly #lifetime: number;
  readonly #kept: number;
  readonly #tokens = new Map<string, TokenRecord>();

  /** @param kept - the minimum number of tokens that are kept, besides those with subscriptions */
  constructor(now: () => number, lifetimeSeconds: number, kept: number) {
    this.#now = now;
    this.#lifetime = lifetimeSeconds;
    this.#kept = kept;
  }

  get all(): readonly WebSocketToken[] {
    return [...this.#tokens.values()];
  }

  find(token: string | undefined): TokenRecord | undefined {
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
    const token: TokenRecord = {
      // Tokens contain no "/" and "+", which would have to be escaped in some places.
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
