// A private key and a two-factor setup key in HashiCorp Vault, in a key-value store of version 2.
import { SpotClient, Totp } from "kraken-signer";

/** Returns the fields of a secret, such as "kraken/trading" of the store "secret". */
async function read(path) {
  const { VAULT_ADDR, VAULT_TOKEN } = process.env;
  const answer = await fetch(`${VAULT_ADDR}/v1/secret/data/${path}`, {
    headers: { "X-Vault-Token": VAULT_TOKEN },
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error(`Vault answered ${answer.status} for ${path}`);
  return (await answer.json()).data.data;
}

export const open = (settings) =>
  new SpotClient({
    key: process.env.KRAKEN_KEY,
    secret: async () => (await read("kraken/trading")).secret,
    otp: new Totp(async () => (await read("kraken/trading")).setup_key),
    ...settings,
  });
