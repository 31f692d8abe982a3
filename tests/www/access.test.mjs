// For everyone: by keyboard alone, for screen readers (axe), in both color schemes, on phones and desktops.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FIREFOX, example, fill, mistake, open, vectors } from "./page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 320, height: 740 } };
const pictures = fileURLToPath(new URL(`../../target/www/pictures/${FIREFOX ? "firefox" : "chromium"}/`, import.meta.url));
mkdirSync(pictures, { recursive: true });
/** Takes a picture to look at, but not in CI: pictures of whole pages take a seventh of the time of this file. */
const picture = async (page, name) => process.env.CI || (await page.screenshot({ path: `${pictures}${name}.png`, fullPage: true }));

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    // Axe takes its time. Both schemes and both sizes have it once; it does not depend on the browser.
    const withAxe = !FIREFOX && (colorScheme === "light") === (size === "desktop");
    test(`${size}, ${colorScheme}: ${withAxe ? "axe finds no problem, and " : ""}nothing is too wide`, async () => {
      // Axe makes markup, which the policy forbids. No worker could start without the policy of trusted types.
      const { page } = await open({ viewport, colorScheme, bypassCSP: withAxe });
      if (withAxe) await page.evaluate(AXE);
      const states = {
        mistakes: async () => {
          await mistake(page, "secret-white-space");
          await page.getByText("Code that signs correctly").click();
        },
        right: async () => {
          await example(page, "Futures challenge");
          await page.locator("#signature").fill(vectors[3].expected);
          await page.getByRole("button", { name: "Investigate" }).click();
        },
        bytes: async () => {
          await example(page, "Spot, JSON body");
          await page.locator('label[for="notation-hex"]').click();
          await page.getByText("What was actually sent").click();
          await page.locator('.segment[data-origin="body"]').focus();
        },
        unexplained: async () => {
          await fill(page, { ...vectors[0], signature: Buffer.alloc(64, 3).toString("base64") });
          await page.getByRole("button", { name: "Investigate" }).click();
          await page.locator('#verdict[data-kind="unexplained"]').waitFor();
        },
        searching: async () => {
          await page.locator("#body").fill(`nonce=1&x=${"é+".repeat(10_000)}`);
          await page.getByRole("button", { name: "Investigate" }).click();
          await page.locator("#progress").waitFor();
          // The page is long, and only its beginning is of interest.
          await page.locator("#body").evaluate((field) => void (field.closest(".field").hidden = true));
          await page.locator("#steps").evaluate((steps) => void (steps.hidden = true));
        },
        link: async () => {
          await page.evaluate(
            () => void (location.hash = "#api=spot&path=/0/private/AddOrder&nonce=ms&body=form&mistakes=secret-as-text,digest-as-hex"),
          );
          await page.locator("#shared").waitFor();
          await page.locator('#verdict[data-kind="mistake"]').waitFor();
          await page.locator('[data-step="body"][hidden]').evaluate((field) => void (field.hidden = false));
          await page.locator("#steps").evaluate((steps) => void (steps.hidden = false));
        },
        wrong: async () => {
          await page.getByRole("button", { name: "Clear everything" }).click();
          await page.locator("#setup-key").fill("1");
          await page.locator("#seen").fill("x");
          await page.locator("#secret").fill("x");
        },
      };
      await picture(page, `order-${size}-${colorScheme}`);
      for (const [state, reach] of Object.entries(states)) {
        await reach();
        const { violations } = withAxe ? await page.evaluate(() => axe.run()) : { violations: [] };
        const said = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
        assert.deepEqual(said, [], state);
        const [wanted, had] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wanted <= had, `${state}: ${wanted} pixels wide`);
        await picture(page, `${state}-${size}-${colorScheme}`);
      }
    });
  }
}

/** What has the focus, in a word or two. */
const focus = (page) =>
  page.evaluate(() => {
    const { id, tagName, textContent, dataset } = document.activeElement;
    return id || dataset.origin || (tagName === "BODY" ? "" : textContent.trim());
  });

