//! Native counterpart of ../station.mjs: reads one command per line and answers with one line. Commands and answers are JSON.
//!
//! `sha2` detects SHA-NI and AVX2 at run time.

use std::{
    error::Error,
    hint::black_box,
    io::stdin,
    time::{Duration, Instant},
};

use kraken_signer::{Signature, Secret, Totp, otp::Options, spot};
use serde_json::{Value, json};

const NAME: &str = "native Rust";

/// The inputs of one row.
enum Row {
    Sign(Secret, Vec<Request>),
    Code(Totp, Vec<Duration>),
}

struct Request {
    path: String,
    nonce: u64,
    body: String,
}

impl Row {
    fn open(name: &str, row: &Value) -> Option<Self> {
        let inputs = row["inputs"].as_array()?;
        match name {
            "spot" | "batch" => {
                let secret = row["secret"].as_str()?.parse().ok()?;
                let requests = inputs.iter().map(|input| {
                    Some(Request {
                        path: input["path"].as_str()?.into(),
                        nonce: input["nonce"].as_str()?.parse().ok()?,
                        body: input["body"].as_str()?.into(),
                    })
                });
                Some(Self::Sign(secret, requests.collect::<Option<_>>()?))
            }
            "totp" => {
                let totp = Totp::from_setup_key(row["setupKey"].as_str()?, Options::default()).ok()?;
                let times = inputs.iter().map(|input| Some(Duration::from_millis(input["at"].as_u64()?)));
                Some(Self::Code(totp, times.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    /// Returns the output for every input.
    fn outputs(&self) -> Vec<String> {
        match self {
            Self::Sign(secret, requests) => requests.iter().map(|request| sign(secret, request).to_string()).collect(),
            Self::Code(totp, times) => times.iter().map(|time| totp.code(*time).to_string()).collect(),
        }
    }

    fn batch(&self, length: Duration, chunk: &mut usize) -> Value {
        match self {
            Self::Sign(secret, requests) => batch(requests, length, chunk, |request| sign(secret, request)),
            Self::Code(totp, times) => batch(times, length, chunk, |time| totp.code(*time)),
        }
    }
}

fn sign(secret: &Secret, Request { path, nonce, body }: &Request) -> Signature {
    spot::sign(secret, path, *nonce, body.as_bytes())
}

/// Processes the inputs until the time is over. Outputs stay on the stack; only the last one is converted to text.
fn batch<I, O: ToString>(inputs: &[I], length: Duration, chunk: &mut usize, run: impl Fn(&I) -> O) -> Value {
    let start = Instant::now();
    let (mut count, mut time, mut output) = (0, Duration::ZERO, None);
    while time < length {
        for at in count..count + *chunk {
            output = Some(black_box(run(black_box(&inputs[at % inputs.len()]))));
        }
        count += *chunk;
        time = start.elapsed();
    }
    *chunk = (count / 200).max(1);
    let output = output.map(|output| output.to_string());
    let nanoseconds = time.as_secs_f64() * 1e9;
    json!({ "count": count, "nanoseconds": nanoseconds, "index": (count - 1) % inputs.len(), "output": output })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut rows = Vec::new();
    for line in stdin().lines() {
        let command: Value = serde_json::from_str(&line?)?;
        if let Some(settings) = command["open"].as_object() {
            rows = settings.iter().filter_map(|(name, row)| Some((name.clone(), Row::open(name, row)?, 1))).collect();
            let outputs =
                rows.iter().map(|(name, row, _)| (name.clone(), json!({ NAME: { "outputs": row.outputs() } })));
            println!("{}", json!({ "tick": 0, "rows": Value::Object(outputs.collect()) }));
        } else {
            let batch = &command["batch"];
            let found = rows.iter_mut().find(|(name, ..)| batch["row"] == **name);
            let (_, row, chunk) = found.ok_or("a row that was not opened")?;
            let milliseconds = batch["milliseconds"].as_f64().ok_or("no milliseconds")?;
            println!("{}", row.batch(Duration::from_secs_f64(milliseconds / 1e3), chunk));
        }
    }
    Ok(())
}
