//! Leaves that were anchored out of order: what a claim of disorder shows.

use crate::{
    proof::Inclusion,
    seal::{MirrorError, Place, SealedPeriod, first_out_of_order, parse_unordered},
};
use runseal_types::Digest;

/// Two neighbours of a period's tree of which the second should not stand behind the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disorder {
    /// The first of the two, with its path.
    pub first: Inclusion,
    /// The one behind it.
    pub second: Inclusion,
}

/// Finds the first two neighbours that are out of order in a list that was anchored just as it is;
/// `None` if it is in order. A list that was not anchored proves nothing, and is an error.
pub fn find_disorder(
    place: Place,
    published: &[u8],
    leaf_count: u64,
    root: Digest,
) -> Result<Option<Disorder>, MirrorError> {
    let leaves = parse_unordered(published)?;
    let wrong = first_out_of_order(&leaves).and_then(|index| usize::try_from(index).ok());
    let anchored = SealedPeriod::build(place, leaves);
    anchored.check_is(leaf_count, root)?;
    let pair = wrong.and_then(|index| {
        let first = anchored.inclusion_at(index.checked_sub(1)?)?;
        Some(Disorder { first, second: anchored.inclusion_at(index)? })
    });
    Ok(pair)
}
