//! The errors that the binaries answer by number, for TypeScript.

use std::fs;

use anyhow::{Context, Result, bail};
use kraken_signer::Error;

use crate::step::root;

#[path = "../../src/wasm/codes.rs"]
mod table;

use table::{ERRORS, MISUSES, Misuse};

/// `error-codes.ts`: what each number stands for, in words for those who use the npm package. What only two-factor codes need is a table
/// of its own, which bundles without them leave out.
pub fn typescript() -> Result<String> {
    every_error_has_one()?;
    let core = ERRORS.iter().map(|(code, error)| (*code, format!("{error:?}"), words(*error)));
    let own = MISUSES.iter().map(|(code, misuse)| {
        let words = match misuse {
            Misuse::TableFull => "too many keys at a time: free() those that are not used any more",
            Misuse::Argument => "a length or handle that was not given out",
            Misuse::Time => "a time is milliseconds since 1970",
        };
        (*code, format!("{misuse:?}"), words)
    });
    let mut rows: Vec<_> = core.chain(own).collect();
    rows.sort_by_key(|(code, ..)| *code);
    let (otp, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(code, ..)| OTP.contains(code));
    let others: Vec<_> = others.into_iter().filter(|(code, ..)| !UNUSED.contains(code)).collect();
    Ok(format!(
        "// What the binaries' numbers for errors stand for: written by `cargo xtask build` from src/wasm/codes.rs.\n{}{}",
        constant("REASONS", &others),
        constant("OTP_REASONS", &otp)
    ))
}

/// The numbers of errors of setup keys, their URIs, and codes.
const OTP: std::ops::Range<u8> = 20..60;

/// Errors of what the package does in TypeScript: forms, the fields of a logon, random numbers, comparing nonces.
const UNUSED: [u8; 4] = [65, 70, 71, 81];

fn constant(name: &str, rows: &[(u8, String, &str)]) -> String {
    let mut text = format!("export const {name}: Readonly<Record<number, string>> = {{\n");
    for (code, name, words) in rows {
        let name = name.split_whitespace().next().unwrap_or_default();
        text += &format!("  {code}: {words:?}, // {name}\n");
    }
    text + "};\n"
}

/// Whoever adds an error to the crate adds its number.
fn every_error_has_one() -> Result<()> {
    let source = fs::read_to_string(root().join("src/error.rs"))?;
    let (_, list) = source.split_once("pub enum Error {").context("src/error.rs has no enum Error")?;
    let (list, _) = list.split_once("\n}").context("the enum Error has no end")?;
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let name = line.trim_end_matches(',').split(' ').next().unwrap_or_default();
        if !ERRORS.iter().any(|(_, error)| format!("{error:?} ").starts_with(&format!("{name} "))) {
            bail!("src/wasm/codes.rs has no number for the error {name}");
        }
    }
    Ok(())
}

/// The crate's own words, unless the package has a name for what to do.
fn words(error: Error) -> &'static str {
    match error {
        Error::NonceAhead => {
            "the last nonce is more than a day ahead of the clock, or in a finer unit: allowAhead takes it"
        }
        Error::NonceClock => "the clock is not milliseconds since 1970",
        other => other.reason(),
    }
}
