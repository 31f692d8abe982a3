// What callers do with the package, and what they make of the answers.
import { FORM, REFERENCE } from "./noise.mjs";
import { LONGEST_NOTICE } from "./objects.mjs";
import { judge, judgePlaced, judgeResolution } from "./judge.mjs";

/** Milliseconds by which a call may be late, besides what its process was blocked for. */
const SLACK = 1500;

/** The same for the way to an object and back. `placeOrder` may learn twice that the connection broke: in its call, and in its last look. */
const slackOf = ({ traits: { object } }) => (object ? 2 * (LONGEST_NOTICE + object.latency) : 0);

/** A call that somebody waits for. */
class Call {
  constructor(world, process, what, { marks = [], timeout, signal, write = marks.length > 0 }) {
    Object.assign(this, { world, process, what, marks, mark: marks.join(", "), timeout, write, signal });
    this.due = Math.max(world.time.now, process.busyUntil) + timeout + SLACK + slackOf(world);
    this.blockedBefore = world.blocked;
    world.open.add(this);
    if (world.tracing) world.trace(`${process.name} calls ${what} ${this.mark} (${timeout} ms)`);
  }

  /** It has ended with a result or an error. */
  settle(how) {
    const { world, process } = this;
    world.open.delete(this);
    if (world.tracing) world.trace(`${process.name}: ${this.what} ${this.mark} ⇒ ${described(how)}`);
    const blocked = world.blocked - this.blockedBefore;
    if (world.time.now > this.due + blocked + world.traits.lateness * 10)
      world.ledger.violate(`${this.what} ${this.mark} took ${Math.round(world.time.now - this.due)} ms too long`);
  }
}

function described(how) {
  if (!(how instanceof Error)) return JSON.stringify(how);
  const { code, name, message, reason, cause } = how;
  return [code ?? name, message, reason && `[${reason}]`, cause && `(${cause.message})`].filter(Boolean).join(" ");
}

/** A signal that aborts after a while, and knows how many listen to it. */
function abortingSignal(process, delay) {
  if (delay === undefined) return undefined;
  const controller = new AbortController();
  const { signal } = controller;
  process.soon(() => controller.abort(new Error("the caller has had enough")), delay);
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...all) => (listeners++, addEventListener.apply(signal, all));
  signal.removeEventListener = (...all) => (listeners--, removeEventListener.apply(signal, all));
  Object.defineProperty(signal, "listeners", { get: () => (signal.aborted ? 0 : listeners) });
  return signal;
}

/** A name that a program gives again as soon as the order that has it is over. */
const ownName = (random, { reference }) => `bot-${reference}-${random.whole(1, 2)}`;

/** Names an order as a caller may: with an id of its own, a reference, or not at all. */
function namesOf({ random, traits }, process, { naming, what }) {
  if (naming === "given") return { cl_ord_id: random.uuid() };
  if (naming === "own" && !traits.quirks.idFirst) return { cl_ord_id: ownName(random, process) };
  if (naming !== "reference" || what === "socketOrder") return {};
  return { userref: traits.alike ? process.reference : random.pick([REFERENCE, random.whole(1, 1e6)]) };
}

function volumeOf({ random, traits }, { refused, naming }) {
  if (refused) return "5000";
  const isLikeOthers = naming === "form" || (naming === "reference" && traits.alike) || (naming === "own" && random.chance(0.7));
  return isLikeOthers ? FORM.volume : `${random.whole(1, 9)}.${random.whole(1000, 9999)}`;
}

/** The parameters of one Spot order. */
function spotOrder(world, process, step, mark) {
  const { closes } = world.traits.quirks;
  const deadline = step.deadline && new Date(process.wall() + step.deadline).toISOString();
  return {
    sim: mark,
    pair: "XBTUSD",
    type: "buy",
    ordertype: step.type,
    volume: volumeOf(world, step),
    ...(step.type === "limit" && { price: "30000" }),
    ...(deadline && { deadline }),
    ...namesOf(world, process, step),
    ...(closes && world.random.chance(closes) && { close: { ordertype: "limit", price: "40000" } }),
  };
}

