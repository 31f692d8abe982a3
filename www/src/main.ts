// The page: fields at the left, the signature at the right, and what the investigator says about it.
import { NonceSource } from "kraken-signer";
import { InvalidNonceError, InvalidSecretError, type StepName } from "kraken-signer/inspect";
import { byId, calm, element } from "./dom";
import { EXAMPLES, isPublished, type Example } from "./examples";
import * as form from "./form";
import * as nonces from "./nonces";
import * as pipeline from "./pipeline";
import { explained, investigated, nonceIn, withNonce } from "./request";
import { startTheme } from "./theme";
import { everySecond } from "./ticker";
import * as twofactor from "./twofactor";
import * as verdict from "./verdict";

const REAL_KEY = "This is none of the example keys. If it is real: a key that trades or withdraws belongs in no web page.";

/** Draws the signature of what is in the fields. */
function draw(growing = false): void {
  const fields = form.read();
  const warning = fields.secret && !isPublished(fields.secret) ? REAL_KEY : "";
  form.note("secret", warning);
  form.note("nonce", "");
  try {
    const explanation = explained(fields);
    pipeline.draw(explanation, growing);
    const inBody = fields.mode === "spot" ? nonceIn(fields.body) : undefined;
    if (fields.nonce && inBody !== undefined && inBody !== fields.nonce) form.note("nonce", `The body has another nonce: ${inBody}.`);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof InvalidSecretError) form.note("secret", `${message} ${warning}`);
    if (error instanceof InvalidNonceError) form.note("nonce", message);
    pipeline.refuse(message);
  }
}

/** Looks for what is behind the signature in the fields. */
function investigate(): void {
  const fields = form.read();
  unmark();
  if (!fields.signature.trim()) {
    verdict.wait("No signature yet", "Paste the signature that was refused into the last field, and the mistake behind it is looked for.");
    form.focus("signature");
    return;
  }
  try {
    const findings = investigated(fields, verdict.language());
    const marks = verdict.marksOf(findings);
    verdict.tell(findings, show);
    pipeline.mark(marks);
    form.mark(marks);
  } catch (error) {
    verdict.wait("This cannot be investigated", (error as Error).message);
  }
}

/** Leads to the place of a step. */
function show(step: StepName): void {
  const place = form.fieldOf(step) ?? pipeline.cardOf(step);
  place?.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  place?.querySelector<HTMLElement>("textarea, input, .segment")?.focus({ preventScroll: true });
}

function unmark(): void {
  pipeline.mark([]);
  form.mark([]);
}

function idle(): void {
  unmark();
  verdict.idle();
}

function load({ fields }: Example): void {
  form.write(fields);
  draw(true);
  if (fields.signature) investigate();
  else idle();
}

/** Puts the page as it is at first: with keys that are no secret. */
function begin(): void {
  const [first] = EXAMPLES;
  if (first) load(first);
  twofactor.example();
  nonces.example();
}

/** Takes everything off the page: browsers may keep it in memory, to go back to. */
function clear(): void {
  form.write({});
  pipeline.refuse("");
  idle();
  twofactor.clear();
  nonces.clear();
}

startTheme();
form.start({
  changed() {
    draw();
    idle();
  },
  asked() {
    investigate();
    // On a phone it is below the fields.
    byId("verdict").scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  },
});
pipeline.start();
verdict.start(investigate);
twofactor.start();
nonces.start();
byId("examples").append(
  ...EXAMPLES.map((example) => {
    const button = element("button", { type: "button", class: example.fields.signature && "refusal" }, example.name);
    button.addEventListener("click", () => load(example));
    return button;
  }),
);
byId("clear").addEventListener("click", clear);
byId("fresh-nonce").addEventListener("click", () => {
  const { body } = form.read();
  const nonce = new NonceSource().next();
  form.put("nonce", nonce);
  form.put("body", withNonce(body, nonce));
  draw();
  idle();
});
byId("skip").addEventListener("click", (event) => {
  // A fragment in the address would be an entry in the history.
  event.preventDefault();
  byId("workbench").focus();
});
addEventListener("pagehide", clear);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) begin();
});
begin();
everySecond((now) => {
  twofactor.tick(now);
  nonces.tick(now);
});
