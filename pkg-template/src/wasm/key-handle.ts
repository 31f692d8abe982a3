import { call, write } from "./memory.js";
import { type Reasons, crashed } from "./rejection.js";
import { KrakenError } from "../errors.js";
import { core as currentCore, type Core, type Exports } from "./instance.js";

/** The base of classes that own a key. `using` frees the key if the runtime supports it. The types omit that, because they would require a newer `lib`. */
export const KeyHolder = /* @__PURE__ */ (() => {
  abstract class KeyHolder {
    /** Wipes the key. Afterwards, the object cannot be used. */
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

/** The location of a key: an instance, and the number of a slot in its memory. */
interface KeyLocation {
  core: Core;
  slot: number;
}

/** A handle of a key in the binary's memory. */
export class KeyHandle {
  #location: KeyLocation | undefined;

  /** `make` gets the length of the input in the buffer, and returns the number of the slot. `reasons` are the texts of its own errors. */
  constructor(input: string | Uint8Array, make: (exports: Exports, length: number) => number, reasons?: Reasons) {
    const core = currentCore();
    const length = write(core, input);
    this.#location = { core, slot: call(core, (exports) => make(exports, length), input, reasons) };
    finalizers?.register(this, this.#location, this);
  }

  /** The location of the key. */
  get location(): KeyLocation {
    if (!this.#location) throw new KrakenError("ERR_FREED", "This key was freed and wiped. Construct a new one.");
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

/** Releases a key without throwing, because nothing could catch the error. The next call on the instance reports its crash. */
function forget(slot: KeyLocation): void {
  try {
    release(slot);
  } catch {
    // See above.
  }
}

/** Frees the keys of owners that were garbage-collected. Workers with an early compatibility date have no such registry. */
const finalizers = /* @__PURE__ */ (() => (typeof FinalizationRegistry === "function" ? new FinalizationRegistry(forget) : undefined))();