function futuresOrder(world, process, step, mark) {
  const processBefore = step.deadline && new Date(process.wall() + step.deadline).toISOString();
  return {
    sim: mark,
    symbol: "PF_XBTUSD",
    side: "buy",
    orderType: step.type === "limit" ? "lmt" : "mkt",
    size: volumeOf(world, step),
    ...(step.type === "limit" && { limitPrice: "30000" }),
    ...(processBefore && { processBefore }),
    ...(step.naming === "given" && { cliOrdId: world.random.uuid() }),
    ...(step.naming === "own" && !world.traits.quirks.idFirst && { cliOrdId: ownName(world.random, process) }),
  };
}

/** Waits for a call, judges how it ends, and after an unknown outcome of orders finds out. */
async function follow(call, promise, { step, client, copy, placed = call.marks } = {}) {
  const { world } = call;
  let error;
  try {
    const result = await promise;
    call.settle(result);
    judge(call, { result });
  } catch (thrown) {
    error = thrown;
    call.settle(error);
    judge(call, { error });
  }
  // An object may go on with what its caller does not wait for any more.
  if (!world.object) for (const mark of call.marks) world.watch.settled(mark);
  checkLeaks(call);
  if (error?.code === "ERR_UNKNOWN_OUTCOME" && step?.resolves && client) await resolve(call, error, { step, client, copy, placed });
}

/** After a call, nothing of it listens to the caller's signal any more; after all calls of a process, none of its timers is left. */
function checkLeaks({ signal, world, what, process }) {
  process.soon(() => {
    if (signal?.listeners) world.ledger.violate(`${what} left ${signal.listeners} listeners on the caller's signal`);
    const isIdle = !process.sockets && !world.program.lane && ![...world.open].some((call) => call.process === process);
    if (isIdle && process.timers.size) world.ledger.violate(`${what} left ${process.timers.size} timers`);
  }, 100);
}

async function resolve({ world, process }, error, { step, client, copy, placed: marks }) {
  const call = new Call(world, process, "resolveOrder", { timeout: step.resolveTimeout });
  call.mark = marks.join(", ");
  const resolution = await copy.resolveOrder(client, error, { timeout: step.resolveTimeout, settle: world.traits.settle });
  call.settle(resolution);
  judgeResolution(call, marks, resolution);
}

async function place(world, process, step, { client, copy, order }) {
  const mark = order.sim;
  const signal = abortingSignal(process, step.aborts);
  const call = new Call(world, process, "placeOrder", { marks: [mark], timeout: step.timeout, signal });
  const deadline = Math.max(step.deadline ?? world.random.pick([3000, 10_000, 30_000]), 3000);
  try {
    const placed = await copy.placeOrder(client, order, { timeout: step.timeout, deadline, signal, settle: world.traits.settle });
    call.settle(placed);
    judgePlaced(call, { placed }, order);
  } catch (error) {
    call.settle(error);
    judgePlaced(call, { error }, order);
  }
  if (!world.object) world.watch.settled(mark);
  checkLeaks(call);
}

/** Rows of a Futures batch that cancel orders. */
function cancelRows(world, { cancels }) {
  return Array.from({ length: cancels }, () => {
    const open = world.futures.orders.open(world.time.now);
    const order_id = open.length && world.random.chance(0.9) ? world.random.pick(open).id : "ONONE";
    return { order: "cancel", order_id, sim: world.newMark() };
  });
}

const READS = ["Balance", "OpenOrders", "ClosedOrders", "Time", "GetWebSocketsToken"];

