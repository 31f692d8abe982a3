// A request that is pasted or dropped fills the form, and its mistake is named once the private key is there.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "./page.mjs";

// The key of Kraken's documentation, with which the logs were recorded.
const secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const path = "/0/private/AddOrder";
const body = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
const digest = createHash("sha256").update(`1616492376594${body}`).digest("hex");
const signature = createHmac("sha512", Buffer.from(secret, "base64")).update(path).update(digest).digest("base64");
const recorded = (name) => readFileSync(new URL(`../inspect/captures/${name}`, import.meta.url), "utf8");
const value = (page, id) => page.locator(`#${id}`).inputValue();
const note = (page) => page.locator("#capture-note");

/** Pastes as the keyboard would, without the clipboard of the machine. */
const paste = (page, text) =>
  page.locator("#capture").evaluate((area, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", pasted);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    // Firefox does not take the data from the constructor's argument.
    if (!event.clipboardData?.getData("text")) Object.defineProperty(event, "clipboardData", { value: clipboardData });
    area.dispatchEvent(event);
  }, text);

const drop = (page, text) =>
  page.evaluate((content) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([content], "kraken.har"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, text);

async function mistakes(page) {
  await page.locator("#secret").fill(secret);
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator('#verdict[data-kind="mistake"]').waitFor();
  return page.locator(".mistakes li").evaluateAll((items) => items.map(({ dataset }) => dataset.mistake));
}

test("a pasted curl command and a pasted log fill the form, without the example key", async () => {
  for (const [text, mistake] of [
    [`curl https://api.kraken.com${path} -H 'API-Sign: ${signature}' -d '${body}'`, "digest-as-hex"],
    [recorded("axios-1.21.1-error.txt"), "secret-as-text"],
    [recorded("requests-2.34.2-debuglevel.txt"), "secret-as-text"],
  ]) {
    const { page, seen, violations } = await open();
    await paste(page, text);
    await note(page).getByText("POST /0/private/AddOrder was read.").waitFor();
    assert.deepEqual([await value(page, "path"), await value(page, "body"), await value(page, "secret")], [path, body, ""]);
    assert.equal(await value(page, "capture"), "");
    assert.deepEqual(await mistakes(page), [mistake]);
    assert.deepEqual([seen.errors, seen.requests.length, await violations()], [[], 1, []]);
  }
});

test("of the requests in a dropped HAR file, one is chosen", async () => {
  const entry = (target) => ({
    request: {
      method: "POST",
      url: `https://api.kraken.com${target}`,
      headers: [{ name: "API-Sign", value: signature }],
      postData: { text: body },
    },
    response: { content: { text: '{"error":["EAPI:Invalid signature"]}' } },
  });
  const { page } = await open();
  await drop(page, JSON.stringify({ log: { entries: [entry("/0/private/Balance"), entry(path)] } }));
  await note(page).getByText("There are 2 requests").waitFor();
  await page.getByRole("button", { name: `2: POST ${path}` }).click();
  assert.deepEqual(await mistakes(page), ["digest-as-hex"]);
});

test("a part that is hidden, and text without a request, are explained", async () => {
  const { page } = await open();
  await paste(page, recorded("curl-7.88-verbose-alone.txt"));
  await note(page).getByText("curl -v prints no body").waitFor();
  assert.equal(await value(page, "body"), "");
  await paste(page, "nothing of the kind");
  await note(page).getByText("No request was found").waitFor();
});
