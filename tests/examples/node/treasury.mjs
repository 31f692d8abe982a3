// Keeps at most KEEP bitcoins at the exchange, and withdraws the rest to a verified address. Run it once a day.
import { SpotClient, withdraw } from "kraken-signer";

const { READ_KEY, READ_SECRET, WRITE_KEY, WRITE_SECRET, KRAKEN_URL, KEEP, ADDRESS_NAME, ADDRESS } = process.env;
const kraken = new SpotClient({
  keys: [
    { key: READ_KEY, secret: READ_SECRET, use: "read" },
    { key: WRITE_KEY, secret: WRITE_SECRET, use: "write" },
  ],
  baseUrl: KRAKEN_URL,
});

// Also tells the client which key may look at addresses.
const { missing } = await kraken.check({ for: ["Balance", "Withdraw", "WithdrawAddresses", "WithdrawInfo"] });
if (missing.length) throw new Error(missing.map(({ message }) => message).join(" "));

const { XXBT = "0" } = await kraken.call("Balance");
const rest = Math.floor((Number(XXBT) - Number(KEEP)) * 1000) / 1000;
if (rest > 0) {
  try {
    const amount = rest.toFixed(3);
    const { refid, check } = await withdraw(kraken, { asset: "XBT", key: ADDRESS_NAME, address: ADDRESS, amount, max_fee: "0.0002" });
    console.log(`withdrew ${amount} XBT as ${refid}, fee ${check.fee}`);
  } catch (error) {
    // The message and the reason say what to look for. A person has to look before the next run.
    console.error(error.message, error.reason ?? "");
    process.exitCode = error.code === "ERR_UNKNOWN_OUTCOME" ? 3 : 1;
  }
}
await kraken.drain();
