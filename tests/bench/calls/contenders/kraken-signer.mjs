// This package's calls. A key sends one request at a time, so that many callers with one key wait for each other.
import { SpotClient } from "kraken-signer";

const calling = (client, endpoint) => () => client.call(endpoint);

export default {
  "kraken-signer": ({ url, endpoint, keys }) => keys.map((key) => calling(new SpotClient({ ...key, baseUrl: url }), endpoint)),
  "kraken-signer, one key for all": ({ url, endpoint, keys }) => {
    if (keys.length === 1) return undefined;
    const client = new SpotClient({ ...keys[0], baseUrl: url });
    return keys.map(() => calling(client, endpoint));
  },
};
