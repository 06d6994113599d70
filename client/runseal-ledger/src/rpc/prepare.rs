//! How a transaction is made: tried out, limited to what that took, priced, and signed once.

use super::Rpc;
use crate::{refusal::refusal, writable::writable_accounts};
use runseal_client::ledger::{LedgerError, Prepared};
use serde_json::json;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_rpc_client_api::{
    config::RpcSimulateTransactionConfig,
    request::RpcRequest,
    response::{Response, RpcBlockhash},
};
use solana_signer::Signer;
use solana_transaction::Transaction;

/// The most that the runtime allows, for the trial run.
const MAX_COMPUTE_UNITS: u32 = 1_400_000;
const MAX_LOADED_BYTES: u32 = 64 * 1024 * 1024;

/// A transaction that is signed, as it is sent and as what it is.
pub(super) struct Signed {
    pub(super) prepared: Prepared,
    pub(super) blockhash: Hash,
}

/// What a transaction may take, and pay for a compute unit in millionths of a lamport.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) units: u32,
    pub(super) bytes: u32,
    pub(super) price: u64,
}

impl Limits {
    /// As much as a trial run may take.
    pub(super) const MOST: Self =
        Self { units: MAX_COMPUTE_UNITS, bytes: MAX_LOADED_BYTES, price: 0 };
}

/// A block that a transaction names, so that it can land for a while after it.
pub(super) struct Recent {
    pub(super) blockhash: Hash,
    pub(super) last_valid_block_height: u64,
    pub(super) slot: u64,
}

