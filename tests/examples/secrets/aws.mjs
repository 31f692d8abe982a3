// A key whose private half is in AWS Secrets Manager, as {"key": "…", "secret": "…"}, and a rotation without a pause.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SpotClient } from "kraken-signer";

const manager = new SecretsManagerClient({ maxAttempts: 2 }); // region and credentials are from the environment

/** Returns the current pair. A new one is stored as a new version of the same secret. */
async function pair() {
  const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: process.env.KRAKEN_SECRET_ID }));
  return JSON.parse(SecretString);
}

/** Opens a client. The secret itself is read when the first call needs it. */
export async function open(settings) {
  const { key } = await pair();
  return new SpotClient({ key, secret: async () => (await pair()).secret, ...settings });
}

/** Call it after each rotation in the manager, or every few minutes: with the same pair, nothing changes. */
export async function rotate(kraken) {
  const { key, secret } = await pair();
  kraken.setKeys([{ key, secret }]);
}
