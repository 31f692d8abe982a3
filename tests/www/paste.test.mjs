// A request that is pasted or dropped fills the form, and its mistake is named once the private key is there.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { example, open } from "./page.mjs";

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
const paste = (page, text) => pasteInto(page, "#capture", text);
const pasteInto = (page, field, text) =>
  page.locator(field).evaluate((area, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", pasted);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    // Firefox does not take the data from the constructor's argument.
    if (!event.clipboardData?.getData("text")) Object.defineProperty(event, "clipboardData", { value: clipboardData });
    area.dispatchEvent(event);
  }, text);

/** A HAR file with a request whose signature is right. */
function har(body, text = body) {
  const postData = typeof text === "string" ? { text } : { text: text.toString("base64"), encoding: "base64" };
  const headers = [{ name: "API-Sign", value: rightly(body) }];
  const request = { method: "POST", url: `https://api.kraken.com${path}`, headers, postData };
  return JSON.stringify({ log: { entries: [{ request, response: {} }] } });
}
const rightly = (body) =>
  createHmac("sha512", Buffer.from(secret, "base64"))
    .update(path)
    .update(createHash("sha256").update("1616492376594").update(body).digest())
    .digest("base64");

/** Presses "Investigate", and returns the kind of the verdict. */
async function verdict(page) {
  await page.locator("#secret").fill(secret);
  await page.getByRole("button", { name: "Investigate" }).click();
  await page.locator("#verdict[data-kind]").waitFor();
  return page.locator("#verdict").getAttribute("data-kind");
}

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
  await drop(page, JSON.stringify({ log: { entries: Array.from({ length: 21 }, () => entry(path)) } }));
  await note(page).getByText("There are 21 requests. The last 20 are here").waitFor();
  assert.equal(await page.locator("#capture-choices button").count(), 20);
});

test("a part that is hidden, and text without a request, are explained", async () => {
  const { page } = await open();
  await paste(page, recorded("curl-7.88-verbose-alone.txt"));
  await note(page).getByText("curl -v prints no body").waitFor();
  assert.equal(await value(page, "body"), "");
  await paste(page, "nothing of the kind");
  await note(page).getByText("No request was found").waitFor();
});

test("the line ends of a body are those that were given, until the user changes them", async () => {
  const { page } = await open();
  const json = '{\r\n  "nonce": "1616492376594",\r\n  "pair": "XBTUSD"\r\n}';
  await paste(page, har(json));
  await note(page).getByText("was read.").waitFor();
  const button = page.getByRole("button", { name: /^Line ends/ });
  assert.equal(await button.innerText(), "Line ends: \\r\\n");
  assert.match(await page.locator("#body-note").innerText(), /The line ends of this body are \\r\\n, as they were given\./);
  assert.equal(await verdict(page), "right");
  // A range of bytes is highlighted at the same characters in the field, whose line ends are shorter.
  await page.locator('.step[data-step="hashed"] .segment[data-origin="body"] .token').getByText("X", { exact: true }).hover();
  assert.equal(await page.locator('.field[data-step="body"] .mirror mark').innerText(), "X");
  await button.click();
  assert.equal(await button.innerText(), "Line ends: \\n");
  assert.equal(await verdict(page), "mistake");
  await page.locator("#body").fill(body);
  assert.ok(await button.isHidden());
});

test("line ends that a field cannot keep are said to be lost, and pasted ones can be chosen", async () => {
  const { page } = await open();
  await paste(page, har('{\r\n "nonce": "1616492376594",\n "pair": "XBTUSD"}'));
  await page.locator("#body-note").getByText("it is not the body that was given").waitFor();
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.equal(await page.locator("#body-note").innerText(), "");
  const pasted = '{"nonce":\r\n"1616492376594"}';
  await pasteInto(page, "#body", pasted);
  await page.locator("#body").fill(pasted.replaceAll("\r", ""));
  await page.locator("#body-note").getByText("They are taken for \\n").waitFor();
  await page.locator("#path").fill(path);
  await page.locator("#signature").fill(rightly(pasted));
  assert.equal(await verdict(page), "mistake");
  await page.getByRole("button", { name: /^Line ends/ }).click();
  assert.equal(await verdict(page), "right");
});

