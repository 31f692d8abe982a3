//! The variants of a stage: the values that mistakes can make of its input.

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec, vec::Vec};

use super::{Api, mistakes::Mistake, search::MOST, set::Set, work::Work};

/// A value of a stage, and the mistakes that produce it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variant<T> {
    pub(super) value: T,
    pub(super) mistakes: Set,
}

/// A mistake, and the function that applies it to a value. It produces any number of values, or none if it does not apply.
pub(super) struct Rule(pub(super) Mistake, pub(super) Apply);

/// Passes every value that the mistake produces to the last argument.
type Apply = fn(&Context<'_>, &[u8], &mut dyn FnMut(Vec<u8>));

/// What rules know in addition to the value.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: Api,
    pub(super) clues: Clues<'a>,
    pub(super) body: &'a [u8],
    /// Whether less common values are wanted: all but in combinations of three, which would take too long.
    pub(super) rare: bool,
    /// Whether values are wanted that are mere guesses: only if there is no other mistake.
    pub(super) guesses: bool,
    /// The work that is left.
    pub(super) work: &'a Work,
}

/// What is known about a request besides its parts.
#[derive(Clone, Copy, Default)]
pub(super) struct Clues<'a> {
    /// The nonces of the request: the given ones, and those in the bodies.
    pub(super) nonces: &'a [String],
    /// The two-factor code.
    pub(super) otp: Option<&'a str>,
    /// What the URL of a proxy has before the path.
    pub(super) prefix: &'a str,
    /// The fields of a FIX logon as it was sent, of which the body has those that are signed.
    pub(super) logon: Option<&'a [u8]>,
}

/// The maximum total size of variants in bytes, which limits the memory for large bodies.
const MOST_BYTES: usize = 16 << 20;

/// The maximum total size of what combinations make, which limits the time for large bodies. Most bodies need less.
const MOST_MADE: usize = 4 << 20;

/// The number of places where something is tried among many parameters, at each end.
pub(super) const MOST_PLACES: usize = 20;

/// The work of a rule: it reads the value a few times.
const READS: usize = 2;

/// Returns everything that up to `most` rules make of a value. Rules apply in order, at most one of each group. Each result occurs
/// once, with the fewest mistakes. The first result is the value itself.
pub(super) fn closure(context: &Context<'_>, value: &[u8], groups: &[&[Rule]], most: u32) -> Vec<Variant<Vec<u8>>> {
    let context = &Context { rare: most < MOST, guesses: most == 1, ..*context };
    let work = context.work;
    // The other half is for the hashes.
    let half = work.half();
    let mut known = BTreeSet::from([value.to_owned()]);
    let mut all = vec![Variant { value: value.to_owned(), mistakes: Set::NONE }];
    // The groups that may still follow each variant.
    let mut following = vec![groups];
    let mut start = 0;
    let mut bytes = value.len();
    for _ in 0..most {
        let mut next = Vec::new();
        // All that single mistakes make is wanted.
        let mut left = if start == 0 { MOST_BYTES } else { MOST_MADE };
        let variants = all.iter().zip(&following).skip(start);
        let mut steps: Vec<_> = variants.flat_map(|(variant, groups)| steps(variant, groups, most)).collect();
        // The likeliest first, because there may not be enough work for all.
        steps.sort_by_key(|step| step.rarity);
        for Step { value, apply, mistakes, after, .. } in steps {
            if left == 0 || !work.take_above(half, value.len().saturating_mul(READS)) {
                work.note();
                break;
            }
            // What a likelier combination of fewer mistakes makes is left out at once.
            apply(context, value, &mut |made| {
                left = left.saturating_sub(made.len());
                work.take(made.len());
                if left > 0 && !known.contains(&made) {
                    next.push((made, mistakes, after));
                }
            });
        }
        // Keeps the likeliest of those with the same result.
        next.sort_by_cached_key(|(_, mistakes, _)| mistakes.rarity());
        start = all.len();
        for (value, mistakes, after) in next {
            if !known.insert(value.clone()) {
                continue;
            }
            bytes = bytes.saturating_add(value.len());
            if bytes > MOST_BYTES {
                work.note();
                return all;
            }
            all.push(Variant { value, mistakes });
            following.push(after);
        }
    }
    all
}

/// A rule that applies to a variant.
struct Step<'r, 'v> {
    value: &'v [u8],
    apply: Apply,
    /// The mistakes of both.
    mistakes: Set,
    rarity: u32,
    /// The groups that may follow.
    after: &'r [&'r [Rule]],
}

/// Returns the steps from a variant to those that rules make of it.
fn steps<'r, 'v>(variant: &'v Variant<Vec<u8>>, groups: &'r [&'r [Rule]], most: u32) -> Vec<Step<'r, 'v>> {
    let mut steps = Vec::with_capacity(64);
    let mut rest = groups;
    while let [group, after @ ..] = rest {
        rest = after;
        for Rule(mistake, apply) in *group {
            let mistakes = variant.mistakes.and(Set::of(&[*mistake]));
            if mistakes.within(most) && mistakes.is_searched() {
                let rarity = mistakes.rarity().0;
                steps.push(Step { value: &variant.value, apply: *apply, mistakes, rarity, after });
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn all_single_mistakes_of_a_long_body_are_made_and_only_some_combinations() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        const ONE: Rule = Rule(Mistake::ParametersAdded, |_, body, add| {
            (0..200_u8).for_each(|byte| add([body, &[byte]].concat()));
        });
        const OTHER: Rule = Rule(Mistake::TrailingNewline, |_, body, add| {
            CALLS.fetch_add(1, Ordering::Relaxed);
            (0..200_u8).for_each(|byte| add([&[byte], body].concat()));
        });
        let body = [0; 1000];
        let work = Work::new(usize::MAX);
        let clues = Clues::default();
        let context = Context { api: Api::Spot, clues, body: &body, rare: true, guesses: false, work: &work };
        let made = closure(&context, &body, &[&[ONE], &[OTHER]], 2);
        let singles = made.iter().filter(|variant| variant.mistakes.len() == 1).count();
        // The body is all zeros, so that both make the same of it once.
        assert_eq!(singles, 399);
        let calls = CALLS.load(Ordering::Relaxed);
        assert!(calls < 30, "{calls}");
    }
}
