//! The fields of a FIX logon: which of them may have been hashed, and with which separators.

use alloc::{string::ToString, vec, vec::Vec};

use super::{
    body::{FIX, Field, Fields},
    variants::Context,
};

/// The tags that are signed.
const SIGNED: &[&str] = &["35", "34", "49", "56", "553"];

/// The maximum number of other fields of which all combinations are tried.
const MOST_OTHERS: usize = 7;

/// Adds other fields of the logon than those that are signed: all of them, or, as a guess, every combination in the order in which they
/// were sent, and the signed fields with another one among them or with another sequence number.
pub(super) fn other_fields(context: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(logon) = context.clues.logon.filter(|_| body.contains(&1)).and_then(Fields::of) else { return };
    let Some(signed) = Fields::of(body) else { return };
    let without =
        |tags: &[&str]| -> Vec<&Field<'_>> { logon.all.iter().filter(|field| !tags.contains(&&*field.name)).collect() };
    let all = without(&["10", "5025"]);
    add(logon.print_only(without(&["10"])));
    add(logon.print_only(without(&["8", "9", "10", "5025"])));
    let is_signed = |field: &&Field<'_>| SIGNED.contains(&&*field.name);
    for (at, field) in signed.all.iter().enumerate().filter(|(_, field)| field.name == "34") {
        let number: u64 = field.text().parse().unwrap_or_default();
        for other in [0, 1, 2, number.saturating_sub(1), number.saturating_add(1)] {
            let changed = field.with_text(&other.to_string());
            let (before, after) = signed.all.split_at_checked(at).unwrap_or_default();
            add(signed.print_only(before.iter().chain([&changed]).chain(after.iter().skip(1)).collect::<Vec<_>>()));
        }
    }
    if context.guesses {
        for other in all.iter().copied().filter(|field| !is_signed(field)) {
            for at in 0..=signed.all.len() {
                let mut fields: Vec<_> = signed.all.iter().collect();
                fields.insert(at, other);
                add(signed.print_only(fields));
            }
        }
        let (known, others): (Vec<_>, Vec<_>) = all.iter().copied().partition(is_signed);
        let few = all
            .iter()
            .filter(|field| known.iter().chain(others.iter().take(MOST_OTHERS)).any(|one| one.name == field.name));
        let mut combinations: Vec<Vec<&Field<'_>>> = vec![vec![]];
        for field in few {
            let mut longer = combinations.clone();
            for fields in &mut longer {
                fields.push(field);
            }
            combinations.append(&mut longer);
        }
        combinations.into_iter().filter(|fields| fields.len() > 1).for_each(|fields| add(logon.print_only(fields)));
    }
    add(logon.print_only(all));
}

/// Adds the fields of FIX with other separators, and without the last one.
pub(super) fn separators(text: &str, add: &mut dyn FnMut(Vec<u8>)) {
    for text in [text, text.trim_end_matches(FIX)] {
        for separator in ["\u{1}", "|", "", "^A", "&", ";", " ", ",", "\n", "\\x01", "\\u0001", "\\001", "<SOH>", "\0"]
        {
            add(text.replace(FIX, separator).into());
        }
    }
    add([text, "\u{1}"].concat().into());
}
