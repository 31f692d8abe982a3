import handler from "./.open-next/worker.js";
import { Totp } from "kraken-signer";
import { KrakenKey } from "kraken-signer/durable-object";

export class TradingKey extends KrakenKey {
  constructor(ctx, env) {
    super(ctx, env, () => ({ key: env.KRAKEN_KEY, secret: env.KRAKEN_SECRET, otp: new Totp(env.KRAKEN_OTP_SETUP_KEY), baseUrl: env.KRAKEN_URL }));
  }
}
export default { fetch: handler.fetch };
