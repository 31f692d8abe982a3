// Whether what callers were told is true.

/** Errors that say nothing was carried out, or that nothing was asked to be. */
const PLAIN = /^ERR_(API|HTTP|NETWORK|TIMEOUT|RESPONSE|INVALID_NONCE|LANE|UNAVAILABLE)$/;

const isCallers = (error) => error instanceof Error && /^the caller has had enough$|^the lane gave up$/.test(error.message);

/** An object that does not get its options sends nothing. */
const isOfOptions = ({ message }) => /^The function that returns the options of this key threw an error/.test(message);

/** Judges how a call ended. */
export function judge(call, { result, error }) {
  const { world, write, what, marks } = call;
  if (error === undefined) {
    world.counts.done++;
    if (write) world.counts[`${what} done`] = (world.counts[`${what} done`] ?? 0) + 1;
    if (result === undefined && write) world.ledger.violate(`${what} ended with nothing`);
    for (const mark of marks) world.ledger.affirm(mark, `${what} was done`);
    return;
  }
  if (error.code === "ERR_UNKNOWN_OUTCOME") {
    world.counts.unknown++;
    if (!write) world.ledger.violate(`${what} changes nothing, and its outcome is unknown`);
    return;
  }
  expectKnown(call, error);
  if (error.code === "ERR_API") world.counts.refused++;
  else world.counts.failed++;
  const done = new Set(error.done ?? []);
  marks.forEach((mark, place) => {
    if (done.has(place)) world.ledger.affirm(mark, `row ${place} of ${what} was done`);
    else world.ledger.deny(mark, `${what} failed with ${error.code ?? error.message} (${error.message.slice(0, 80)})`);
  });
}

/** Codes that take longer than this, in milliseconds, can fill a queue: several calls wait for theirs one after the other. */
const SLOW_CODES = 1000;

const isCalm = ({ traits, program, blocked, counts }) =>
  traits.kind === "calm" && !program.lane && !blocked && !counts.deaths && !(traits.codesTake > SLOW_CODES);

function expectKnown({ world, what, timeout }, error) {
  if (isCalm(world) && error?.code === "ERR_TIMEOUT" && timeout >= 20_000)
    world.ledger.violate(`${what} timed out, although nothing was amiss`);
  if (PLAIN.test(error?.code) || isCallers(error) || isOfOptions(error)) return;
  world.ledger.violate(`${what} threw ${error?.stack ?? error}`);
}

/** Judges what `resolveOrder` says. */
export function judgeResolution({ world }, marks, { outcome, order, orders }) {
  if (outcome === "unknown") {
    world.counts.unresolved++;
    return;
  }
  if (outcome === "not-placed") {
    world.counts.notPlaced++;
    for (const mark of marks) world.ledger.deny(mark, "resolveOrder says not-placed");
    return;
  }
  world.counts.placed++;
  for (const mark of marks) world.ledger.affirm(mark, "resolveOrder says placed");
  const seen = (orders ?? [order]).map(({ orderId }) => world.spot.orders.get(orderId) ?? world.futures.orders.get(orderId));
  for (const mark of marks)
    if (!seen.some((one) => one?.mark === mark)) world.ledger.violate(`resolveOrder says that ${mark} was placed, and shows another order`);
}

/** Whether an order that was there before has the name that the caller gave, and is what he asked for. */
const isEarlier = (order, { cl_ord_id, cliOrdId = cl_ord_id, ordertype, orderType = ordertype, volume, size = volume }) =>
  order && order.clientId === cliOrdId && order.type === orderType && Number(order.volume) === Number(size);

/** Judges what `placeOrder` says. */
export function judgePlaced(call, { placed, error }, params) {
  const { world } = call;
  const [mark] = call.marks;
  if (placed) {
    world.counts.placed++;
    const order = world.spot.orders.get(placed.orderId) ?? world.futures.orders.get(placed.orderId);
    if (placed.found && /^bot-/.test(placed.clientOrderId) && order?.mark !== mark && isEarlier(order, params))
      return world.ledger.deny(mark, `placeOrder says that ${order.id} is it`);
    world.ledger.affirm(mark, "placeOrder says placed");
    if (order?.mark !== mark) world.ledger.violate(`placeOrder shows another order than ${mark}: ${JSON.stringify(placed)}`);
    return;
  }
  if (error.code === "ERR_UNKNOWN_OUTCOME") {
    world.counts.unresolved++;
    return;
  }
  expectKnown(call, error);
  world.counts.notPlaced++;
  world.ledger.deny(mark, `placeOrder threw ${error.code ?? error.message} (${error.message.slice(0, 80)})`);
}
