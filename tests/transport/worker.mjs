// The programs of this folder, in workerd.
import { sendOrders } from "./orders.program.mjs";
import { tryAll } from "./try.program.mjs";

export default {
  async fetch(request) {
    const { program, ...options } = await request.json();
    return Response.json(await { tryAll, sendOrders }[program](options));
  },
};
