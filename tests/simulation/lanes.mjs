// Lanes as users bring them: the package's own for Redis, one that does what it should, and some that do not.

/** Nonces by a process's clock that rise, whatever it does. */
function rising(process) {
  let last = 0;
  return () => `${(last = Math.max(last + 1, process.wall()))}`;
}

/** One turn after the other. */
function fair(process) {
  const next = rising(process);
  let tail = Promise.resolve();
  return {
    run(send) {
      const turn = tail.then(() => send(next()));
      tail = turn.catch(() => {});
      return turn;
    },
  };
}

/** Rejects when it has waited for too long, and comes with the turn all the same. */
function late(process) {
  const next = rising(process);
  let tail = Promise.resolve();
  return {
    run(send) {
      return new Promise((resolve, reject) => {
        process.setTimeout(() => reject(new Error("the lane gave up")), 400);
        const turn = tail.then(() => new Promise((go) => process.setTimeout(go, 300 + process.random() * 200))).then(() => send(next()));
        tail = turn.catch(() => {});
        turn.then(resolve, reject);
      });
    },
  };
}

/** Gives two turns for one call. */
function twice(process) {
  const lane = fair(process);
  return {
    async run(send) {
      const first = await lane.run(send);
      await lane.run(send).catch(() => {});
      return first;
    },
  };
}

/** Keeps a call that has its answer waiting for ever. */
function stuck(process) {
  const lane = fair(process);
  return {
    async run(send) {
      await lane.run(send);
      return new Promise(() => {});
    },
  };
}

/** Gives nonces that are none, or would burn the key. */
function senseless(process) {
  const lane = fair(process);
  return {
    run: (send) =>
      lane.run((nonce) => {
        const choice = process.random();
        return send(choice < 0.3 ? "soon" : choice < 0.6 ? `${nonce}${"0".repeat(7)}` : choice < 0.7 ? undefined : nonce);
      }),
  };
}

/** The package's own lane, for several processes. */
function redis(process, key) {
  const { redis, traits, keys, places } = process.world;
  const [{ RedisLane }] = places[process.number].copies;
  const { unit } = keys.find(({ name }) => name === key);
  return new RedisLane({ redis: redis.clientOf(process), key, unit, ...traits.redis.settings });
}

const MAKERS = { redis, fair, late, twice, stuck, senseless };

/** A lane of a process, for all of its clients with one key. */
export const laneOf = (kind, process, key) => MAKERS[kind](process, key);
