use crate::constants::PROMISE_DOMAIN;
use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

/// What a receipt is in its period's tree, without the period's context: 72 bytes.
#[repr(C)]
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite,
)]
pub struct Leaf {
    /// The agent's account.
    pub agent: [u8; 32],
    /// The receipt's number among the agent's, big-endian: so the order of bytes is that of numbers.
    pub sequence: [u8; 8],
    /// The receipt's digest.
    pub digest: [u8; 32],
}

impl Leaf {
    /// Returns the leaf's hash in the period with this context.
    pub fn hash(&self, context: &[u8; 32]) -> [u8; 32] {
        runseal_merkle::leaf_hash(&[context, bytemuck::bytes_of(self)])
    }

    /// Returns what leaves are sorted by.
    pub fn sort_key(&self) -> (&[u8; 32], u64) {
        (&self.agent, u64::from_be_bytes(self.sequence))
    }
}

/// What a log promises with its signature: 130 bytes behind each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The context of the period.
    pub context: [u8; 32],
    /// The period that the receipt will be in.
    pub period: u64,
    /// The agent's account.
    pub agent: [u8; 32],
    /// The receipt's number among the agent's.
    pub sequence: u64,
    /// The receipt's digest.
    pub digest: [u8; 32],
}

impl Promise {
    /// How long the signed message is.
    pub const MESSAGE_BYTES: usize = PROMISE_DOMAIN.len() + 32 + 8 + 32 + 8 + 32;

    /// Says whether `message` is what is signed for this promise.
    pub fn is_said_by(&self, message: &[u8]) -> bool {
        let numbers = [self.period.to_le_bytes(), self.sequence.to_le_bytes()];
        let mut rest = message;
        for part in self.parts(&numbers) {
            match rest.strip_prefix(part) {
                Some(behind) => rest = behind,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// Returns the message that is signed.
    pub fn message(&self) -> [u8; Self::MESSAGE_BYTES] {
        let numbers = [self.period.to_le_bytes(), self.sequence.to_le_bytes()];
        let mut message = [0; Self::MESSAGE_BYTES];
        let bytes = self.parts(&numbers).into_iter().flatten();
        message.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        message
    }

    /// The message in its order; the numbers are those of the period and of the receipt.
    fn parts<'a>(&'a self, [period, sequence]: &'a [[u8; 8]; 2]) -> [&'a [u8]; 6] {
        [PROMISE_DOMAIN, &self.context, period, &self.agent, sequence, &self.digest]
    }
}
