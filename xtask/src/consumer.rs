//! A program that uses the packaged crate. `cargo xtask test crate` builds it in a separate project.

use std::time::Duration;

use kraken_signer::{ClientOrderId, Error, Secret, Totp, otp::Options, spot};

fn main() -> Result<(), Error> {
    let secret = Secret::try_from(&[1; 32][..])?;
    let nonce = 1_700_000_000_000_000_000;
    let sign = spot::sign(&secret, "/0/private/Balance", nonce, format!("nonce={nonce}"));
    let options = Options { digits: Some(8), ..Options::default() };
    let totp = Totp::from_setup_key("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", options)?;
    println!("{sign} {}", totp.code(Duration::from_secs(59)));
    assert!(totp.remaining(kraken_signer::now()) > Duration::ZERO);
    assert_ne!(ClientOrderId::random()?, ClientOrderId::random()?);
    Ok(())
}
