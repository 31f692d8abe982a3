//! The nonce stage: what may have been hashed instead of the nonce.

use alloc::{format, string::String, string::ToString, vec::Vec};

use super::{
    mistakes::Mistake,
    variants::{Context, Rule, Variant, closure},
};

/// Returns every nonce that may have been hashed instead of `nonce`.
pub(super) fn variants(context: &Context<'_>, nonce: &str, most: u32) -> Vec<Variant<Vec<u8>>> {
    closure(context, nonce.as_bytes(), RULES, most)
}

const RULES: &[&[Rule]] = &[
    &[
        Rule(Mistake::NonceDiffers, |context, _, add| {
            context.nonces.iter().for_each(|nonce| add(nonce.as_bytes().into()));
        }),
        Rule(Mistake::NonceTakenTwice, |context, nonce, add| {
            let Some(number) = number(nonce) else { return };
            for distance in 1..=if context.rare { 3 } else { 2 } {
                add(number.saturating_sub(distance).to_string().into());
                add(number.saturating_add(distance).to_string().into());
            }
        }),
        Rule(Mistake::NonceUnit, |context, nonce, add| {
            let most = if context.rare { usize::MAX } else { 4 };
            units(nonce).take(most).for_each(|other| add(other.into()));
        }),
        Rule(Mistake::NonceNumber, |context, nonce, add| {
            let most = if context.rare { usize::MAX } else { 4 };
            numbers(nonce).take(most).for_each(|other| add(other.into()));
        }),
    ],
    &[Rule(Mistake::NonceQuoted, |context, nonce, add| {
        add([b"\"", nonce, b"\""].concat());
        add([b"'", nonce, b"'"].concat());
        if context.rare {
            add([b"b'", nonce, b"'"].concat());
        }
        add([b"nonce=", nonce].concat());
    })],
];

fn number(nonce: &[u8]) -> Option<u128> {
    crate::nonce::parse(nonce).ok().map(Into::into)
}

/// Returns the same time in other units: seconds, milliseconds, microseconds, nanoseconds, and .NET ticks, which are 100 ns
/// since the year 1.
pub(super) fn units(nonce: &[u8]) -> impl Iterator<Item = String> {
    /// The ticks at the start of 1970.
    const EPOCH: u128 = 621_355_968_000_000_000;
    let number = number(nonce);
    let scaled = [1_000, 1_000_000, 1_000_000_000].into_iter().flat_map(move |factor: u128| {
        [
            number.map(|number| number.saturating_mul(factor)),
            number.and_then(|number| number.checked_div(factor)).filter(|short| *short > 0),
        ]
    });
    // The number of digits tells the unit, for times in this century.
    let ticks = number.and_then(|number| match number {
        1_000_000_000_000..10_000_000_000_000 => Some(number.saturating_mul(10_000)),
        1_000_000_000_000_000..10_000_000_000_000_000 => Some(number.saturating_mul(10)),
        _ => None,
    });
    let ticks = [ticks, ticks.map(|ticks| ticks.saturating_add(EPOCH))];
    scaled.chain(ticks).flatten().map(|number| number.to_string())
}

/// Returns a nonce as several languages print it after conversion to a floating-point number.
fn numbers(nonce: &[u8]) -> impl Iterator<Item = String> {
    number(nonce).into_iter().flat_map(|number| {
        #[allow(clippy::cast_precision_loss, reason = "losing precision is the mistake")]
        let float = number as f64;
        let digits = number.to_string();
        // 1.616492376594e12
        let exponent = format!("{float:e}");
        let java = if exponent.contains('.') { exponent.replace('e', "E") } else { exponent.replace('e', ".0E") };
        [
            // The exact value, and the shortest digits that identify it.
            format!("{float:.0}"),
            float.to_string(),
            format!("{digits}.0"),
            (float / 1_000.0).to_string(),
            format!("{digits}.00"),
            (float / 1_000_000.0).to_string(),
            exponent.replace('e', "e+"),
            // A cell of a spreadsheet.
            format!("{float:.5e}").replace('e', "E+"),
            exponent,
            java,
        ]
    })
}
