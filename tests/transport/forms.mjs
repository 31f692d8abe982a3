/** Parameters of Ledgers and the form they become: `[what they show, parameters, form]`. Used on the encoder alone, and through a client. */
export const FORMS = [
  ["text, strictly percent-encoded", { a: "ä&=+ %/'!()*~\n" }, "a=%C3%A4%26%3D%2B%20%25%2F%27%21%28%29%2a~%0A"],
  ["numbers", { a: 1, b: 0.5, c: 0, d: 1e15, e: 0.000001, f: -12.25 }, "a=1&b=0.5&c=0&d=1000000000000000&e=0.000001&f=-12.25"],
  ["whole numbers of up to 15 digits", { a: 999_999_999_999_999, b: -100_000_000_000_001 }, "a=999999999999999&b=-100000000000001"],
  ["zeros at the end of a whole number", { a: 1234567890123450, b: 9e15 }, "a=1234567890123450&b=9000000000000000"],
  ["bigints", { a: 18446744073709551615n }, "a=18446744073709551615"],
  ["booleans in lower case", { a: true, b: false }, "a=true&b=false"],
  ["undefined is left out", { a: undefined, b: 1 }, "b=1"],
  ["nested", { close: { ordertype: "limit", price: 1 } }, "close%5Bordertype%5D=limit&close%5Bprice%5D=1"],
  [
    "lists of objects",
    { orders: [{ price: "1" }, { price: "2", close: { a: 1 } }] },
    "orders%5B0%5D%5Bprice%5D=1&orders%5B1%5D%5Bprice%5D=2&orders%5B1%5D%5Bclose%5D%5Ba%5D=1",
  ],
  ["lists in brackets", { some: ["a", 1] }, "some%5B0%5D=a&some%5B1%5D=1"],
  ["lists joined by commas", { txid: ["a", "b"], oflags: ["post", "fciq"], asset: ["XBT"] }, "txid=a%2Cb&oflags=post%2Cfciq&asset=XBT"],
  [
    "dates where Kraken takes seconds",
    { start: new Date(1700000000999), orders: [{ expiretm: new Date(1e12) }] },
    "start=1700000000&orders%5B0%5D%5Bexpiretm%5D=1000000000",
  ],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), "a=1"],
  ["an index that is given as a name", { "orders[1][a]": 2, "orders[0][a]": 1 }, "orders%5B0%5D%5Ba%5D=1&orders%5B1%5D%5Ba%5D=2"],
  ["bracketed names", { "close[price]": "1", "close[ordertype]": "limit" }, "close%5Bprice%5D=1&close%5Bordertype%5D=limit"],
  ["no parameters", {}, ""],
];
