// Connects the parts of the page: the fields, the signature and the findings.
import { NonceSource } from "kraken-signer";
import { InvalidNonceError, InvalidSecretError, type StepName } from "kraken-signer/inspect";
import { byId, prefersReducedMotion, element } from "./dom";
import { EXAMPLES, isPublished, type Example } from "./examples";
import * as form from "./form";
import * as nonces from "./nonces";
import * as paste from "./paste";
import * as pipeline from "./pipeline";
import { explained, investigated, nonceIn, withNonce } from "./request";
import { startTheme } from "./theme";
import { everySecond } from "./ticker";
import * as twofactor from "./twofactor";
import * as verdict from "./verdict";

const REAL_KEY = "This is not one of the example keys. Never enter a real key that can trade or withdraw on a web page.";

/** Draws the signature for the fields. */
function draw(growing = false): void {
  const fields = form.read();
  const warning = fields.secret && !isPublished(fields.secret) ? REAL_KEY : "";
  form.note("secret", warning);
  form.note("nonce", "");
  try {
    const explanation = explained(fields);
    pipeline.draw(explanation, growing);
    const inBody = fields.mode === "spot" ? nonceIn(fields.body) : undefined;
    if (fields.nonce && inBody !== undefined && inBody !== fields.nonce) form.note("nonce", `The body has a different nonce: ${inBody}.`);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof InvalidSecretError) form.note("secret", `${message} ${warning}`);
    if (error instanceof InvalidNonceError) form.note("nonce", message);
    pipeline.fail(message);
  }
}

/** Looks for the mistake behind the signature in the fields. */
function investigate(): void {
  const fields = form.read();
  unmark();
  if (!fields.signature.trim()) {
    verdict.wait("No signature yet", "Paste the rejected signature into the last field to find the mistake behind it.");
    form.focus("signature");
    return;
  }
  try {
    const findings = investigated(fields, verdict.language());
    const marks = verdict.marksOf(findings);
    verdict.report(findings, show);
    pipeline.mark(marks);
    form.mark(marks);
  } catch (error) {
    verdict.wait("Cannot investigate this", (error as Error).message);
  }
}

/** Scrolls to a step and focuses it. */
function show(step: StepName): void {
  const place = form.fieldOf(step) ?? pipeline.cardOf(step);
  place?.scrollIntoView({ block: "center", behavior: prefersReducedMotion() ? "auto" : "smooth" });
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

/** Fills the page with published example keys. */
function begin(): void {
  const [first] = EXAMPLES;
  if (first) load(first);
  twofactor.example();
  nonces.example();
}

/** Clears the page, because browsers may keep it in memory for going back. */
function clear(): void {
  form.write({});
  pipeline.fail("");
  idle();
  paste.clear();
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
    // On a phone, the findings are below the fields.
    byId("verdict").scrollIntoView({ block: "nearest", behavior: prefersReducedMotion() ? "auto" : "smooth" });
  },
});
paste.start((fields) => {
  // A request that was sent is not signed with an example key.
  const { secret } = form.read();
  const own = isPublished(secret) ? "" : secret;
  form.write({ ...fields, secret: own });
  draw(true);
  if (own && fields.signature) investigate();
  else {
    idle();
    form.focus(own ? "signature" : "secret");
  }
});
pipeline.start();
verdict.start(investigate);
twofactor.start();
nonces.start();
byId("examples").append(
  ...EXAMPLES.map((example) => {
    const button = element("button", { type: "button", class: example.fields.signature && "rejected" }, example.name);
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
  // Following the link would add a fragment to the URL and an entry to the history.
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
