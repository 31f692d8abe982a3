import { trade } from "../../lib/trade.js";

export const runtime = "edge";
export const POST = () => trade();
