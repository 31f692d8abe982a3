// The command line says what a call does that moves money, or cancels all orders. Which calls do is in their records, and in one list of sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSource } from "../harness/sources.mjs";

const { consequenceOf } = await loadSource("cli/consequence");
const { spotEndpoints } = await loadSource("rest/spot/endpoints");
const { futuresEndpoints } = await loadSource("rest/futures/endpoints");

/** Calls that move money within the account, or only end a withdrawal. */
const HARMLESS = /^(WithdrawCancel|Earn\/.*|CreateSubaccount)$/;

const sayingNothing = (names, futures) => names.filter((name) => consequenceOf(name, {}, futures) === undefined);

test("every call of Spot that withdraws, transfers or cancels all orders has a sentence", () => {
  const names = Object.entries(spotEndpoints)
    .filter(([, { write, permissions, weight }]) => write && (/withdraw/.test(permissions) || /^(all|later)$/.test(weight?.cancels)))
    .map(([name]) => name)
    .filter((name) => !HARMLESS.test(name));
  assert.ok(names.length >= 4, `${names}`);
  assert.deepEqual(sayingNothing(names, false), []);
});

test("every call of Futures that withdraws, transfers or cancels all orders has a sentence", () => {
  const names = Object.entries(futuresEndpoints)
    .filter(([name, { write, permissions }]) => write && (permissions === "withdrawal" || /transfer|cancelall/.test(name)))
    .map(([name]) => name.replace(/^\w+:/, ""));
  assert.ok(names.length >= 5, `${names}`);
  assert.deepEqual(sayingNothing(names, true), []);
});
