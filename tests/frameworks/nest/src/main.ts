import "reflect-metadata";
import { Controller, HttpCode, Injectable, Module, Post, type OnApplicationShutdown } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { SpotClient, Totp, placeOrder } from "kraken-signer";

const { KRAKEN_KEY, KRAKEN_SECRET, KRAKEN_OTP_SETUP_KEY, KRAKEN_URL } = process.env;

@Injectable()
class Kraken extends SpotClient implements OnApplicationShutdown {
  constructor() {
    super({ key: KRAKEN_KEY!, secret: KRAKEN_SECRET!, baseUrl: KRAKEN_URL, otp: new Totp(KRAKEN_OTP_SETUP_KEY!) });
  }

  onApplicationShutdown() {
    return this.drain();
  }
}

@Controller()
class Orders {
  // Nest finds the class to inject in the metadata that the compiler emits.
  constructor(private readonly kraken: Kraken) {}

  @Post()
  @HttpCode(200)
  async place() {
    const balance = await this.kraken.call("Balance");
    const order = await placeOrder(this.kraken, { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "37500", volume: "0.01" });
    return { balance, order: order.orderId };
  }
}

@Module({ controllers: [Orders], providers: [Kraken] })
class App {}

async function start() {
  const app = await NestFactory.create(App, { logger: ["error"] });
  app.enableShutdownHooks();
  await app.listen(0, "127.0.0.1");
  console.log(`${await app.getUrl()}/`);
}
void start();
