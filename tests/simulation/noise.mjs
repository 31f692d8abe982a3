// Another program on the same account, whose orders are like those that callers lose.

/** What callers give their orders in worlds where all are alike, and what this program gives its own. */
export const FORM = { volume: "1.5", side: "buy" };

/** The `userref` of the first process: where its orders are alike, so are these. */
export const REFERENCE = 7;

/** When the orders were placed that rest since before the world began. */
const LONG_AGO = -60_000;

const TYPES = ["limit", "market"];

/** Single orders of the same form, or with the same reference: with both, nobody could tell one from an order that was lost. */
function placeOthers({ random, time, spot, traits }) {
  for (let left = 3; left; left--)
    time.after(random.spread(1, 3000), undefined, () => {
      const volume = traits.alike ? "0.7" : random.pick([FORM.volume, "0.7"]);
      const reference = random.pick([undefined, REFERENCE]);
      spot.orders.place({ ...FORM, volume, type: random.pick(TYPES), reference, time: time.now });
    });
}

/**
 * Places several orders at one time, each of which could be the one that was lost: so none of them is said to be.
 *
 * @param isSplit - the first one is filled at once, and the others rest
 */
function placeAtOnce({ time, spot }, count, type, isSplit) {
  const orders = Array.from({ length: count }, () => spot.orders.place({ ...FORM, type, reference: REFERENCE, time: time.now }));
  const [{ shows }] = orders;
  for (const order of orders) Object.assign(order, { shows }, isSplit && { over: order === orders[0] ? shows : undefined });
}

function placeSeveral(world, count) {
  const { random, time } = world;
  const type = random.pick(TYPES);
  time.after(random.spread(1, 3000), undefined, () => placeAtOnce(world, count, type, type === "limit" && random.chance(0.5)));
}

/** Two orders right after somebody has looked at the open orders: a look at the closed ones that follows sees just one of them. */
function placeBetweenLooks(world) {
  const { random, time, spot } = world;
  spot.looked = () => {
    spot.looked = undefined;
    time.after(random.spread(0.5, 30), undefined, () => placeAtOnce(world, 2, "limit", true));
  };
}

/** One order each second, so that whoever sends one knows of another that is hardly older. */
function placeAgainAndAgain({ random, time, spot }) {
  const first = random.between(-5000, -4000);
  for (let count = 0; count < 14; count++) {
    const opened = first + 1000 * count;
    const place = () => (spot.orders.place({ ...FORM, type: "limit", reference: REFERENCE, time: opened }).shows = opened);
    if (opened < 0) place();
    else time.after(opened, undefined, place);
  }
}

/** More orders than an answer lists rest since long ago, and end all at once: whatever closed before them is on the next page. */
function endMany({ random, time, spot }) {
  const orders = Array.from({ length: 60 }, () => spot.orders.place({ ...FORM, type: "limit", reference: REFERENCE, time: LONG_AGO }));
  for (const order of orders) order.over = undefined;
  time.after(random.spread(50, 3000), undefined, () => {
    for (const order of orders) order.over ??= time.now;
  });
}

/**
 * Orders with the names that the first process gives, too. What was placed long ago may look like its orders; nobody could tell a later one that
 * does from those.
 */
function placeNamed({ random, time, spot, futures, traits }) {
  const { orders } = traits.kind === "futures" ? futures : spot;
  const types = traits.kind === "futures" ? ["lmt", "mkt"] : TYPES;
  for (let left = random.whole(1, 6); left; left--) {
    const isOld = random.chance(0.4);
    const opened = isOld ? LONG_AGO : random.spread(1, 3000);
    const clientId = random.pick([undefined, `bot-${REFERENCE}-1`, `bot-${REFERENCE}-2`]);
    const order = { ...FORM, clientId, volume: isOld ? FORM.volume : "0.7", type: random.pick(types), price: "30000", time: opened };
    const place = (over) => {
      if (!orders.isTaken(clientId, time.now)) Object.assign(orders.place(order), over);
    };
    if (isOld) place({ over: LONG_AGO / 2, isCanceled: random.chance(0.3) });
    else time.after(opened, undefined, place);
  }
}

/** Lets the other program do what it does. */
export function makeNoise(world) {
  const { random } = world;
  const most = random.weighted({ endMany: 3, placeTwo: 2, placeBetween: 3, placeMany: 1, placeAgain: 7, nothing: 1 });
  if (most === "endMany") endMany(world);
  if (most === "placeTwo") placeSeveral(world, 2);
  if (most === "placeBetween") placeBetweenLooks(world);
  if (most === "placeMany") placeSeveral(world, 60);
  if (world.traits.kind === "futures" || random.chance(0.3)) placeNamed(world);
  if (most === "placeAgain") placeAgainAndAgain(world);
  placeOthers(world);
}
