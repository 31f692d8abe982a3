/** The Funding API (beta): the nonce is in a header, and answers are plain JSON without `error` and `result`. */

import { Rejection } from "../outcome.js";
import { record, text } from "../parameters/received.js";
import type { SpotEndpoint } from "./call.js";

export interface FundingEndpoint extends SpotEndpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: RegExp;
}

// Ids are plain ASCII, so an id that needs percent-encoding is unknown in any case.
function pathId(pathname: string): string {
  return pathname.slice(pathname.lastIndexOf("/") + 1);
}

// Identifiers are invented, and the same in every run.
const BITCOIN = { network_id: "00000000-0000-4000-8000-0000000000b1", name: "Bitcoin" };
const ETHEREUM = { network_id: "00000000-0000-4000-8000-0000000000e1", name: "Ethereum" };
const METHODS = [
  { method_id: "00000000-0000-4000-8000-000000000001", asset: { class: "currency", name: "XBT" }, network: BITCOIN },
  { method_id: "00000000-0000-4000-8000-000000000002", asset: { class: "currency", name: "ETH" }, network: ETHEREUM },
  { method_id: "00000000-0000-4000-8000-000000000003", asset: { class: "currency", name: "USDC" }, network: ETHEREUM },
];

/** The paths below, for messages. Braces stand for a part of the path. */
export const FUNDING_PATHS = [
  "/funding/v1/methods/{direction}",
  "/funding/v1/addresses",
  "/funding/v1/addresses/{id}",
  "/funding/v1/withdrawals",
] as const;

export const FUNDING_ENDPOINTS: readonly FundingEndpoint[] = [
  {
    method: "GET",
    path: /^\/funding\/v1\/methods\/(deposit|withdraw)$/,
    needs: { all: ["query-funds"] },
    run: ({ params }) => {
      const asset = record(params["asset"]);
      const name = asset ? text(asset, "name") : undefined;
      return { methods: METHODS.filter((entry) => name === undefined || entry.asset.name === name) };
    },
  },
  {
    method: "GET",
    path: /^\/funding\/v1\/addresses$/,
    needs: { all: ["query-funds"] },
    run: ({ account }) => ({ addresses: account.addresses }),
  },
  {
    method: "POST",
    path: /^\/funding\/v1\/addresses$/,
    needs: { all: ["add-withdraw-address"] },
    write: true,
    run: (call) => {
      const name = text(call.params, "name")?.trim();
      const scope = record(call.params["scope"]);
      if (!scope) throw new Rejection("EGeneral:Invalid arguments:scope");
      if (!name || call.account.addresses.some((entry) => entry.name === name)) throw new Rejection("EGeneral:Invalid arguments:name");
      const address = {
        address_id: call.account.id("A", [6, 5, 6]),
        name,
        scope,
        address_details: call.params["address_details"] ?? {},
        verified: true,
      };
      call.account.addresses.push(address);
      call.did = `added withdrawal address ${address.address_id}`;
      return { address_id: address.address_id, verified: true };
    },
  },
  {
    method: "PUT",
    path: /^\/funding\/v1\/addresses\/[^/]+$/,
    needs: { all: ["update-withdraw-address"] },
    write: true,
    run: (call) => {
      const address = call.account.addresses.find((entry) => entry.address_id === pathId(call.pathname));
      if (!address) throw new Rejection("EGeneral:Invalid arguments:id");
      address.name = text(call.params, "name") ?? address.name;
      call.did = `updated withdrawal address ${address.address_id}`;
      return { address_id: address.address_id };
    },
  },
  {
    method: "DELETE",
    path: /^\/funding\/v1\/addresses\/[^/]+$/,
    needs: { all: ["add-withdraw-address"] },
    write: true,
    run: (call) => {
      const book = call.account.addresses;
      const index = book.findIndex((entry) => entry.address_id === pathId(call.pathname));
      if (index < 0) throw new Rejection("EGeneral:Invalid arguments:id");
      book.splice(index, 1);
      call.did = `deleted withdrawal address ${pathId(call.pathname)}`;
      return { deleted: true };
    },
  },
  {
    method: "GET",
    path: /^\/funding\/v1\/withdrawals$/,
    needs: { all: ["query-funds"] },
    run: ({ account }) => ({
      withdrawals: account.withdrawals.map(({ refid, asset, status }) => ({ withdrawal_id: refid, asset: asset.altname, status })),
    }),
  },
];
