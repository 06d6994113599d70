use crate::{Address, Digest, PeriodContext, Sequence};

/// How many bytes of a leaf are hashed: context, agent, sequence, digest.
pub const LEAF_BYTES: usize = 104;

/// How many bytes a leaf has behind its period's context.
pub const SORT_KEY_BYTES: usize = 72;

/// A receipt's place in its period's tree.
///
/// Leaves are ordered as their bytes are: by agent, then sequence, then digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Leaf {
    /// The agent's account.
    pub agent: Address,
    /// The receipt's number among the agent's.
    pub sequence: Sequence,
    /// The receipt's digest.
    pub digest: Digest,
}

impl Leaf {
    /// Returns the bytes behind the context: agent, sequence (big-endian), digest.
    ///
    /// Their first forty, agent and sequence, are what no two leaves of a period may share.
    #[must_use]
    pub fn sort_key(&self) -> [u8; SORT_KEY_BYTES] {
        let sequence = self.sequence.0.to_be_bytes();
        joined([self.agent.as_bytes(), &sequence, self.digest.as_bytes()])
    }

    /// Returns the bytes whose RFC 9162 leaf hash stands in the tree.
    #[must_use]
    pub fn to_bytes(&self, context: &PeriodContext) -> [u8; LEAF_BYTES] {
        joined([context.as_bytes(), &self.sort_key()])
    }

    /// Parses the bytes that a log publishes of a leaf.
    #[must_use]
    pub fn from_sort_key(bytes: &[u8; SORT_KEY_BYTES]) -> Self {
        let (agent, rest) = split(bytes);
        let (sequence, rest) = split(rest);
        let (digest, _) = split(rest);
        Self {
            agent: Address::new(agent),
            sequence: Sequence(u64::from_be_bytes(sequence)),
            digest: Digest::new(digest),
        }
    }
}

/// Puts parts one behind the other; `N` is the sum of their sizes.
pub(crate) fn joined<const N: usize, const P: usize>(parts: [&[u8]; P]) -> [u8; N] {
    let mut bytes = [0; N];
    let from = parts.into_iter().flatten();
    bytes.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    bytes
}

/// Cuts the first `N` bytes off; there are as many.
fn split<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    bytes.split_first_chunk().map_or(([0; N], bytes), |(first, rest)| (*first, rest))
}