impl Rpc {
    pub(super) async fn sign(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Signed, LedgerError> {
        let payer = signers.first().map(|payer| payer.try_pubkey()).transpose()?;
        let recent = self.recent_block().await?;
        let message = limited(instructions, payer.as_ref(), Limits::MOST);
        let trial = sign(message, signers, recent.blockhash)?;
        let tried = self.try_out(&trial, recent.slot, true).await?;
        let price = self.price(&trial.message, tried.units).await;
        let message = limited(instructions, payer.as_ref(), Limits { price, ..tried });
        let transaction = sign(message, signers, recent.blockhash)?;
        let prepared = Prepared {
            signature: transaction.signatures.first().copied().unwrap_or_default(),
            bytes: to_wire(&transaction)?,
            last_valid_block_height: recent.last_valid_block_height,
        };
        Ok(Signed { prepared, blockhash: recent.blockhash })
    }

    /// Finds a block that every fork of the near future knows.
    pub(super) async fn recent_block(&self) -> Result<Recent, LedgerError> {
        let params = json!([CommitmentConfig::confirmed()]);
        let answer = self.client.send(RpcRequest::GetLatestBlockhash, params).await;
        let answer: Response<RpcBlockhash> = answer.map_err(|error| self.explain(error))?;
        let RpcBlockhash { blockhash, last_valid_block_height } = answer.value;
        let parsed = blockhash.parse();
        let blockhash = parsed.map_err(|_| self.nonsense(format!("{blockhash} is no hash")))?;
        Ok(Recent { blockhash, last_valid_block_height, slot: answer.context.slot })
    }

    /// Runs the transaction without sending it, and returns the limits to send it with. Its signatures
    /// are checked too if there are any yet.
    pub(super) async fn try_out(
        &self,
        trial: &Transaction,
        min_slot: u64,
        is_signed: bool,
    ) -> Result<Limits, LedgerError> {
        let config = RpcSimulateTransactionConfig {
            sig_verify: is_signed,
            commitment: Some(CommitmentConfig::confirmed()),
            // A node that is behind does not know the block that the transaction names.
            min_context_slot: Some(min_slot),
            ..RpcSimulateTransactionConfig::default()
        };
        let outcome = self
            .client
            .simulate_transaction_with_config(trial, config)
            .await
            .map_err(|error| self.explain(error))?
            .value;
        if let Some(error) = outcome.err {
            return Err(refusal(&error.into()).into());
        }
        let used = outcome.units_consumed.and_then(|units| u32::try_from(units).ok());
        Ok(Limits {
            units: with_margin(used, MAX_COMPUTE_UNITS),
            bytes: with_margin(outcome.loaded_accounts_data_size, MAX_LOADED_BYTES),
            price: 0,
        })
    }

    /// Chooses what to pay for a compute unit. Where nobody says what others paid, nothing: the base
    /// fee gets a transaction in wherever there is room, and a fee made up does no better.
    pub(super) async fn price(&self, message: &Message, units: u32) -> u64 {
        let written: Vec<Address> = writable_accounts(message).into_iter().collect();
        let recent = self.client.get_recent_prioritization_fees(&written).await;
        let recent = recent.unwrap_or_default();
        let paid: Vec<u64> = recent.into_iter().map(|slot| slot.prioritization_fee).collect();
        self.options.fees.price(&paid, units)
    }
}

/// The bytes of a transaction as the network takes them.
fn to_wire(transaction: &Transaction) -> Result<Vec<u8>, LedgerError> {
    let bytes = wincode::serialize(transaction);
    bytes.map_err(|error| LedgerError::NoTransaction { reason: error.to_string() })
}

/// Reads a transaction from the bytes that the network takes, and from nothing more or less.
pub(super) fn from_wire(bytes: &[u8]) -> Result<Transaction, LedgerError> {
    let transaction = wincode::deserialize_exact(bytes);
    transaction.map_err(|error: wincode::ReadError| {
        let reason = error.to_string();
        LedgerError::NoTransaction { reason }
    })
}

pub(super) fn limited(
    instructions: &[Instruction],
    payer: Option<&Address>,
    limits: Limits,
) -> Message {
    let mut all = vec![
        ComputeBudgetInstruction::set_compute_unit_limit(limits.units),
        ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(limits.bytes),
    ];
    if limits.price > 0 {
        all.push(ComputeBudgetInstruction::set_compute_unit_price(limits.price));
    }
    all.extend(instructions.iter().cloned());
    Message::new(&all, payer)
}

/// A quarter more than the trial used, for what may change before the transaction runs.
fn with_margin(used: Option<u32>, most: u32) -> u32 {
    used.map_or(most, |used| used.saturating_add(used / 4).saturating_add(1_000).min(most))
}

fn sign(
    message: Message,
    signers: &[&(dyn Signer + Sync)],
    blockhash: Hash,
) -> Result<Transaction, LedgerError> {
    let mut transaction = Transaction::new_unsigned(message);
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| *signer as _).collect();
    transaction.try_sign(&signers, blockhash)?;
    Ok(transaction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_keypair::Keypair;

    fn transaction(limits: Limits) -> Transaction {
        let payer = Keypair::new_from_array([7; 32]);
        let program = Address::from([9; 32]);
        let instruction = Instruction::new_with_bytes(program, &[1, 2, 3], vec![]);
        let message = limited(&[instruction], Some(&payer.pubkey()), limits);
        sign(message, &[&payer], Hash::new_from_array([8; 32])).unwrap()
    }

    const LIMITS: Limits = Limits { units: 1_000, bytes: 2_000, price: 0 };

    /// The layout is Solana's own: counts of seven bits a byte, then what is counted.
    #[test]
    fn the_wire_has_signatures_header_keys_blockhash_and_instructions() {
        let transaction = transaction(LIMITS);
        let message = &transaction.message;
        let mut expected = vec![1];
        expected.extend_from_slice(transaction.signatures[0].as_ref());
        expected.extend_from_slice(&[1, 0, 2, 3]);
        expected.extend(message.account_keys.iter().flat_map(|key| key.to_bytes()));
        expected.extend_from_slice(&[8; 32]);
        expected.push(3);
        for (data, program) in [
            (&[2, 0xe8, 3, 0, 0][..], Address::from_str_const(BUDGET)),
            (&[4, 0xd0, 7, 0, 0][..], Address::from_str_const(BUDGET)),
            (&[1, 2, 3][..], Address::from([9; 32])),
        ] {
            let index = message.account_keys.iter().position(|key| *key == program).unwrap();
            expected.push(u8::try_from(index).unwrap());
            expected.push(0);
            expected.push(u8::try_from(data.len()).unwrap());
            expected.extend_from_slice(data);
        }
        assert_eq!(to_wire(&transaction).unwrap(), expected);
        assert_eq!(from_wire(&expected).unwrap(), transaction);
    }

    const BUDGET: &str = "ComputeBudget111111111111111111111111111111";

    #[test]
    fn a_price_is_named_only_where_there_is_one() {
        let count = |price| transaction(Limits { price, ..LIMITS }).message.instructions.len();
        assert_eq!((count(0), count(1)), (3, 4));
    }

    #[test]
    fn what_is_no_transaction_is_not_sent() {
        let good = to_wire(&transaction(LIMITS)).unwrap();
        let mut longer = good.clone();
        longer.push(0);
        let wrong = [&[][..], &[0xff; 40], &good[..good.len() - 1], &good[1..], &longer];
        for bytes in wrong {
            let error = from_wire(bytes);
            assert!(matches!(error, Err(LedgerError::NoTransaction { .. })), "{}", bytes.len());
        }
    }

    #[test]
    fn limits_leave_room_and_stay_below_what_the_runtime_allows() {
        let cases = [
            (None, 10_000, 10_000),
            (Some(0), 10_000, 1_000),
            (Some(4_000), 10_000, 6_000),
            (Some(9_999), 10_000, 10_000),
            (Some(u32::MAX), MAX_COMPUTE_UNITS, MAX_COMPUTE_UNITS),
        ];
        for (used, most, expected) in cases {
            assert_eq!(with_margin(used, most), expected, "{used:?}");
        }
    }
}
