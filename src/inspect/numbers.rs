//! Numbers among the parameters, as languages write them.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;

use super::{
    body::{Field, Fields, Format, is_number},
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

/// Adds JSON, or a form with JSON in it, whose numbers are strings and the reverse: all of them, or, as a guess, those of one name.
pub(super) fn requoted(context: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body) else { return };
    if fields.format == Format::Json {
        let text = String::from_utf8_lossy(body);
        each_requoted(context, &text, &mut |made| add(made.into()));
        return;
    }
    for field in fields.all.iter().take(MOST_PLACES).filter(|field| field.text().starts_with(['{', '['])) {
        each_requoted(context, &field.text(), &mut |made| {
            let one = |other: &Field<'_>| {
                if other.name == field.name { field.with_text(&made) } else { other.clone().into_owned() }
            };
            add(fields.print_only(&fields.all.iter().map(one).collect::<Vec<_>>()));
        });
    }
}

fn each_requoted(context: &Context<'_>, json: &str, add: &mut dyn FnMut(String)) {
    let numbers = numbers_in(json);
    let mut write = |is_string: &dyn Fn(&str, bool) -> bool| {
        let mut made = String::with_capacity(json.len().saturating_mul(2));
        let mut end = 0;
        for (at, name, was_string) in &numbers {
            let token = json.get(at.clone()).unwrap_or_default().trim_matches('"');
            let quote = if is_string(name, *was_string) { "\"" } else { "" };
            made.extend([json.get(end..at.start).unwrap_or_default(), quote, token, quote]);
            end = at.end;
        }
        add([&made, json.get(end..).unwrap_or_default()].concat());
    };
    write(&|_, _| true);
    write(&|_, _| false);
    write(&|name, _| name == "nonce");
    if context.guesses {
        // The same name again makes the same text again, which is left out.
        for (_, one, _) in numbers.iter().take(MOST_PLACES) {
            write(&|name, was_string| was_string != (name == *one));
        }
    }
}

/// Returns the numbers in JSON, also those that are strings: the place of each, its name, and whether it is a string.
fn numbers_in(json: &str) -> Vec<(Range<usize>, &str, bool)> {
    let mut found = Vec::new();
    let mut name = "";
    let mut start = 0;
    while let Some(first) = json.get(start..).and_then(|rest| rest.chars().next()) {
        let rest = json.get(start..).unwrap_or_default();
        let is_string = first == '"';
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => rest.find([',', '}', ']', ' ', '\t', '\r', '\n']).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let text = token.trim_matches('"');
        let end = start.saturating_add(token.len());
        if is_string && after.trim_ascii_start().starts_with(':') {
            name = text;
        } else if is_number(text) {
            found.push((start..end, name, is_string));
        }
        start = end;
    }
    found
}

/// Returns the length of the string at the beginning of JSON, with its quotation marks.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.char_indices().skip(1).find(|(_, character)| {
        let ends = !escaped && *character == '"';
        escaped = !escaped && *character == '\\';
        ends
    });
    end.map_or(json.len(), |(at, _)| at.saturating_add(1))
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
    // As `%f` in C, Python and Java has it.
    |text| Decimal::of(text)?.fixed(6),
    |text| Decimal::of(text)?.fixed(8),
    |text| Decimal::of(text)?.fixed(10),
    // In countries that have a comma in place of the point.
    |text| Some(text.replacen('.', ",", 1)).filter(|comma| comma != text),
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
