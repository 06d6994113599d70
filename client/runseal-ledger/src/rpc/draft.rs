//! Transactions that somebody else signs: tried out, limited and priced like those that are signed here.

use super::{
    Rpc,
    prepare::{Limits, limited},
};
use runseal_client::ledger::LedgerError;
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_transaction::Transaction;

/// A transaction that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What is to be signed, byte for byte.
    pub message: Vec<u8>,
    /// The block that it names.
    pub blockhash: Hash,
    /// The last block that can take it in.
    pub last_valid_block_height: u64,
}

impl Rpc {
    /// Makes a transaction that `payer` pays for. It is tried out first, so what the chain would refuse
    /// is refused here; nothing is signed and nothing is sent.
    pub async fn draft(
        &self,
        instructions: &[Instruction],
        payer: &Address,
    ) -> Result<Draft, LedgerError> {
        let recent = self.recent_block().await?;
        let unsigned = |limits| {
            let mut message = limited(instructions, Some(payer), limits);
            message.recent_blockhash = recent.blockhash;
            Transaction::new_unsigned(message)
        };
        let trial = unsigned(Limits::MOST);
        let tried = self.try_out(&trial, recent.slot, false).await?;
        let price = self.price(&trial.message, tried.units).await;
        Ok(Draft {
            message: to_be_signed(&unsigned(Limits { price, ..tried }).message)?,
            blockhash: recent.blockhash,
            last_valid_block_height: recent.last_valid_block_height,
        })
    }
}

fn to_be_signed(message: &Message) -> Result<Vec<u8>, LedgerError> {
    let bytes = wincode::serialize(message);
    bytes.map_err(|error| LedgerError::NoTransaction { reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_keypair::Keypair;
    use solana_signer::Signer;

    #[test]
    fn what_is_to_be_signed_is_what_signatures_are_of() {
        let payer = Keypair::new_from_array([7; 32]);
        let instruction = Instruction::new_with_bytes(Address::from([9; 32]), &[1, 2, 3], vec![]);
        let mut message = limited(&[instruction], Some(&payer.pubkey()), Limits::MOST);
        message.recent_blockhash = Hash::new_from_array([8; 32]);
        let bytes = to_be_signed(&message).unwrap();
        let mut transaction = Transaction::new_unsigned(message);
        transaction.sign(&[&payer], Hash::new_from_array([8; 32]));
        assert_eq!(payer.sign_message(&bytes), transaction.signatures[0]);
    }
}