const ACTIONS = {
  order(world, process, step) {
    const mark = world.newMark();
    if (world.traits.kind === "futures")
      return futuresCall(world, process, step, "sendorder", futuresOrder(world, process, step, mark), [mark]);
    const order = spotOrder(world, process, step, mark);
    process.known.push(order);
    spotCall(world, process, step, "AddOrder", order, [mark]);
  },
  batch(world, process, step) {
    const marks = Array.from({ length: step.rows }, () => world.newMark());
    const isFutures = world.traits.kind === "futures";
    const rows = marks.map((mark) => {
      const one = { ...step, deadline: undefined, refused: world.random.chance(0.15) };
      if (isFutures) return { order: "send", ...futuresOrder(world, process, one, mark) };
      const { pair: _, ...row } = spotOrder(world, process, one, mark);
      return row;
    });
    if (isFutures) return futuresCall(world, process, step, "batchorder", { batchOrder: [...rows, ...cancelRows(world, step)] }, marks);
    spotCall(world, process, step, "AddOrderBatch", { pair: "XBTUSD", orders: rows }, marks);
  },
  cancel(world, process, step) {
    const mark = world.newMark();
    const open = world.spot.orders.open(world.time.now);
    const txid = open.length && world.random.chance(0.7) ? world.random.pick(open).id : "ONONE";
    spotCall(world, process, step, "CancelOrder", { txid, sim: mark }, [mark]);
  },
  write(world, process, step) {
    const mark = world.newMark();
    const endpoint = world.random.pick(["CancelAll", "AmendOrder", "Withdraw"]);
    spotCall(world, process, step, endpoint, { sim: mark }, [mark]);
  },
  cancelAll(world, process, step) {
    const mark = world.newMark();
    futuresCall(world, process, step, "cancelallorders", { sim: mark }, [mark]);
  },
  read(world, process, step) {
    const { spot, futures } = clientsOf(process, step);
    const signal = abortingSignal(process, step.aborts);
    const endpoint = world.traits.kind === "futures" ? "openorders" : world.random.pick(READS);
    const call = new Call(world, process, endpoint, { timeout: step.timeout, signal });
    const options = { timeout: step.timeout, signal };
    void follow(call, endpoint === "openorders" ? futures.get(endpoint, {}, options) : spot.call(endpoint, {}, options));
  },
  check(world, process, step) {
    const { spot, futures } = clientsOf(process, step);
    const client = world.traits.kind === "futures" ? futures : spot;
    const call = new Call(world, process, "check", { timeout: step.timeout });
    void follow(call, client.check({ timeout: step.timeout }));
  },
  token(world, process, step) {
    const { tokens } = clientsOf(process, step);
    for (let left = step.rows; left; left--) {
      // Whoever waits for another's failure fails with it, and then somebody's turn takes as long as a client's own timeout.
      const call = new Call(world, process, "TokenManager.get", { timeout: 62_000 });
      void follow(call, tokens.get());
    }
  },
  place(world, process, step) {
    const { spot, futures, copy } = clientsOf(process, step);
    const mark = world.newMark();
    const isFutures = world.traits.kind === "futures";
    const order = isFutures ? futuresOrder(world, process, step, mark) : spotOrder(world, process, step, mark);
    delete order.deadline;
    delete order.processBefore;
    if (!isFutures) process.known.push(order);
    void place(world, process, step, { client: isFutures ? futures : spot, copy, order });
  },
  /** Asks about an order that this process, or the one before it, has begun, with nothing but what a database keeps of it. */
  again(world, process, step) {
    const order = world.random.pick(
      [...(process.heritage ?? []), ...process.known].filter(({ cl_ord_id: id, userref }) => (id ?? userref) !== undefined),
    );
    if (!order) return;
    const { spot, copy } = clientsOf(process, step);
    const { cl_ord_id: clientOrderId, userref, deadline, sim } = order;
    const error = new copy.UnknownOutcomeError("AddOrder", { clientOrderId, userref, deadline, cause: new Error("the process ended") });
    const call = new Call(world, process, "resolveOrder", { marks: [sim], timeout: step.timeout });
    void copy.resolveOrder(spot, error, { timeout: step.timeout, settle: world.traits.settle }).then((resolution) => {
      call.settle(resolution);
      judgeResolution(call, [sim], resolution);
    });
  },
  socketOrder(world, process, step) {
    const mark = world.newMark();
    const params = {
      sim: mark,
      symbol: "BTC/USD",
      side: "buy",
      order_type: step.type,
      order_qty: step.refused ? 5000 : 1,
      ...(step.type === "limit" && { limit_price: 30_000 }),
      ...namesOf(world, process, step),
    };
    if (step.deadline) params.deadline = new Date(process.wall() + step.deadline).toISOString();
    socketCall(world, process, step, "add_order", params, [mark]);
  },
  socketCancel(world, process, step) {
    const mark = world.newMark();
    socketCall(world, process, step, "cancel_all", { sim: mark }, [mark]);
  },
  ping(world, process, step) {
    const socket = socketOf(world, process, step);
    const call = new Call(world, process, "ping", { timeout: step.timeout });
    void follow(call, socket.ping({ timeout: step.timeout }));
  },
  subscribe(world, process, step) {
    const socket = socketOf(world, process, step);
    const call = new Call(world, process, "subscribe", { timeout: step.timeout });
    void follow(call, socket.subscribe("executions", {}, { timeout: step.timeout }));
  },
};

