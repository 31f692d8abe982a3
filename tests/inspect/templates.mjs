// The requests of the broken signers: an order of Spot and one of Futures, with any body.
export const SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
export const NONCE = "1616492376594";
export const spot = (body, more = {}) => ({ api: "spot", secret: SECRET, path: "/0/private/AddOrder", nonce: NONCE, body, ...more });
export const futures = (body, more = {}) => ({
  api: "futures",
  secret: SECRET,
  path: "/derivatives/api/v3/sendorder",
  nonce: NONCE,
  body,
  ...more,
});
