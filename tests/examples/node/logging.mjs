// A log of a client's calls with pino: `new SpotClient({ key, secret, hooks: logging(pino()) })`.
// Answers are `debug`, retries `warn`. An order whose outcome is unknown is `fatal`, because somebody has to look.

export const logging = (logger) => ({
  onResponse: (event) => logger.debug(event, `${event.endpoint} answered after ${Math.round(event.duration)} ms`),
  onRetry: (event) => logger.warn(event, `${event.endpoint} will be tried again in ${Math.round(event.pause)} ms`),
  onError({ error, ...event }) {
    const level = error?.code === "ERR_UNKNOWN_OUTCOME" ? "fatal" : "error";
    logger[level]({ ...event, err: error }, `${event.endpoint} failed`);
  },
});
