//! A period's leaves, in order, as they are stored and published, and their root.

use runseal_merkle::Tree;
use runseal_types::{Digest, Leaf, PeriodContext, SORT_KEY_BYTES};

/// How many leaves a chunk of a leaf list has; the last chunk has what is left.
///
/// A power of two, so that each chunk's root is a node of the period's tree.
pub const CHUNK_LEAVES: usize = 1_024;

/// A part of a period's leaf list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Seventy-two bytes a leaf: agent, sequence, digest.
    pub bytes: Vec<u8>,
    /// The root of these leaves alone.
    pub root: Digest,
}

/// A leaf that cannot stand in a period behind the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("leaf {index}, receipt {} of {}, is not larger than the one before", leaf.sequence, leaf.agent)]
pub struct OrderError {
    /// Where it stands.
    pub index: usize,
    /// Which it is.
    pub leaf: Leaf,
}

/// Puts a period's leaves into chunks. Refuses what is not strictly increasing by agent and sequence.
pub fn chunks(
    context: &PeriodContext,
    leaves: &[Leaf],
) -> Result<impl Iterator<Item = Chunk>, OrderError> {
    let place = |leaf: &Leaf| (leaf.agent, leaf.sequence);
    let mut pairs = leaves.iter().zip(leaves.iter().enumerate().skip(1));
    if let Some((_, (index, &leaf))) = pairs.find(|(one, (_, next))| place(one) >= place(next)) {
        return Err(OrderError { index, leaf });
    }
    let context = *context;
    Ok(leaves.chunks(CHUNK_LEAVES).map(move |leaves| chunk(&context, leaves)))
}

fn chunk(context: &PeriodContext, leaves: &[Leaf]) -> Chunk {
    Chunk {
        bytes: leaves.iter().flat_map(Leaf::sort_key).collect(),
        root: Digest::new(
            Tree::from_leaves(leaves.iter().map(|leaf| leaf.to_bytes(context))).root(),
        ),
    }
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
            let roots = chunks(&context, &leaves).unwrap().map(|chunk| chunk.root);
            assert_eq!(root(roots).as_bytes(), &whole.root(), "{count} leaves");
        }
    }

    #[test]
    fn a_leaf_list_reads_back_as_it_was() {
        let leaves = leaves(1_500);
        let context = context();
        let bytes: Vec<u8> =
            chunks(&context, &leaves).unwrap().flat_map(|chunk| chunk.bytes).collect();
        assert_eq!(parse_leaves(&bytes), Some(leaves));
        assert_eq!(parse_leaves(&bytes[1..]), None);
    }

    #[test]
    fn leaves_that_repeat_or_go_back_are_refused() {
        let mut leaves = leaves(3);
        leaves.swap(1, 2);
        assert!(chunks(&context(), &leaves).is_err());
        leaves[2] = leaves[1];
        assert!(chunks(&context(), &leaves).is_err());
        // Another digest at the same place is no way around it.
        leaves[2].digest = Digest::new([0xff; 32]);
        assert!(chunks(&context(), &leaves).is_err());
    }
}