test("a two-factor code in a header is not said to be missing", async () => {
  const { page } = await open();
  await paste(page, `curl https://api.kraken.com${path} -H 'API-OTP: 123456' -H 'API-Sign: ${rightly(body)}' -d '${body}'`);
  await note(page).getByText("was read.").waitFor();
  assert.equal(await value(page, "sentOtp"), "123456");
  assert.equal(await verdict(page), "right");
  const suspicions = await page.locator("#verdict .suspicions").innerText();
  assert.doesNotMatch(suspicions, /has no two-factor code/);
  await page.getByRole("button", { name: "Clear everything" }).click();
  assert.equal(await value(page, "sentOtp"), "");
});

test("a body that is not text is left out, and the page says so", async () => {
  const { page } = await open();
  await drop(page, har(body, Buffer.from([0x6e, 0xff, 0xfe])));
  await note(page).getByText("Its body is not text").waitFor();
  assert.equal(await value(page, "body"), "");
});

test("a pasted FIX logon is explained by its fields, and a mistake in them is named", async () => {
  const fields = ["35=A", "34=7", "49=MY-DESK", "56=KRAKEN-TRD", "553=a-key"];
  const nonce = "1616492376594";
  const joined = (all) => all.map((field) => `${field}\x01`).join("");
  const sign = (text) =>
    createHmac("sha512", Buffer.from(secret, "base64"))
      .update(createHash("sha256").update(`${text}${nonce}`).digest())
      .digest("base64");
  const message = (password) => joined(["8=FIX.4.4", "9=200", ...fields, "52=20210323-09:39:36.594", `554=${password}`, `5025=${nonce}`]);
  const { page, seen, violations } = await open();
  await paste(page, message(sign(joined(fields))));
  assert.equal(await verdict(page), "right");
  const steps = await page.locator("#steps").innerText();
  assert.equal(await page.locator("#failure").innerText(), "");
  assert.match(steps, /Password \(554\)/i);
  assert.equal(await note(page).innerText(), "The FIX logon was read.");
  const labels = ["path", "nonce", "body", "signature"].map((name) => page.locator(`#${name}-label`).innerText());
  assert.deepEqual(await Promise.all(labels), ["No path: this is a FIX logon", "Nonce (5025)", "Signed fields", "Your password (554)"]);
  await paste(page, message(sign(joined(fields).replace("34=7", "34=1"))));
  assert.deepEqual(await mistakes(page), ["fix-fields"]);
  // The code is for requests to the REST API.
  assert.ok(await page.locator("#snippet").isHidden());
  assert.equal(new URL(await page.locator("#link").inputValue()).hash, "#api=futures&nonce=ms&mistakes=fix-fields");
  // Nothing is said about it any more beside an example.
  await example(page, "Futures order");
  assert.equal(await note(page).innerText(), "");
  await page.locator("#path").fill("");
  // Without fields, a path is still needed.
  await page.locator("#body").fill("symbol=PI_XBTUSD");
  await page.locator("#failure").getByText("Invalid path").waitFor();
  assert.equal(await page.locator("#body-label").innerText(), "postData");
  assert.deepEqual([seen.errors, seen.requests.length, await violations()], [[], 1, []]);
});

test("a pasted subscription fills the fields of a challenge", async () => {
  const challenge = "c100b894-1729-464d-ace1-52dbce11db42";
  const digest = createHash("sha256").update(challenge).digest("hex");
  const signed_challenge = createHmac("sha512", Buffer.from(secret, "base64")).update(digest).digest("base64");
  const { page } = await open();
  await paste(
    page,
    JSON.stringify({ event: "subscribe", feed: "fills", api_key: "a-key", original_challenge: challenge, signed_challenge }),
  );
  assert.deepEqual([await value(page, "body"), await page.locator("#mode-challenge").isChecked()], [challenge, true]);
  assert.deepEqual(await mistakes(page), ["digest-as-hex"]);
});
