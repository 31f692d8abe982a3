// Links to a mistake: they hold no secret, whatever is typed, and lead to an example of the same kind.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { MISTAKES } from "kraken-signer/inspect";
import { ADDRESS, allowClipboard, fill, mistake, open, vectors } from "./page.mjs";

const [{ secret, nonce, body }] = vectors;

/** Signs as Spot wants it, but with the digest in hexadecimal. */
const broken = ({ secret, path, nonce, body }) =>
  createHmac("sha512", Buffer.from(secret, "base64"))
    .update(path)
    .update(
      createHash("sha256")
        .update(nonce + body)
        .digest("hex"),
    )
    .digest("base64");

/** Investigates a request that was signed wrongly, and returns the link to its mistake. */
async function linkOf(page, request) {
  await fill(page, { kind: "spot", ...request, signature: broken(request) });
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator('#verdict[data-kind="mistake"]').waitFor();
  return page.locator("#link").inputValue();
}

test("a link tells of the mistake, the API, the endpoint, the unit of the nonce and the encoding of the body", async () => {
  const { page, context } = await open();
  await allowClipboard(context);
  const link = await linkOf(page, { secret, path: "/0/private/AddOrder", nonce, body });
  assert.equal(link, `${ADDRESS}#api=spot&path=/0/private/AddOrder&nonce=ms&body=form&mistakes=digest-as-hex`);
  await page.getByRole("button", { name: "Copy the link" }).click();
  await page.waitForFunction(async (link) => (await navigator.clipboard.readText()) === link, link);
  await mistake(page, "scheme-of-spot");
  const futures = "#api=futures&path=/derivatives/api/v3/sendorder&nonce=ms&body=form&mistakes=scheme-of-spot";
  assert.equal(await page.locator("#link").inputValue(), ADDRESS + futures);
});

test("nothing else gets into a link, whatever is typed into any field", async () => {
  const { page } = await open();
  const other = Buffer.alloc(64, 251).toString("base64");
  const requests = [
    { path: other, nonce, body },
    { path: `/0/private/${other}`, nonce, body },
    { path: `/0/private/AddOrder/${other}`, nonce, body },
    { path: "/0/private/AddOrder?otp=482913", nonce, body },
    { path: "/0/private/SecretPlans", nonce: "4829134829", body: "nonce=4829134829&otp=482913&volume=77" },
    { path: "/0/private/AddOrder#&mistakes=x", nonce: "", body: '{"nonce":"4829134829","otp":"482913"}' },
    { path: "/0/private/Balance", nonce: "4829134829137777777", body: "" },
  ];
  const words = /^#api=spot(&path=\/0\/private\/(AddOrder|Balance))?(&nonce=(\w+))?&body=(form|json|none)&mistakes=digest-as-hex$/;
  for (const request of requests) {
    await page.locator("#key").fill("482913 AN API KEY", { force: true });
    await page.locator("#sentPath").fill("/482913", { force: true });
    await page.locator("#sentBody").fill("", { force: true });
    const signed = { secret: other, ...request, nonce: request.nonce || "4829134829" };
    const link = (await linkOf(page, { ...signed, signature: broken(signed) })).replace(ADDRESS, "");
    assert.match(link, words, JSON.stringify(request));
    for (const part of ["4829", "77", "KEY", "otp", other.slice(0, 8), encodeURIComponent(other).slice(0, 12), "Secret", "Plans"]) {
      assert.ok(!link.includes(part), `${link} has ${part}`);
    }
  }
});

test("opening a link explains the mistake with an example of the same kind, also after a reload and with back and forward", async () => {
  const { page, seen } = await open({
    address: `${ADDRESS}#api=futures&path=/derivatives/api/v3/sendorder&nonce=us&body=form&mistakes=digest-as-hex`,
  });
  const named = () => page.locator("#verdict .mistakes li").evaluateAll((items) => items.map(({ dataset }) => dataset.mistake));
  const shows = async (name, api) => {
    await page.waitForFunction((name) => document.querySelector("#verdict .mistakes li")?.dataset.mistake === name, name);
    assert.deepEqual(await named(), [name]);
    assert.ok(await page.locator(`#mode-${api}`).isChecked());
  };
  await shows("digest-as-hex", "futures");
  const said = await page.locator("#shared").innerText();
  for (const part of [
    "Futures, /derivatives/api/v3/sendorder, a nonce in microseconds, a form as the body",
    "signed as hexadecimal text",
  ]) {
    assert.ok(said.includes(part), said);
  }
  await page.reload();
  await shows("digest-as-hex", "futures");
  await page.evaluate(() => void (location.hash = "#api=spot&body=json&mistakes=json-spacing"));
  await shows("json-spacing", "spot");
  await page.goBack();
  await shows("digest-as-hex", "futures");
  await page.goForward();
  await shows("json-spacing", "spot");
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.ok(await page.locator("#shared").isHidden());
  assert.deepEqual(seen.errors, []);
});

test("a link with several mistakes explains each, and gives an example of each", async () => {
  const { page } = await open({ address: `${ADDRESS}#api=spot&mistakes=secret-as-text,digest-as-hex,${MISTAKES.at(-1)}` });
  assert.equal(await page.locator("#shared li").count(), 3);
  assert.match(await page.locator("#shared").innerText(), /Below is an example of the first one with a published key/);
  await page.getByRole("button", { name: "Example of digest-as-hex" }).click();
  await page.waitForFunction(() => document.querySelector("#verdict .mistakes li")?.dataset.mistake === "digest-as-hex");
});

test("a link with anything else is shown as the page without it, or says that it is not known", async () => {
  const { page } = await open({ address: `${ADDRESS}#workbench` });
  assert.ok(await page.locator("#shared").isHidden());
  for (const [hash, known] of [
    ["#api=spot&mistakes=not-a-mistake", false],
    ["#mistakes=", false],
    ["#api=x&path=/evil/<b>&nonce=1e9&body=xml&mistakes=digest-as-hex,<img src=x>", true],
    ["#mistakes=digest-as-hex&mistakes=output-hex&api=%E0%A4%A", true],
  ]) {
    await page.evaluate((hash) => void (location.hash = hash), hash);
    await page.waitForFunction(
      (known) => !document.querySelector("#shared").hidden && document.querySelectorAll("#shared li").length === (known ? 1 : 0),
      known,
    );
    const said = await page.locator("#shared").innerText();
    assert.doesNotMatch(said, /evil|img|not-a-mistake|xml/);
    if (!known) assert.match(said, /does not know the mistake/);
  }
});
