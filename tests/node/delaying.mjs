// A network on loopback that is as slow as a real one.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Passes connections on; every byte takes `ms` each way, as the first packet of a connection does. */
export async function delaying(port, ms) {
  const pass = (from, to) => from.on("data", (data) => setTimeout(() => to.destroyed || to.write(data), ms)).on("error", () => {});
  const server = createServer((near) => {
    // What is to be sent waits for the handshake of TCP, which takes a round trip.
    near.pause();
    setTimeout(() => {
      const far = connect(port, "127.0.0.1");
      pass(near, far).on("close", () => setTimeout(() => far.destroy(), ms));
      pass(far, near).on("close", () => setTimeout(() => near.destroy(), ms));
      near.resume();
    }, 2 * ms);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}
