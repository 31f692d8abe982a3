//! Places a limit order with a key that has two-factor authentication. `KRAKEN_KEY`, `KRAKEN_SECRET` and `KRAKEN_OTP` (the setup key)
//! are secrets of the Worker, and `KRAKEN_URL` is https://api.kraken.com. Only one Worker may use the key; see docs/sharing-a-key.md.

use std::cell::RefCell;

use kraken_signer::{ClientOrderId, Error, Secret, Totp, nonce::NonceSource, web};
use worker::{Context, Env, Fetch, Request, Response, Result, event};

thread_local! {
    static NONCES: RefCell<NonceSource> = RefCell::default();
}

#[event(fetch)]
async fn fetch(_: Request, env: Env, _: Context) -> Result<Response> {
    let setting = |name: &str| env.var(name).map(|value| value.to_string());
    let secret: Secret = setting("KRAKEN_SECRET")?.parse().map_err(signer_error)?;
    let totp: Totp = setting("KRAKEN_OTP")?.parse().map_err(signer_error)?;
    let nonce = NONCES.with_borrow_mut(|nonces| nonces.next(web::now())).map_err(signer_error)?;

    let order = web::Fields::new(nonce)
        .code(&totp.code(web::now()))
        .field("pair", "XBTUSD")
        .field("type", "buy")
        .field("ordertype", "limit")
        .field("price", "37500")
        .field("volume", "0.02")
        .field("cl_ord_id", ClientOrderId::random().map_err(signer_error)?.as_str());
    let request = order.post(&format!("{}/0/private/AddOrder", setting("KRAKEN_URL")?)).map_err(web_error)?;
    web::sign(&secret, &request, &setting("KRAKEN_KEY")?, nonce).await.map_err(web_error)?;
    Fetch::Request(Request::from(request)).send().await
}

fn signer_error(error: Error) -> worker::Error {
    worker::Error::RustError(error.to_string())
}

fn web_error(error: web::Error) -> worker::Error {
    worker::Error::RustError(error.to_string())
}
