//! Places an order at the simulated exchange: this crate signs it, and a plain connection of the standard library carries it.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use kraken_signer::{Secret, spot};

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("KRAKEN_URL")?;
    let key = std::env::var("KRAKEN_KEY")?;
    let secret: Secret = std::env::var("KRAKEN_SECRET")?.parse()?;

    let path = "/0/private/AddOrder";
    let nonce = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let code = std::env::var("KRAKEN_OTP_SETUP_KEY")?.parse::<kraken_signer::Totp>()?.code(kraken_signer::now());
    let body = format!("nonce={nonce}&otp={code}&pair=XBTUSD&type=buy&ordertype=limit&price=37500&volume=0.1");
    let signature = spot::sign(&secret, path, nonce, &body);

    let host = url.strip_prefix("http://").ok_or("KRAKEN_URL begins with http://")?;
    let mut connection = TcpStream::connect(host)?;
    write!(
        connection,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAPI-Key: {key}\r\nAPI-Sign: {signature}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    println!("{}", answer.split_once("\r\n\r\n").ok_or("no answer")?.1);
    Ok(())
}
