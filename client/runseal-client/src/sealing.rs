//! A period's leaves, in order, as they are stored and published, and their root.

use runseal_merkle::Tree;
use runseal_types::{Digest, Leaf, PeriodContext, SORT_KEY_BYTES};
use std::thread;

/// How many leaves a chunk of a leaf list has; the last chunk has what is left.
///
/// A power of two, so that each chunk's root is a node of the period's tree.
pub const CHUNK_LEAVES: usize = 1_024;

/// A leaf that cannot stand in a period behind the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("leaf {index}, receipt {} of {}, is not larger than the one before", leaf.sequence, leaf.agent)]
pub struct OrderError {
    /// Where it stands.
    pub index: usize,
    /// Which it is.
    pub leaf: Leaf,
}

/// Returns the root of each chunk of a period's leaves, in order. Refuses leaves that do not strictly
/// increase by agent and sequence.
pub fn chunk_roots(context: &PeriodContext, leaves: &[Leaf]) -> Result<Vec<Digest>, OrderError> {
    let place = |leaf: &Leaf| (leaf.agent, leaf.sequence);
    let mut pairs = leaves.iter().zip(leaves.iter().enumerate().skip(1));
    if let Some((_, (index, &leaf))) = pairs.find(|(one, (_, next))| place(one) >= place(next)) {
        return Err(OrderError { index, leaf });
    }
    let mut roots = vec![Digest::ZERO; leaves.len().div_ceil(CHUNK_LEAVES)];
    // Chunks do not depend on each other, so each processor has a share of them.
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = roots.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for (leaves, roots) in leaves.chunks(share * CHUNK_LEAVES).zip(roots.chunks_mut(share)) {
            let chunks = leaves.chunks(CHUNK_LEAVES).zip(roots);
            scope.spawn(|| chunks.for_each(|(leaves, root)| *root = chunk_root(context, leaves)));
        }
    });
    Ok(roots)
}

fn chunk_root(context: &PeriodContext, leaves: &[Leaf]) -> Digest {
    Digest::new(Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(context))).root())
}

/// Writes leaves as a leaf list has them: agent, sequence, digest.
pub fn list_bytes(leaves: &[Leaf]) -> Vec<u8> {
    leaves.iter().flat_map(Leaf::sort_key).collect()
}

/// Returns the root of a period of which these are the chunks' roots, in order.
pub fn root(chunk_roots: impl IntoIterator<Item = Digest>) -> Digest {
    let nodes = chunk_roots.into_iter().map(|root| *root.as_bytes());
    Digest::new(Tree::from_leaf_hashes(nodes).root())
}

/// Reads a part of a leaf list; `None` if it is cut off within a leaf.
pub fn parse_leaves(bytes: &[u8]) -> Option<Vec<Leaf>> {
    let (keys, rest) = bytes.as_chunks::<SORT_KEY_BYTES>();
    rest.is_empty().then(|| keys.iter().map(Leaf::from_sort_key).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use runseal_types::{Address, Period, Sequence};

    fn leaves(count: u64) -> Vec<Leaf> {
        let leaf = |number: u64| Leaf {
            agent: Address::new([7; 32]),
            sequence: Sequence(number),
            digest: Digest::of(&[&number.to_le_bytes()]),
        };
        (0..count).map(leaf).collect()
    }

    fn context() -> PeriodContext {
        PeriodContext::new(&Digest::ZERO, &Address::new([1; 32]), Period(3))
    }

    #[test]
    fn the_root_over_chunks_is_that_of_the_whole_tree() {
        for count in [0, 1, 2, 1_023, 1_024, 1_025, 2_048, 3_000] {
            let leaves = leaves(count);
            let whole = Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(&context())));
            let context = context();
            let roots = chunk_roots(&context, &leaves).unwrap();
            assert_eq!(root(roots).as_bytes(), &whole.root(), "{count} leaves");
        }
    }

    #[test]
    fn a_leaf_list_reads_back_as_it_was() {
        let leaves = leaves(1_500);
        let bytes = list_bytes(&leaves);
        assert_eq!(parse_leaves(&bytes), Some(leaves));
        assert_eq!(parse_leaves(&bytes[1..]), None);
    }

    #[test]
    fn leaves_that_repeat_or_go_back_are_refused() {
        let mut leaves = leaves(3);
        leaves.swap(1, 2);
        assert!(chunk_roots(&context(), &leaves).is_err());
        leaves[2] = leaves[1];
        assert!(chunk_roots(&context(), &leaves).is_err());
        // Another digest at the same place is no way around it.
        leaves[2].digest = Digest::new([0xff; 32]);
        assert!(chunk_roots(&context(), &leaves).is_err());
    }
}
