//! What an endpoint says that accounts hold.

use super::Rpc;
use runseal_client::ledger::{LedgerError, RawAccount};
use serde_json::json;
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    custom_error::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
    filter::{Memcmp, RpcFilterType},
    request::{RpcError, RpcRequest},
    response::{Response, RpcKeyedAccount},
};
use std::collections::BTreeMap;

/// What is asked about accounts.
#[derive(Clone, Copy)]
pub(crate) enum Question<'a> {
    /// These, up to [`MOST_IN_SNAPSHOT`](runseal_client::ledger::MOST_IN_SNAPSHOT).
    At(&'a [Address]),
    /// All of a program's whose data begin so.
    Owned { owner: &'a Address, prefix: &'a [u8] },
}

/// What an endpoint said, all of one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The slot.
    pub(crate) slot: u64,
    /// The accounts that there are.
    pub(crate) accounts: BTreeMap<Address, RawAccount>,
}

impl Reading {
    /// Returns the accounts at these addresses, in their order.
    pub(crate) fn in_order(&self, addresses: &[Address]) -> Vec<Option<RawAccount>> {
        addresses.iter().map(|address| self.accounts.get(address).cloned()).collect()
    }
}

/// How far the finalized chain of an endpoint reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) slot: u64,
    pub(crate) block_height: u64,
}

impl Rpc {
    /// Asks how far the finalized chain reaches.
    pub(crate) async fn tip(&self) -> Result<Tip, LedgerError> {
        let finalized = CommitmentConfig::finalized();
        let epoch = self.client.get_epoch_info_with_commitment(finalized).await;
        let epoch = epoch.map_err(|error| self.explain(error))?;
        let tip = Tip { slot: epoch.absolute_slot, block_height: epoch.block_height };
        // Each block has a slot of its own, so there are never more blocks than slots.
        if tip.block_height > tip.slot {
            let said = format!("it counts {} blocks in {} slots", tip.block_height, tip.slot);
            return Err(self.nonsense(said));
        }
        Ok(tip)
    }

    /// Asks about accounts as of a slot that is not before `min_slot`.
    pub(crate) async fn ask(
        &self,
        question: Question<'_>,
        commitment: CommitmentConfig,
        min_slot: Option<u64>,
    ) -> Result<Reading, LedgerError> {
        let answer = match question {
            Question::At(addresses) => self.ask_at(addresses, commitment, min_slot).await,
            Question::Owned { owner, prefix } => {
                self.ask_owned(owner, prefix, commitment, min_slot).await
            }
        }?;
        match min_slot.filter(|expected| answer.slot < *expected) {
            Some(expected) => Err(LedgerError::Behind { ledger: self.client.url(), expected }),
            None => Ok(answer),
        }
    }

    async fn ask_at(
        &self,
        addresses: &[Address],
        commitment: CommitmentConfig,
        min_slot: Option<u64>,
    ) -> Result<Reading, LedgerError> {
        let config = as_of(commitment, min_slot, UiAccountEncoding::Base64);
        let answer = self.client.get_multiple_ui_accounts_with_config(addresses, config).await;
        let answer = answer.map_err(|error| self.explain_read(error, min_slot))?;
        let (asked, found) = (addresses.len(), answer.value.len());
        if asked != found {
            let said = format!("it answers with {found} accounts where {asked} were asked for");
            return Err(self.nonsense(said));
        }
        let found = addresses.iter().zip(answer.value);
        let found = found.filter_map(|(address, account)| Some((*address, account?)));
        let accounts = found.map(|(address, account)| self.decode(address, &account));
        Ok(Reading { slot: answer.context.slot, accounts: accounts.collect::<Result<_, _>>()? })
    }

    async fn ask_owned(
        &self,
        owner: &Address,
        prefix: &[u8],
        commitment: CommitmentConfig,
        min_slot: Option<u64>,
    ) -> Result<Reading, LedgerError> {
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![RpcFilterType::Memcmp(Memcmp::new_raw_bytes(0, prefix.to_vec()))]),
            account_config: as_of(commitment, min_slot, UiAccountEncoding::Base64Zstd),
            with_context: Some(true),
            sort_results: None,
        };
        let params = json!([owner.to_string(), config]);
        let answer = self.client.send(RpcRequest::GetProgramAccounts, params).await;
        let answer: Response<Vec<RpcKeyedAccount>> =
            answer.map_err(|error| self.explain_read(error, min_slot))?;
        let mut accounts = BTreeMap::new();
        for RpcKeyedAccount { pubkey, account } in &answer.value {
            let address = pubkey.parse();
            let address = address.map_err(|_| self.nonsense(format!("{pubkey} is no address")))?;
            let (address, account) = self.decode(address, account)?;
            if account.owner != *owner || !account.data.starts_with(prefix) {
                return Err(self.nonsense(format!("nobody asked for account {address}")));
            }
            accounts.insert(address, account);
        }
        Ok(Reading { slot: answer.context.slot, accounts })
    }

    fn decode(
        &self,
        address: Address,
        account: &UiAccount,
    ) -> Result<(Address, RawAccount), LedgerError> {
        let account: Option<Account> = account.to_account();
        let Account { owner, lamports, data, .. } =
            account.ok_or_else(|| self.nonsense(format!("account {address} cannot be decoded")))?;
        Ok((address, RawAccount { address, owner, lamports, data }))
    }

    fn explain_read(&self, error: ClientError, min_slot: Option<u64>) -> LedgerError {
        match (error.kind(), min_slot) {
            (
                ErrorKind::RpcError(RpcError::RpcResponseError {
                    code: JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
                    ..
                }),
                Some(expected),
            ) => LedgerError::Behind { ledger: self.client.url(), expected },
            _ => self.explain(error),
        }
    }
}

fn as_of(
    commitment: CommitmentConfig,
    min_context_slot: Option<u64>,
    encoding: UiAccountEncoding,
) -> RpcAccountInfoConfig {
    RpcAccountInfoConfig {
        encoding: Some(encoding),
        commitment: Some(commitment),
        min_context_slot,
        data_slice: None,
    }
}
