// A Worker whose secrets are in Cloudflare's Secrets Store. wrangler.jsonc has the bindings:
//   "secrets_store_secrets": [
//     { "binding": "KRAKEN_SECRET", "store_id": "…", "secret_name": "kraken-secret" },
//     { "binding": "KRAKEN_OTP", "store_id": "…", "secret_name": "kraken-otp-setup-key" }
//   ]
import { SpotClient, Totp } from "kraken-signer";

let kraken;
export default {
  async fetch(request, env) {
    kraken ??= new SpotClient({
      key: env.KRAKEN_KEY,
      secret: () => env.KRAKEN_SECRET.get(),
      otp: new Totp(() => env.KRAKEN_OTP.get()),
      baseUrl: env.KRAKEN_URL,
    });
    try {
      return Response.json(await kraken.call("Balance"));
    } catch (error) {
      if (error.code !== "ERR_SECRET_SOURCE") throw error;
      return Response.json({ error: error.message }, { status: 503 }); // nothing was sent, and the next request reads again
    }
  },
};
