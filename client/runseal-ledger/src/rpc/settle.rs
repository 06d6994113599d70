//! How a transaction is brought to its end: sent again as the same bytes until it landed, or until
//! it never can.

use super::{Rpc, as_config, prepare::Signed};
use crate::refusal::refusal;
use base64::{Engine, prelude::BASE64_STANDARD};
use runseal_client::ledger::{Landed, LedgerError, Prepared};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    custom_error::JSON_RPC_SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
    request::{RpcError, RpcRequest},
};
use solana_signature::Signature;
use solana_transaction_error::TransactionError;
use std::time::{Duration, Instant};

const POLL_EVERY: Duration = Duration::from_millis(300);
const RESEND_EVERY: Duration = Duration::from_secs(2);

/// What an endpoint says became of a transaction, at the commitment that was asked for.
struct Status {
    slot: u64,
    error: Option<TransactionError>,
}

/// Where a transaction stands.
enum Standing {
    /// The endpoint does not know it.
    Absent,
    /// It is on its way.
    Seen,
    /// It reached the commitment that was asked for.
    Settled(Status),
}

/// A transaction that landed, as the endpoint keeps it.
#[derive(Deserialize)]
struct Kept {
    slot: u64,
    /// Its bytes and how they are written.
    transaction: (String, String),
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    err: Value,
}

impl Rpc {
    /// Hands the bytes of a transaction to the endpoint, once.
    pub(super) async fn hand_over(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        let config = json!({
            "encoding": "base64",
            // It was tried out when it was signed; trying again would only read another state.
            "skipPreflight": true,
            "maxRetries": 0,
        });
        let params = json!([BASE64_STANDARD.encode(bytes), config]);
        let sent = self.client.send::<String>(RpcRequest::SendTransaction, params).await;
        sent.map(drop).map_err(|error| self.explain(error))
    }

    /// Sends a transaction until it is known what became of it.
    pub(super) async fn settle(&self, signed: &Signed) -> Result<Landed, LedgerError> {
        let Prepared { signature, bytes, last_valid_block_height } = &signed.prepared;
        let mut sent_at = None::<Instant>;
        let (mut sign_of_life_at, mut height) = (Instant::now(), 0);
        while sign_of_life_at.elapsed() < self.options.patience.silence {
            if sent_at.is_none_or(|at| at.elapsed() >= RESEND_EVERY) {
                // A lost answer is no reason to stop: the next look at the status decides.
                drop(self.hand_over(bytes).await);
                sent_at = Some(Instant::now());
            }
            tokio::time::sleep(POLL_EVERY).await;
            // The tip is read first: if it is past the last block and the transaction is still not
            // there, it can never land.
            let tip = self.tip().await.ok();
            let is_over = tip.is_some_and(|tip| tip.block_height > *last_valid_block_height);
            match self.look(signature, tip.map_or(0, |tip| tip.slot)).await {
                Err(_) => continue,
                Ok(Standing::Settled(status)) => {
                    if let Some(outcome) = self.confirm(signature, bytes, status).await {
                        return outcome;
                    }
                    // It says so and does not show it, which is no sign of life.
                    continue;
                }
                Ok(Standing::Absent) if is_over => {
                    if self.is_gone(signature, &signed.blockhash).await {
                        return Err(LedgerError::Expired { signature: *signature });
                    }
                }
                Ok(Standing::Absent | Standing::Seen) => {}
            }
            // A chain that stands still is as good as silent, and so is one past the end.
            let reached = tip.map_or(0, |tip| tip.block_height);
            if reached > height && !is_over {
                (sign_of_life_at, height) = (Instant::now(), reached);
            }
        }
        Err(LedgerError::Unknown { signature: *signature })
    }

    /// Waits for a transaction that somebody else sent.
    pub(crate) async fn wait_for(&self, signature: Signature) -> Result<Landed, LedgerError> {
        let started = Instant::now();
        while started.elapsed() < self.options.patience.silence {
            if let Ok(Standing::Settled(status)) = self.look(&signature, 0).await {
                return self.outcome(signature, status);
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err(LedgerError::Unknown { signature })
    }

    /// Asks where a transaction stands. A node that has not reached `min_slot` is not heard.
    async fn look(&self, signature: &Signature, min_slot: u64) -> Result<Standing, LedgerError> {
        let answer = self.client.get_signature_statuses(&[*signature]).await;
        let answer = answer.map_err(|error| self.explain(error))?;
        if answer.context.slot < min_slot {
            let ledger = self.client.url();
            return Err(LedgerError::Behind { ledger, expected: min_slot });
        }
        let wanted = as_config(self.options.commitment);
        Ok(match answer.value.into_iter().flatten().next() {
            None => Standing::Absent,
            Some(status) if status.satisfies_commitment(wanted) => {
                Standing::Settled(Status { slot: status.slot, error: status.err })
            }
            Some(_) => Standing::Seen,
        })
    }

    /// Believes a status when the endpoint shows the very transaction that was sent, with the same
    /// outcome; `None` if it does not. One that keeps no transactions is believed without.
    async fn confirm(
        &self,
        signature: &Signature,
        bytes: &[u8],
        status: Status,
    ) -> Option<Result<Landed, LedgerError>> {
        let config = json!({
            "encoding": "base64",
            "commitment": as_config(self.options.commitment).commitment,
            "maxSupportedTransactionVersion": 0,
        });
        let params = json!([signature.to_string(), config]);
        let kept = self.client.send(RpcRequest::GetTransaction, params).await;
        let kept: Kept = match kept {
            Err(error) if keeps_no_history(&error) => {
                return Some(self.outcome(*signature, status));
            }
            found => found.ok().flatten()?,
        };
        let (text, _) = kept.transaction;
        let is_ours = BASE64_STANDARD.decode(text).is_ok_and(|kept| kept == bytes);
        let failed = kept.meta.is_some_and(|meta| !meta.err.is_null());
        let agrees = is_ours && failed == status.error.is_some() && kept.slot == status.slot;
        agrees.then(|| self.outcome(*signature, status))
    }

    fn outcome(&self, signature: Signature, status: Status) -> Result<Landed, LedgerError> {
        let Status { slot, error } = status;
        match error {
            Some(error) => Err(refusal(&error).into()),
            None => Ok(Landed { signature, slot, commitment: self.options.commitment }),
        }
    }

    /// Says whether a transaction that names `blockhash` and is not to be seen can never land: the
    /// finalized chain takes the hash no longer, and nothing older knows the transaction either.
    async fn is_gone(&self, signature: &Signature, blockhash: &Hash) -> bool {
        let finalized = CommitmentConfig::finalized();
        let usable = self.client.is_blockhash_valid(blockhash, finalized).await;
        if !matches!(usable, Ok(false)) {
            return false;
        }
        match self.client.get_signature_statuses_with_history(&[*signature]).await {
            Ok(answer) => answer.value.into_iter().flatten().next().is_none(),
            // Then what it remembers without has to do: that is twice as long as a hash can be used.
            Err(error) => keeps_no_history(&error),
        }
    }
}

fn keeps_no_history(error: &ClientError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::RpcError(RpcError::RpcResponseError {
            code: JSON_RPC_SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
            ..
        })
    )
}
