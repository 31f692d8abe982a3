// This package's signatures and codes, as its users ask for them.
import { Signer, Totp } from "kraken-signer";

const sign = ({ secret }) => {
  const signer = new Signer(secret);
  return ({ path, nonce, body }) => signer.signSpot(path, nonce, body);
};

export default {
  spot: { "kraken-signer": sign },
  batch: { "kraken-signer": sign },
  totp: {
    "kraken-signer": ({ setupKey }) => {
      const totp = new Totp(setupKey);
      return ({ at }) => totp.code(at);
    },
  },
};
