//! Places a limit order with a two-factor key: `KRAKEN_KEY`, `KRAKEN_SECRET` and `KRAKEN_OTP` (the setup key) are secrets of the
//! Worker, `KRAKEN_URL` is https://api.kraken.com. One Worker alone may use the key: see docs/sharing-a-key.md.

use std::cell::RefCell;

use kraken_signer::{ClientOrderId, Error, Secret, Totp, nonce::NonceSource, web};
use worker::{Context, Env, Fetch, Request, Response, Result, event};

thread_local! {
    static NONCES: RefCell<NonceSource> = RefCell::default();
}

#[event(fetch)]
async fn fetch(_: Request, env: Env, _: Context) -> Result<Response> {
    let setting = |name: &str| env.var(name).map(|value| value.to_string());
    let secret: Secret = setting("KRAKEN_SECRET")?.parse().map_err(refused)?;
    let totp: Totp = setting("KRAKEN_OTP")?.parse().map_err(refused)?;
    let nonce = NONCES.with_borrow_mut(|nonces| nonces.next(web::now())).map_err(refused)?;

    let order = web::Fields::new(nonce)
        .code(&totp.code(web::now()))
        .field("pair", "XBTUSD")
        .field("type", "buy")
        .field("ordertype", "limit")
        .field("price", "37500")
        .field("volume", "0.02")
        .field("cl_ord_id", ClientOrderId::random().map_err(refused)?.as_str());
    let request = order.post(&format!("{}/0/private/AddOrder", setting("KRAKEN_URL")?)).map_err(threw)?;
    web::sign(&secret, &request, &setting("KRAKEN_KEY")?, nonce).await.map_err(threw)?;
    Fetch::Request(Request::from(request)).send().await
}

fn refused(error: Error) -> worker::Error {
    worker::Error::RustError(error.to_string())
}

fn threw(error: web::Error) -> worker::Error {
    worker::Error::RustError(error.to_string())
}
