import { trade } from "../../lib/trade.js";

export const config = { runtime: "edge" };
export default () => trade();
