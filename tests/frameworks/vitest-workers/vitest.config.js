import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const { KRAKEN_KEY, KRAKEN_SECRET, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL } = process.env;

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { bindings: { KRAKEN_KEY, KRAKEN_SECRET, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL } },
    }),
  ],
});