/** Presses Tab until something has the focus. */
async function tabTo(page, name) {
  for (let i = 0; i < 100; i++) {
    if ((await focus(page)).startsWith(name)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${name}`);
}

test("by keyboard, everything is reached in order, and nothing traps the focus", async () => {
  const { page } = await open();
  const order = [];
  await page.keyboard.press("Tab");
  for (let at = await focus(page); at && order.length < 100; at = await focus(page)) {
    order.push(at);
    await page.keyboard.press("Tab");
  }
  assert.ok(order.length < 100, "Tab goes in circles");
  const landmarks = ["skip", "theme", "Spot order", "mistake", "mode-spot", "path", "nonce", "body", "secret", "signature", "Investigate"];
  const later = ["notation-text", "digest", "signature", "setup-key", "seen", "kraken-signer"];
  let from = 0;
  for (const name of [...landmarks, ...later]) {
    const at = order.indexOf(name, from);
    assert.ok(at >= from, `${name} is not reached after ${order[from - 1]}: ${order.join(", ")}`);
    from = at + 1;
  }
  // Past the last element, Firefox goes back to the one before it.
  if (FIREFOX) order.pop();
  for (const name of order.toReversed()) {
    await page.keyboard.press("Shift+Tab");
    assert.equal(await focus(page), name);
  }
});

test("by keyboard, the skip link leads to the mistake, and the mistake to its field", async () => {
  const { page } = await open();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focus(page), "workbench");
  assert.ok(!page.url().includes("#"));
  await mistake(page, "secret-white-space");
  assert.match(await page.getByRole("status").filter({ hasText: "Found" }).innerText(), /more than one mistake/);
  await tabTo(page, "Show where: secret-as-text");
  await page.keyboard.press("Enter");
  assert.equal(await focus(page), "secret");
  const described = await page.locator("#secret").evaluate((field) =>
    field
      .getAttribute("aria-describedby")
      .split(" ")
      .map((id) => document.getElementById(id).textContent)
      .join(""),
  );
  assert.match(described, /used as text/);
  // Enter in a field investigates, as in every form.
  await page.locator("#path").focus();
  await page.keyboard.press("End");
  await page.keyboard.type("X");
  await page.keyboard.press("Enter");
  await page.locator('#verdict[data-kind="unexplained"]').waitFor();
});

test("by keyboard, bytes are visited one by one, and Escape leaves them", async () => {
  const { page } = await open();
  const segment = page.locator('.step[data-step="message"] .segment[data-origin="path"]');
  const tooltip = page.locator("#tooltip");
  await segment.focus();
  assert.match(await tooltip.innerText(), /bytes 1–19 of 51/);
  assert.equal(await segment.getAttribute("aria-describedby"), await tooltip.getAttribute("id"));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await tooltip.innerText(), /byte 2 of 51\s+hex\s+30\s+text\s+0/);
  assert.match(await page.locator("#said").textContent(), /byte 2 of 51/);
  assert.equal(await page.locator('.field[data-step="path"] mark').innerText(), "0");
  await page.keyboard.press("ArrowLeft");
  assert.match(await tooltip.innerText(), /byte 1 of 51/);
  await page.keyboard.press("Escape");
  assert.ok(await tooltip.isHidden());
});

test("the button changes the color scheme for this visit, and the focus is always visible", async () => {
  const { page } = await open({ colorScheme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  const button = page.getByRole("button", { name: "Dark" });
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await button.click();
  assert.notEqual(await paper(), light);
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.reload();
  assert.equal(await paper(), light);
  for (let i = 0; i < 45; i++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const at = document.activeElement;
      // A radio button is seen by its label.
      const shown = at.matches("[type=radio]") ? at.nextElementSibling : at;
      return at === document.body || parseFloat(getComputedStyle(shown).outlineWidth) >= 2;
    });
    assert.ok(seen, await focus(page));
  }
});

test("motion is reduced if the user asks for it", async () => {
  const moving = (page) => page.evaluate(() => document.getAnimations().length > 0);
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const { page } = await open({ reducedMotion });
    await example(page, "Futures order");
    assert.equal(await moving(page), reducedMotion === "no-preference");
  }
});
