//! Measures how much flash a signature takes on a microcontroller, as stated in the README and in the guide about Rust.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::step::{cargo, root, run, say, scratch, write};

/// The maximum size in bytes: the README's number with a margin.
const MOST: u64 = 10 * 1024;

/// A program that only signs and never unwinds, so that its size is the size of signing.
const PROGRAM: &str = r#"#![no_std]
#![no_main]

use core::hint::black_box;
use kraken_signer::{Secret, spot};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! {
    if let Ok(secret) = Secret::try_from(black_box(&[7_u8; 64][..])) {
        black_box(spot::sign(&secret, black_box("/0/private/Balance"), black_box(1), black_box("nonce=1")));
    }
    loop {}
}
"#;

/// Builds the program for bare metal, optimized for size, and checks the size of its code and constants.
pub fn check(target: &str) -> Result<()> {
    let project = scratch().join("embedded");
    let path = root().display().to_string();
    let manifest = format!(
        "[package]\nname = \"embedded\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         kraken-signer = {{ path = {path:?} }}\n[profile.release]\nopt-level = \"z\"\nlto = \"fat\"\ncodegen-units = 1\n\
         panic = \"abort\"\n"
    );
    write(&project.join("Cargo.toml"), manifest)?;
    write(&project.join("src/main.rs"), PROGRAM)?;
    let mut build = cargo(&["build", "--release", "--quiet", "--target", target]);
    let flags = "--cfg sha2_backend=\"soft\" --cfg sha2_backend_soft=\"compact\"";
    run(build.current_dir(&project).env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", project.join("target")))?;
    let program = fs::read(project.join("target").join(target).join("release/embedded"))?;
    let size = loaded(&program).context("the program is not a 32-bit ELF file")?;
    say(&format!("signing takes {size} bytes on {target}"));
    if size > MOST {
        bail!("signing takes {size} bytes on {target}; at most {MOST} are allowed");
    }
    Ok(())
}

/// Returns the total size of the loaded sections of an ELF file, without zero-initialized ones.
fn loaded(elf: &[u8]) -> Option<u64> {
    const ALLOCATED: u32 = 2;
    const BITS: u32 = 1;
    let word = |at: usize| Some(u32::from_le_bytes(elf.get(at..at + 4)?.try_into().ok()?));
    let half = |at: usize| Some(u16::from_le_bytes(elf.get(at..at + 2)?.try_into().ok()?));
    if elf.get(..5)? != b"\x7fELF\x01" {
        return None;
    }
    let (table, size, count) = (word(32)? as usize, usize::from(half(46)?), usize::from(half(48)?));
    (0..count).try_fold(0, |sum, section| {
        let header = table + section * size;
        let (kind, flags) = (word(header + 4)?, word(header + 8)?);
        let counted = kind == BITS && flags & ALLOCATED != 0;
        Some(sum + if counted { u64::from(word(header + 20)?) } else { 0 })
    })
}
