import { call, write } from "./memory.js";
import { type Reasons, crashed } from "./rejection.js";
import { KrakenError } from "../errors.js";
import { core as currentCore, type Core, type Exports } from "./instance.js";

/** What holds a key. `using` frees it, where the runtime has that; the types do not say so, or they would demand a newer `lib`. */
export const KeyHolder = /* @__PURE__ */ (() => {
  abstract class KeyHolder {
    abstract free(): void;
  }
  const { dispose } = Symbol as { dispose?: symbol };
  if (dispose)
    Object.defineProperty(KeyHolder.prototype, dispose, {
      value: function (this: KeyHolder) {
        this.free();
      },
    });
  return KeyHolder;
})();

/** A slot of an instance's memory. */
interface KeyLocation {
  core: Core;
  slot: number;
}

/** A key in a slot of the binary's memory. */
export class KeyHandle {
  #location: KeyLocation | undefined;

  /** `make` is given the length of what was written to the buffer, and answers the slot; `words` are for its own errors. */
  constructor(input: string | Uint8Array, make: (exports: Exports, length: number) => number, reasons?: Reasons) {
    const core = currentCore();
    const length = write(core, input);
    this.#location = { core, slot: call(core, (exports) => make(exports, length), input, reasons) };
    finalizers?.register(this, this.#location, this);
  }

  /** The instance that has the key, and where. */
  get location(): KeyLocation {
    if (!this.#location) throw new KrakenError("ERR_FREED", "This key was freed: what it signed with is wiped. Construct a new one.");
    if (this.#location.core.crash) throw crashed();
    return this.#location;
  }

  free(): void {
    const location = this.#location;
    if (!location) return;
    this.#location = undefined;
    finalizers?.unregister(this);
    release(location);
  }
}

function release({ core, slot }: KeyLocation): void {
  if (!core.crash) call(core, (exports) => exports.free(slot));
}

/** Nobody is there to catch an error; the next call on the instance reports its crash. */
function forget(slot: KeyLocation): void {
  try {
    release(slot);
  } catch {
    // Said above.
  }
}

/** Frees the keys of owners that were forgotten. Some workerd compatibility dates have no such registry. */
const finalizers = /* @__PURE__ */ (() => (typeof FinalizationRegistry === "function" ? new FinalizationRegistry(forget) : undefined))();
