// GET /api/balance: what the account holds, for a dashboard. The key needs the permission «Query Funds» and must have no other.
import { ApiError, SpotClient } from "kraken-signer";

export const config = { runtime: "edge" };

let kraken;
export async function GET(request) {
  const { KRAKEN_KEY: key, KRAKEN_SECRET: secret, KRAKEN_URL: baseUrl, TOKEN: token } = process.env;
  // Every function has a public address.
  if (!token || request.headers.get("Authorization") !== `Bearer ${token}`) return new Response("Unauthorized\n", { status: 401 });

  kraken ??= new SpotClient({ key, secret, baseUrl });
  try {
    // Many instances may run at once, and overtake each other's nonces: one that was refused is made anew, and the call sent again.
    const balance = await kraken.call("Balance");
    const held = Object.entries(balance).filter(([, amount]) => Number(amount) > 0);
    return Response.json(Object.fromEntries(held), { headers: { "Cache-Control": "private, max-age=10" } });
  } catch (error) {
    // What Kraken says is for the log, not for the caller.
    console.error(error.message);
    const passes = error instanceof ApiError && error.retryable;
    return new Response("Kraken is not available\n", { status: passes ? 503 : 502 });
  }
}
