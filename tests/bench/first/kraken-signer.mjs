import { Signer } from "kraken-signer";

export const sign = ({ secret, path, nonce, body }) => new Signer(secret).signSpot(path, nonce, body);
