//! The station of ../station.mjs for native code: it takes one command a line, and answers it with one line. Commands and answers are JSON.
//!
//! `sha2` finds SHA-NI and AVX2 at run time.

use std::{
    hint::black_box,
    io::{Lines, StdinLock, Write, stdin, stdout},
    time::{Duration, Instant},
};

use kraken_signer::{ApiSign, Secret, Totp, otp::Options, spot};
use serde_json::{Value, json};

const NAME: &str = "native Rust";

/// What one row works on.
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
                let secret = Secret::from_base64(row["secret"].as_str()?).ok()?;
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

    fn len(&self) -> usize {
        match self {
            Self::Sign(_, requests) => requests.len(),
            Self::Code(_, times) => times.len(),
        }
    }

    fn sample(&self) -> Vec<String> {
        let indices = 0..self.len();
        match self {
            Self::Sign(secret, requests) => indices.map(|index| sign(secret, &requests[index]).to_string()).collect(),
            Self::Code(totp, times) => indices.map(|index| totp.code(times[index]).to_string()).collect(),
        }
    }

    fn batch(&self, length: Duration, chunk: &mut usize) -> Value {
        match self {
            Self::Sign(secret, requests) => batch(requests, length, chunk, |request| sign(secret, request)),
            Self::Code(totp, times) => batch(times, length, chunk, |time| totp.code(*time)),
        }
    }
}

fn sign(secret: &Secret, Request { path, nonce, body }: &Request) -> ApiSign {
    spot::sign(secret, path, *nonce, body.as_bytes())
}

/// Runs through the inputs until the time is over. Outputs stay on the stack; only the last one becomes text.
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
    let index = (count - 1) % inputs.len();
    json!({ "count": count, "nanoseconds": time.as_nanos() as f64, "index": index, "output": output.map(|output| output.to_string()) })
}

fn next(lines: &mut Lines<StdinLock>) -> Option<Value> {
    lines.next().and_then(Result::ok).and_then(|line| serde_json::from_str(&line).ok())
}

fn answer(value: &Value) {
    println!("{value}");
    let _ = stdout().flush();
}

fn main() {
    let mut lines = stdin().lines();
    let mut rows = Vec::new();
    while let Some(command) = next(&mut lines) {
        if let Some(settings) = command["open"].as_object() {
            rows = settings.iter().filter_map(|(name, row)| Some((name.clone(), Row::open(name, row)?, 1))).collect();
            let samples =
                rows.iter().map(|(name, row, _)| (name.clone(), json!({ NAME: { "outputs": row.sample() } })));
            answer(&json!({ "tick": 0.0, "rows": Value::Object(samples.collect()) }));
        } else {
            let batch = &command["batch"];
            let found = rows.iter_mut().find(|(name, ..)| batch["row"] == **name);
            let (_, row, chunk) = found.expect("a row that was opened");
            answer(&row.batch(Duration::from_secs_f64(batch["milliseconds"].as_f64().unwrap_or(1.0) / 1e3), chunk));
        }
    }
}
