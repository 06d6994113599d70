//! How a transaction gets onto a cluster: tried out, limited, signed once, and sent again as the
//! same bytes until it lands or its blockhash can no longer be used.

use super::Rpc;
use crate::refusal::refusal;
use runseal_client::ledger::{Commitment, Landed, LedgerError};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::Message;
use solana_rpc_client_api::config::{RpcSendTransactionConfig, RpcSimulateTransactionConfig};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::Transaction;
use std::time::{Duration, Instant};

const POLL_EVERY: Duration = Duration::from_millis(300);
const RESEND_EVERY: Duration = Duration::from_secs(2);
/// An endpoint that stopped answering is given up on after this long.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// The most that the runtime allows, for the trial run.
const MAX_COMPUTE_UNITS: u32 = 1_400_000;
const MAX_LOADED_BYTES: u32 = 64 * 1024 * 1024;

impl Rpc {
    pub(super) async fn simulate_sign_send_wait(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        let (transaction, last_height) = self.sign(instructions, signers).await?;
        self.send_until_settled(&transaction, last_height).await
    }

    /// Tries a transaction out, limits it to what that took, and signs it.
    pub(super) async fn sign(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<(Transaction, u64), LedgerError> {
        let payer = signers.first().map(|payer| payer.try_pubkey()).transpose()?;
        // The blockhash must be one that every fork of the near future knows.
        let (blockhash, last_height) = self
            .client
            .get_latest_blockhash_with_commitment(CommitmentConfig::confirmed())
            .await
            .map_err(|error| self.explain(error))?;
        let trial = limited(instructions, MAX_COMPUTE_UNITS, MAX_LOADED_BYTES);
        let trial = sign(&trial, payer.as_ref(), signers, blockhash)?;
        let (units, bytes) = self.try_out(&trial).await?;
        let transaction = limited(instructions, units, bytes);
        Ok((sign(&transaction, payer.as_ref(), signers, blockhash)?, last_height))
    }

    /// Hands a transaction to the endpoint, once.
    pub(super) async fn send_once(&self, transaction: &Transaction) -> Result<(), LedgerError> {
        let config = RpcSendTransactionConfig {
            // It was tried out a moment ago; trying again would only read an older state.
            skip_preflight: true,
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        let sent = self.client.send_transaction_with_config(transaction, config).await;
        sent.map(drop).map_err(|error| self.explain(error))
    }

    /// Runs the transaction without sending it, and returns the limits to send it with.
    async fn try_out(&self, trial: &Transaction) -> Result<(u32, u32), LedgerError> {
        let config = RpcSimulateTransactionConfig {
            sig_verify: true,
            commitment: Some(CommitmentConfig::confirmed()),
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
        Ok((
            with_margin(used, MAX_COMPUTE_UNITS),
            with_margin(outcome.loaded_accounts_data_size, MAX_LOADED_BYTES),
        ))
    }

    async fn send_until_settled(
        &self,
        transaction: &Transaction,
        last_height: u64,
    ) -> Result<Landed, LedgerError> {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let mut sent_at = None::<Instant>;
        let mut heard_at = Instant::now();
        loop {
            if sent_at.is_none_or(|at| at.elapsed() >= RESEND_EVERY) {
                // A lost answer is no reason to stop: the next look at the status decides.
                drop(self.send_once(transaction).await);
                sent_at = Some(Instant::now());
            }
            tokio::time::sleep(POLL_EVERY).await;
            // The height is read first: if it is past the last one and the transaction is still
            // not there, it can never land.
            let height = self.client.get_block_height().await;
            match self.look(signature).await {
                Ok(Some(landed)) => return landed,
                Ok(None) if height.as_ref().is_ok_and(|height| *height > last_height) => {
                    return Err(LedgerError::Expired { signature });
                }
                Ok(None) => heard_at = Instant::now(),
                Err(_) if heard_at.elapsed() < SILENCE_LIMIT => {}
                Err(_) => return Err(LedgerError::Unknown { signature }),
            }
        }
    }

    /// Waits for a transaction that somebody else sent.
    pub(super) async fn wait_for(&self, signature: Signature) -> Result<Landed, LedgerError> {
        let started = Instant::now();
        while started.elapsed() < SILENCE_LIMIT {
            if let Ok(Some(landed)) = self.look(signature).await {
                return landed;
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err(LedgerError::Unknown { signature })
    }

    /// Returns what became of a transaction; `None` while it has not reached the commitment that
    /// this client waits for.
    async fn look(
        &self,
        signature: Signature,
    ) -> Result<Option<Result<Landed, LedgerError>>, LedgerError> {
        let statuses = self
            .client
            .get_signature_statuses(&[signature])
            .await
            .map_err(|error| self.explain(error))?
            .value;
        let wanted = self.client.commitment();
        let settled =
            statuses.into_iter().flatten().find(|status| status.satisfies_commitment(wanted));
        Ok(settled.map(|status| match status.err {
            Some(error) => Err(refusal(&error).into()),
            None => Ok(Landed { signature, slot: status.slot, commitment: commitment(wanted) }),
        }))
    }
}

fn commitment(config: CommitmentConfig) -> Commitment {
    if config.is_finalized() { Commitment::Finalized } else { Commitment::Confirmed }
}

fn limited(instructions: &[Instruction], units: u32, bytes: u32) -> Vec<Instruction> {
    let limits = [
        ComputeBudgetInstruction::set_compute_unit_limit(units),
        ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(bytes),
    ];
    limits.into_iter().chain(instructions.iter().cloned()).collect()
}

/// A quarter more than the trial used, for what may change before the transaction runs.
fn with_margin(used: Option<u32>, most: u32) -> u32 {
    used.map_or(most, |used| used.saturating_add(used / 4).saturating_add(1_000).min(most))
}

fn sign(
    instructions: &[Instruction],
    payer: Option<&Address>,
    signers: &[&(dyn Signer + Sync)],
    blockhash: Hash,
) -> Result<Transaction, LedgerError> {
    let mut transaction = Transaction::new_unsigned(Message::new(instructions, payer));
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| *signer as _).collect();
    transaction.try_sign(&signers, blockhash)?;
    Ok(transaction)
}