/** Most use the one copy of the package, some the other. */
const clientsOf = (process, { client }) => process.clientsOf(client === 2 ? 1 : 0);

function spotCall(world, process, step, endpoint, params, marks) {
  const { spot, copy } = clientsOf(process, step);
  const signal = abortingSignal(process, step.aborts);
  const call = new Call(world, process, endpoint, { marks, timeout: step.timeout, signal });
  const isOrder = /^AddOrder/.test(endpoint);
  void follow(call, spot.call(endpoint, params, { timeout: step.timeout, signal }), isOrder ? { step, client: spot, copy } : {});
}

function futuresCall(world, process, step, endpoint, params, marks) {
  const { futures, copy } = clientsOf(process, step);
  const signal = abortingSignal(process, step.aborts);
  const canceled = (params.batchOrder ?? []).flatMap(({ order, sim }) => (order === "cancel" ? sim : []));
  const call = new Call(world, process, endpoint, { marks: [...marks, ...canceled], timeout: step.timeout, signal });
  const isOrder = endpoint !== "cancelallorders";
  void follow(
    call,
    futures.post(endpoint, params, { timeout: step.timeout, signal }),
    isOrder ? { step, client: futures, copy, placed: marks } : {},
  );
}

/** The socket of a process, which it closes in the end. */
function socketOf(world, process, step) {
  const { copy, spot } = clientsOf(process, step);
  const sockets = (process.sockets ??= new Map());
  const known = sockets.get(copy);
  if (known && !known.closedByProgram) return known.socket;
  const made = { socket: new copy.SpotSocket({ client: spot, onEvent: () => {} }), closedByProgram: false };
  sockets.set(copy, made);
  process.soon(() => {
    made.closedByProgram = true;
    made.socket.close();
  }, 30_000);
  return made.socket;
}

function socketCall(world, process, step, method, params, marks) {
  const { spot, copy } = clientsOf(process, step);
  const socket = socketOf(world, process, step);
  const signal = abortingSignal(process, step.aborts);
  const call = new Call(world, process, method, { marks, timeout: step.timeout, signal });
  world.counts.calls++;
  const isOrder = method === "add_order";
  void follow(call, socket.call(method, params, { timeout: step.timeout, signal }), isOrder ? { step, client: spot, copy } : {});
}

/** Does a step of the program, now. */
export const act = (world, process, step) => ACTIONS[step.what](world, process, step);
