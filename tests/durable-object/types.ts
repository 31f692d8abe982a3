// What TypeScript says of the objects, with Workers' own types.
import { ApiError, SpotClient, TokenManager, UnknownOutcomeError, type KeyReport } from "kraken-signer";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { SpotSocket } from "kraken-signer/sockets";

interface Env {
  KRAKEN_KEY: DurableObjectNamespace<KrakenKey>;
  FUTURES_KEY: DurableObjectNamespace<KrakenFuturesKey>;
  OWN: DurableObjectNamespace<Own>;
  STORE: { get(): Promise<string> };
  KEY: string;
}

export { KrakenFuturesKey, KrakenKey };

export class Own extends KrakenKey<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, async (name) => ({ key: `${env.KEY}${name}`, secret: await env.STORE.get(), nonce: { unit: "us" }, timeout: 10_000 }));
  }
  keyLength(): number {
    return this.env.KEY.length;
  }
  async remind(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + 1000);
    this.ctx.waitUntil(this.ctx.storage.sync());
    this.ctx.storage.sql.exec("SELECT 1");
    // @ts-expect-error No such method.
    this.ctx.storage.noSuch();
  }
  async alarm(): Promise<void> {
    await this.call("CancelAll");
    await this.reload({ timeout: 1000 });
  }
}

// @ts-expect-error A lane is the object's own.
new KrakenKey<Env>({} as DurableObjectState, {} as Env, () => ({ key: "", secret: "", lane: { run: (send) => send("1") } }));

new KrakenKey<Env>({} as DurableObjectState, {} as Env, () => ({ key: "", secret: "", rateLimit: "pro" }));
// @ts-expect-error Futures has other limits.
new KrakenFuturesKey<Env>({} as DurableObjectState, {} as Env, () => ({ key: "", secret: "", rateLimit: "pro" }));

export default {
  async fetch(request, env): Promise<Response> {
    const stub = env.KRAKEN_KEY.getByName("trading");
    const plain = (await stub.call("Balance", { rebase_multiplier: "base" }, { timeout: 5000 })) as Record<string, string>;
    await stub.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 1, volume: "1", expiretm: new Date() });
    // @ts-expect-error No such endpoint.
    await stub.call("NoSuch", {});
    // @ts-expect-error No such parameter.
    await stub.call("Balance", { asset: "XBT" });
    // @ts-expect-error Parameters are needed.
    await stub.call("CancelOrder");
    // @ts-expect-error A limit order wants a price.
    await stub.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1" });
    const futuresStub = env.FUTURES_KEY.getByName("futures");
    await futuresStub.get("tickers/PF_XBTUSD");
    await futuresStub.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 });
    // @ts-expect-error No such endpoint.
    await futuresStub.get("NoSuch");
    // @ts-expect-error No such side.
    await futuresStub.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "hold", size: 1 });
    // @ts-expect-error It is of any shape, and not of none.
    const none: never = await stub.call("Balance");
    const report: KeyReport = await stub.check();
    // @ts-expect-error What is signed must be sent in order.
    await stub.sign("Balance");
    const kraken = spotClient(stub);
    const balances = await kraken.call("Balance", {}, { signal: request.signal });
    const same: Pick<SpotClient, "call"> = kraken;
    const futures = futuresClient(futuresStub);
    await stub.reload();
    const length: number = await env.OWN.getByName("own").keyLength();
    const own = await spotClient(env.OWN.getByName("own")).request<object>("GET", "/funding/v1/addresses");
    new SpotSocket({ client: kraken }).close();
    try {
      await futures.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 });
    } catch (error) {
      if (error instanceof ApiError) return Response.json([error.kind, error.hint]);
      if (error instanceof UnknownOutcomeError) return Response.json([error.nonce]);
    }
    return Response.json([plain, none, report, balances.XXBT, await new TokenManager(same).get(), length, own]);
  },
} satisfies ExportedHandler<Env>;
