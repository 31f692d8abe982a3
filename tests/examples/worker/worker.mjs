// Once a week: bids for bitcoin, if the account has more dollars than it is to keep.
import { SpotClient, UnknownOutcomeError } from "kraken-signer";

const KEEP = 10_000;
const BID = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.02" };

let kraken;
export default {
  async scheduled({ scheduledTime }, env) {
    kraken ??= new SpotClient({ key: env.KRAKEN_KEY, secret: env.KRAKEN_SECRET, baseUrl: env.KRAKEN_URL });
    const { ZUSD = "0" } = await kraken.call("Balance");
    if (Number(ZUSD) < KEEP + BID.price * BID.volume) return;

    // From the schedule, not random: should the same run come twice, Kraken refuses its order while the first is open.
    const cl_ord_id = `weekly-${scheduledTime / 1000}`;
    try {
      await kraken.call("AddOrder", { ...BID, cl_ord_id });
    } catch (error) {
      // Placed or not, nobody can say: so look, and never just send it again. The look has a later nonce, so that Kraken
      // refuses an order that should still be on its way (if the key's nonce window is 0).
      if (!(error instanceof UnknownOutcomeError)) throw error;
      const { open } = await kraken.call("OpenOrders", { cl_ord_id });
      const { closed } = await kraken.call("ClosedOrders", { cl_ord_id });
      // A run that throws is shown as failed; the next one is in a week.
      if (!Object.keys({ ...open, ...closed }).length) throw error;
    }
  },
};
