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

/// The number of units that are looked for in combinations of three mistakes.
pub(super) const COMMON_UNITS: usize = 3;

const RULES: &[&[Rule]] = &[
    &[
        Rule(Mistake::NonceDiffers, |context, _, add| {
            context.clues.nonces.iter().for_each(|nonce| add(nonce.as_bytes().into()));
        }),
        Rule(Mistake::NonceTakenTwice, |context, nonce, add| {
            let Some(number) = number(nonce) else { return };
            for distance in 1..=if context.rare { 3 } else { 2 } {
                add(number.saturating_sub(distance).to_string().into());
                add(number.saturating_add(distance).to_string().into());
            }
        }),
        Rule(Mistake::NonceUnit, |context, nonce, add| {
            let most = if context.rare { usize::MAX } else { COMMON_UNITS };
            units(nonce).take(most).for_each(|other| add(other.into()));
            if context.guesses {
                other_units(nonce).for_each(|other| add(other.into()));
            }
        }),
        Rule(Mistake::NonceNumber, |context, nonce, add| {
            let most = if context.rare { usize::MAX } else { 4 };
            numbers(nonce).take(most).for_each(|other| add(other.into()));
        }),
        Rule(Mistake::NonceMissing, |context, nonce, add| {
            if context.rare && !nonce.is_empty() {
                for text in NOTHING {
                    add((*text).into());
                }
            }
        }),
        Rule(Mistake::NonceNotation, |context, nonce, add| {
            let most = if context.guesses { usize::MAX } else { 2 };
            notations(nonce).into_iter().take(most).for_each(|other| add(other.into()));
            if let Some(number) = crate::nonce::parse(nonce).ok().filter(|_| context.guesses) {
                add(number.to_be_bytes().into());
                add(number.to_le_bytes().into());
            }
        }),
    ],
    &[Rule(Mistake::OtpApart, |context, nonce, add| {
        if let Some(otp) = context.clues.otp {
            add([nonce, otp.as_bytes()].concat());
            add([otp.as_bytes(), nonce].concat());
        }
    })],
    &[Rule(Mistake::NonceQuoted, |context, nonce, add| {
        add([b"\"", nonce, b"\""].concat());
        add([b"'", nonce, b"'"].concat());
        if context.rare {
            add([b"b'", nonce, b"'"].concat());
            add([nonce, b"nonce=", nonce, b"&"].concat());
        }
        add([b"nonce=", nonce].concat());
    })],
];

/// What languages print for a nonce without a value, and for one that is still being made.
const NOTHING: &[&str] = &["undefined", "null", "None", "NaN", "nil", "<nil>", "0", "[object Promise]"];

fn number(nonce: &[u8]) -> Option<u128> {
    crate::nonce::parse(nonce).ok().map(Into::into)
}

/// Returns the same time in other units: seconds, milliseconds, microseconds, nanoseconds, and .NET ticks, which are 100 ns.
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

/// Returns the same time in all units of the table.
fn other_units(nonce: &[u8]) -> impl Iterator<Item = String> {
    let converted = number(nonce).into_iter().flat_map(|number| {
        let sent = UNITS.iter().filter(move |unit| unit.may_be(number));
        sent.flat_map(move |sent| UNITS.iter().filter_map(move |signed| sent.convert(number, signed)))
    });
    converted.map(|number| number.to_string())
}

/// A unit of nonces: the number of them in milliseconds, as a fraction, and the milliseconds from its time zero to 1970.
struct Unit {
    numerator: u128,
    denominator: u128,
    offset: u128,
}

const fn unit(_name: &str, numerator: u128, denominator: u128, offset: u128) -> Unit {
    Unit { numerator, denominator, offset }
}

/// Milliseconds from the time zero of .NET, of Windows and of Excel to 1970.
const DOT_NET: u128 = 62_135_596_800_000;
const WINDOWS: u128 = 11_644_473_600_000;
const EXCEL: u128 = 2_209_161_600_000;
const DAY: u128 = 86_400_000;

