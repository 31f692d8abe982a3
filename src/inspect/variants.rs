//! What each stage can make of its input, and by which mistakes.

use alloc::{borrow::ToOwned, collections::BTreeSet, vec, vec::Vec};

use super::{
    Api,
    mistakes::{Mistake, Set},
};

/// A value of a stage, and the mistakes that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variant<T> {
    pub(super) value: T,
    pub(super) mistakes: Set,
}

/// What a mistake can make of a value: any number of things, nothing where it does not apply.
pub(super) struct Rule(pub(super) Mistake, pub(super) Apply);

/// Gives everything that is made of a value to the last argument.
type Apply = fn(&Context<'_>, &[u8], &mut dyn FnMut(Vec<u8>));

/// What rules know besides the value.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: Api,
    /// The nonce that the author of the request believes in.
    pub(super) nonce: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// At most this many bytes of variants are kept, so that large bodies end in time.
const MOST_BYTES: usize = 1 << 20;

/// Everything that up to `most` rules, applied in their order and at most one of each group, make of a value: the fewest
/// mistakes for each result, and nothing twice. The first is the value itself.
pub(super) fn closure(context: &Context<'_>, value: &[u8], groups: &[&[Rule]], most: u32) -> Vec<Variant<Vec<u8>>> {
    let mut known = BTreeSet::from([value.to_owned()]);
    let mut all = vec![Variant { value: value.to_owned(), mistakes: Set::NONE }];
    // Those of the level before, each with the groups that may still follow.
    let mut last = vec![(value.to_owned(), Set::NONE, groups)];
    let mut bytes = value.len();
    for _ in 0..most {
        let mut next = Vec::new();
        for (value, mistakes, groups) in &last {
            let mut rest = *groups;
            while let [group, after @ ..] = rest {
                rest = after;
                for Rule(mistake, apply) in *group {
                    let mistakes = mistakes.and(Set::of(&[*mistake]));
                    apply(context, value, &mut |made| next.push((made, mistakes, after)));
                }
            }
        }
        // Of those with the same result, the likeliest.
        next.sort_by_key(|(_, mistakes, _)| mistakes.rarity());
        next.retain(|(value, ..)| known.insert(value.clone()));
        for (value, mistakes, _) in &next {
            bytes = bytes.saturating_add(value.len());
            if bytes > MOST_BYTES {
                return all;
            }
            all.push(Variant { value: value.clone(), mistakes: *mistakes });
        }
        last = next;
    }
    all
}
