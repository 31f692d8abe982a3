import { trade } from "../../lib/trade.js";

export const POST = () => trade();
