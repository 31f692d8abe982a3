// Where the time of one signature goes: the package's own steps, one by one, over the same inputs. Not the public interface, so it changes with
// the sources.
import { Signer } from "kraken-signer";
import { read, write } from "../../../pkg/dist/esm/wasm/memory.js";
import { core } from "../../../pkg/dist/esm/wasm/instance.js";

const encoder = new TextEncoder();

/** The export over a buffer that was filled by a copy of bytes, because it wipes what it has read. */
const exported = (which) => (shared) => {
  const { exports, buffer } = core();
  // Handles are the package's; this one is our own.
  const handle = exports.secret(write(core(), shared.secret), 1);
  const prepared = preparing(which);
  const run = (input) => {
    const { bytes, path, nonce } = prepared(input);
    buffer.set(bytes);
    return exports.sign(0, handle, path, nonce, bytes.length);
  };
  run.show = (length) => read(core(), length);
  return run;
};

/** The bytes of each input, made once. */
function preparing(which = {}) {
  const made = new Map();
  return (input) => {
    let found = made.get(input);
    if (!found) {
      const path = input[which.path ?? "path"];
      const bytes = encoder.encode(path + input.nonce + input[which.body ?? "body"]);
      made.set(input, (found = { bytes, path: path.length, nonce: input.nonce.length }));
    }
    return found;
  };
}

export default {
  breakdown: {
    "whole call": ({ secret }) => {
      const signer = new Signer(secret);
      return ({ path, nonce, body }) => signer.signSpot(path, nonce, body);
    },
    "text in": () => {
      const run = ({ path, nonce, body }) => write(core(), path + nonce + body);
      run.show = (length) => read(core(), length);
      return run;
    },
    "bytes in": () => {
      const { buffer } = core();
      const prepared = preparing();
      const run = (input) => {
        const { bytes } = prepared(input);
        buffer.set(bytes);
        return bytes.length;
      };
      run.show = (length) => read(core(), length);
      return run;
    },
    "bytes in, export": exported({}),
    "bytes in, export, longer body": exported({ body: "longerBody" }),
    "bytes in, export, longer path": exported({ path: "longerPath" }),
    "text out": ({ secret }) => {
      const { length } = new Signer(secret).signChallenge("x");
      return () => read(core(), length);
    },
  },
};
