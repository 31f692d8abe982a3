// Connects the parts of the page: the fields, the signature and the findings.
import type { Finding, StepName } from "kraken-signer/inspect";
import { byId, prefersReducedMotion } from "./dom";
import { EXAMPLES, isPublished, type Broken, type Example } from "./examples";
import * as form from "./form";
import { InvalidNonceError, InvalidSecretError, NonceSource } from "./library";
import * as link from "./link";
import * as menu from "./menu";
import * as nonces from "./nonces";
import * as paste from "./paste";
import * as pipeline from "./pipeline";
import { apiOf, explained, nonceIn, rejected, withNonce } from "./request";
import { search, stop } from "./search";
import * as shared from "./shared";
import { snippet } from "./snippets";
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
  stop();
  unmark();
  if (!fields.signature.trim()) {
    verdict.wait("No signature yet", "Paste the rejected signature into the last field to find the mistake behind it.");
    form.focus("signature");
    return;
  }
  verdict.begin();
  search(rejected(fields), {
    found: (findings) => report(fields, findings),
    failed: (problem) => verdict.wait("Cannot investigate this", problem),
    waiting: verdict.searching,
  });
}

/** Shows the findings about the fields. */
function report(fields: form.Fields, findings: readonly Finding[]): void {
  const [{ mistakes = [] } = {}] = findings;
  const marks = verdict.marksOf(findings);
  // The address of a file has names of folders.
  const address = location.protocol === "file:" ? "" : location.href.replace(/#.*/, "");
  verdict.report(findings, address + link.fragmentOf(fields, mistakes), code(), show);
  pipeline.mark(marks);
  form.mark(marks);
}

/** Returns code that signs correctly, in the chosen language; empty for a FIX logon and a challenge, because the code sends REST requests. */
function code(): string {
  const fields = form.read();
  return fields.mode === "challenge" || form.isFixLogon(fields) ? "" : snippet(apiOf(fields.mode), verdict.language());
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
  stop();
  unmark();
  verdict.idle();
}

function load(example: Example | Broken): void {
  const { fields } = example;
  paste.clear();
  form.write(fields);
  menu.chosen(example);
  draw(true);
  if (fields.signature) investigate();
  else idle();
}

/** Fills the page with published example keys: those of the mistake in the address, if it is a link to one. */
function begin(): void {
  open();
  twofactor.example();
  nonces.example();
}

/** Shows the mistake in the address, or the first example. */
function open(): void {
  const linked = link.read(location.hash);
  if (!linked) shared.hide();
  const example = (linked && shared.show(linked, load)) ?? EXAMPLES[0];
  if (example) load(example);
}

/** Clears the page, because browsers may keep it in memory for going back. */
function clear(): void {
  form.write({});
  for (const name of ["secret", "nonce"] as const) form.note(name, "");
  menu.chosen(undefined);
  shared.hide();
  pipeline.fail("");
  idle();
  paste.clear();
  twofactor.clear();
  nonces.clear();
}

// Without JavaScript, none of this would work.
for (const id of ["theme", "workbench", "panels"]) byId(id).hidden = false;
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
verdict.start({
  changed: () => verdict.showCode(code()),
  stopped() {
    stop();
    verdict.wait("The search was stopped", "Nothing was found until then. “Investigate” searches again from the beginning.");
  },
});
menu.start(load);
twofactor.start();
nonces.start();
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
addEventListener("hashchange", open);
addEventListener("pagehide", clear);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) begin();
});
begin();
everySecond((now) => {
  twofactor.tick(now);
  nonces.tick(now);
});
