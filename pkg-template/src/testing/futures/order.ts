/** What a Futures account holds. */

export interface FuturesOrder {
  readonly id: string;
  readonly cliOrdId: string | undefined;
  readonly type: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly reduceOnly: boolean;
  readonly placedAt: number;
  size: bigint;
  filled: bigint;
  limitPrice: bigint | undefined;
  stopPrice: bigint | undefined;
  status: "open" | "filled" | "cancelled";
  updatedAt: number;
}

export interface FuturesFill {
  readonly id: string;
  readonly order: FuturesOrder;
  readonly size: bigint;
  readonly price: bigint;
  readonly time: number;
}

export interface Position {
  /** Positive for long, negative for short. */
  size: bigint;
  readonly price: bigint;
  readonly since: number;
}
