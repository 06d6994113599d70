//! Steps that are right but for one thing that no instruction may let pass.

use super::{Life, Step};
use solana_instruction::AccountMeta;

impl Life {
    /// Now and then takes a signature, a permission to write or a byte away.
    pub(super) fn perhaps_spoil(&mut self, mut step: Step) -> Step {
        if self.random.chance(92) {
            return step;
        }
        let owner = solana_signer::Signer::pubkey(&self.chain.owner);
        let choice = self.random.below(3);
        let Some(last) = step.instructions.last_mut() else { return step };
        let all = last.accounts.clone();
        let picked = |wanted: fn(&AccountMeta) -> bool, random: u64| {
            let metas: Vec<_> = all.iter().filter(|meta| wanted(meta)).collect();
            let index = usize::try_from(random).unwrap() % metas.len().max(1);
            metas.get(index).map(|meta| meta.pubkey).filter(|key| *key != owner)
        };
        let random = self.random.below(1 << 32);
        match choice {
            0 => {
                let Some(key) = picked(|meta| meta.is_signer, random) else { return step };
                let same = last.accounts.iter_mut().filter(|meta| meta.pubkey == key);
                same.for_each(|meta| meta.is_signer = false);
                step.signers.retain(|signer| *signer != key);
                step.name = "a step without a signature";
            }
            1 => {
                let Some(key) = picked(|meta| meta.is_writable, random) else { return step };
                let same = last.accounts.iter_mut().filter(|meta| meta.pubkey == key);
                same.for_each(|meta| meta.is_writable = false);
                step.name = "a step that may not write";
            }
            _ => {
                last.data.pop();
                step.name = "a step with a byte too few";
            }
        }
        step.legal = false;
        step
    }
}
