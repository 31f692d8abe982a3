// A key with its secrets in Cloudflare's Secrets Store, a static password as its second factor, and nonces in microseconds.
import { KrakenKey } from "kraken-signer/durable-object";

export class StoredKey extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, async () => ({
      key: await env.API_KEY.get(),
      secret: await env.API_SECRET.get(),
      otp: { password: await env.API_PASSWORD.get() },
      nonce: { unit: "us" },
    }));
  }
}