/// The units of nonces. `NONCE_UNITS` of the npm package is the same list, and `tests/inspect/units.test.mjs` compares them.
const UNITS: &[Unit] = &[
    unit("us1024", 1_024_000, 1, 0),
    unit("ns", 1_000_000, 1, 0),
    unit("ticks", 10_000, 1, DOT_NET),
    unit("10ns", 100_000, 1, 0),
    unit("us", 1_000, 1, 0),
    unit("ms", 1, 1, 0),
    unit("s", 1, 1_000, 0),
    unit("100ns", 10_000, 1, 0),
    unit("100us", 10, 1, 0),
    unit("100us65536", 655_360, 1, 0),
    unit("filetime", 10_000, 1, WINDOWS),
    unit("excel-ms", DAY, DAY, EXCEL),
    unit("excel-s", DAY / 1_000, DAY, EXCEL),
    unit("excel-0", 1, DAY, EXCEL),
    unit("excel-2", 10_u128.pow(2), DAY, EXCEL),
    unit("excel-4", 10_u128.pow(4), DAY, EXCEL),
    unit("excel-5", 10_u128.pow(5), DAY, EXCEL),
    unit("excel-6", 10_u128.pow(6), DAY, EXCEL),
    unit("excel-7", 10_u128.pow(7), DAY, EXCEL),
    unit("excel-8", 10_u128.pow(8), DAY, EXCEL),
    unit("excel-9", 10_u128.pow(9), DAY, EXCEL),
    unit("excel-10", 10_u128.pow(10), DAY, EXCEL),
    unit("excel-11", 10_u128.pow(11), DAY, EXCEL),
    unit("excel-12", 10_u128.pow(12), DAY, EXCEL),
];

impl Unit {
    /// Returns whether a nonce in this unit is a time from 2011, when Kraken began, to 2100.
    fn may_be(&self, nonce: u128) -> bool {
        let time = nonce.checked_mul(self.denominator).and_then(|number| number.checked_div(self.numerator));
        time.and_then(|time| time.checked_sub(self.offset))
            .is_some_and(|time| (1_309_478_400_000..4_102_444_800_000).contains(&time))
    }

    /// Converts a nonce of this unit to another one. Returns `None` if that is too large.
    fn convert(&self, nonce: u128, other: &Self) -> Option<u128> {
        // Milliseconds multiplied by the numerator, so that they are an integer.
        let time = nonce.checked_mul(self.denominator)?.checked_sub(self.offset.checked_mul(self.numerator)?)?;
        let time = time.checked_add(other.offset.checked_mul(self.numerator)?)?;
        time.checked_mul(other.numerator)?.checked_div(self.numerator.checked_mul(other.denominator)?)
    }
}

/// Returns a nonce in other notations than decimal digits, the common ones first, and decimal digits of other notations.
fn notations(nonce: &[u8]) -> Vec<String> {
    let Some(number) = number(nonce) else {
        let text = String::from_utf8_lossy(nonce);
        let hex = text.trim_start_matches("0x").trim_start_matches("0X");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let decimal = u128::from_str_radix(hex, 16).ok().map(|number| number.to_string());
        return decimal.into_iter().chain([digits]).collect();
    };
    let digits = number.to_string();
    let grouped = |separator: &str| {
        let groups: Vec<String> =
            digits.as_bytes().rchunks(3).rev().map(|group| group.iter().copied().map(char::from).collect()).collect();
        groups.join(separator)
    };
    let separators = [".", " ", "'", "_", "\u{a0}", "\u{202f}", "\u{2019}"];
    let common = [format!("{number:x}"), grouped(",")];
    let hex = [format!("{number:X}"), format!("0x{number:x}"), format!("0x{number:X}")];
    let padded = [16, 19, 20].map(|width| format!("{number:0width$}"));
    common.into_iter().chain(hex).chain(separators.into_iter().map(grouped)).chain(padded).collect()
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
            format!("{digits}.000000"),
            (float / 1_000_000.0).to_string(),
            exponent.replace('e', "e+"),
            // A cell of a spreadsheet.
            format!("{float:.5e}").replace('e', "E+"),
            exponent,
            java,
        ]
    })
}
