//! Numbers among the parameters, as languages write them.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    body::{Field, Fields, is_number},
    variants::{Context, MOST_PLACES},
};

/// Adds the body with all its numbers written otherwise, or, as a guess, one of them.
pub(super) fn rewritten(context: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body) else { return };
    let is_digits =
        |field: &Field<'_>| !matches!(&*field.name, "nonce" | "otp") && is_number(field.text().trim_start_matches('.'));
    if !fields.all.iter().any(is_digits) {
        return;
    }
    let change = |write: fn(&str) -> Option<String>, only: Option<usize>| {
        let change = |(at, field): (usize, &Field<'_>)| {
            let changed = is_digits(field) && only.is_none_or(|one| one == at);
            let text = changed.then(|| write(&field.text())).flatten();
            text.map_or_else(|| field.clone().into_owned(), |text| field.with(&text))
        };
        fields.print_only(&fields.all.iter().enumerate().map(change).collect::<Vec<_>>())
    };
    for write in WRITERS {
        add(change(*write, None));
        let each = fields.all.iter().enumerate().filter(|(_, field)| context.guesses && is_digits(field));
        for (at, _) in each.take(MOST_PLACES) {
            add(change(*write, Some(at)));
        }
    }
}

type Write = fn(&str) -> Option<String>;

/// The ways to write a number. `None` if it stays as it is.
const WRITERS: &[Write] = &[
    // A floating-point number in Python, Java and others: 37500.0.
    |text| {
        let number = Decimal::of(text)?;
        let written = number.written(-4, 16, 2);
        Some(if written.contains(['.', 'e']) { written } else { written + ".0" })
    },
    // One in JavaScript: 37500, 1e-7.
    |text| Some(Decimal::of(text)?.written(-6, 21, 1)),
    // With a fixed number of digits.
    |text| Decimal::of(text)?.fixed(1),
    |text| Decimal::of(text)?.fixed(2),
    |text| Decimal::of(text)?.fixed(5),
    |text| Decimal::of(text)?.fixed(8),
    |text| text.strip_prefix("0.").map(|digits| [".", digits].concat()),
    |text| text.strip_prefix('.').map(|digits| ["0.", digits].concat()),
    // Decimal in Python, which keeps zeros at the end.
    |text| Some([text, ".0"].concat()).filter(|_| !text.contains(['.', 'e', 'E'])),
];

/// A decimal number: 0.digits × 10^exponent.
struct Decimal {
    sign: &'static str,
    digits: String,
    exponent: i32,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        let zeros = digits.len().checked_sub(significant.len())?;
        let exponent = exponent.parse::<i32>().ok().filter(|exponent| (-40..40).contains(exponent))?;
        let exponent =
            exponent.checked_add(i32::try_from(whole.len()).ok()?)?.checked_sub(i32::try_from(zeros).ok()?)?;
        Some(Self { sign, digits: significant.trim_end_matches('0').into(), exponent })
    }

    /// Returns the number with an exponent if that is below `least` or from `most` on, with this many digits in the exponent.
    fn written(&self, least: i32, most: i32, width: usize) -> String {
        let exponent = self.exponent.saturating_sub(1);
        if self.digits.is_empty() || (least..most).contains(&exponent) {
            return self.plain();
        }
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or_default();
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}{first}{point}{rest}e{sign}{:0>width$}", self.sign, exponent.unsigned_abs())
    }

    fn plain(&self) -> String {
        let count = |exponent: i32| usize::try_from(exponent).unwrap_or_default();
        let mut whole = self.digits.get(..count(self.exponent)).unwrap_or(&self.digits).to_string();
        let fraction = self.digits.get(whole.len()..).unwrap_or_default();
        let fraction = ["0".repeat(count(self.exponent.saturating_neg())).as_str(), fraction].concat();
        whole.push_str(&"0".repeat(count(self.exponent).saturating_sub(whole.len())));
        let whole = if whole.is_empty() { "0" } else { &whole };
        let is_whole = fraction.trim_matches('0').is_empty();
        if is_whole { [self.sign, whole].concat() } else { [self.sign, whole, ".", &fraction].concat() }
    }

    /// Returns the number with this many digits after the point, if it does not have more.
    fn fixed(&self, places: usize) -> Option<String> {
        let plain = self.plain();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let zeros = places.checked_sub(fraction.len())?;
        Some([whole, ".", fraction, &"0".repeat(zeros)].concat())
    }
}
