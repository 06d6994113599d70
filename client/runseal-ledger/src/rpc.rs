//! Any Solana cluster or local validator, over JSON-RPC.

mod submit;

use runseal_client::ledger::{Landed, Ledger, LedgerError, RawAccount};
use solana_account::Account;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};
use solana_signer::Signer;
use std::time::Duration;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// What one request may ask for.
const MAX_ADDRESSES_PER_READ: usize = 100;

/// One RPC endpoint of one cluster.
pub struct Rpc {
    client: RpcClient,
}

impl Rpc {
    /// Makes a client of the endpoint at `url`. Nothing is sent before the first call.
    ///
    /// Reads are at `commitment`, and [`Ledger::submit`] waits for it.
    pub fn new(url: &str, commitment: CommitmentConfig) -> Self {
        let client =
            RpcClient::new_with_timeout_and_commitment(url.to_owned(), REQUEST_TIMEOUT, commitment);
        Self { client }
    }

    /// Asks the cluster's faucet for lamports and waits until they are there.
    pub async fn airdrop(&self, address: &Address, lamports: u64) -> Result<(), LedgerError> {
        let signature = self
            .client
            .request_airdrop(address, lamports)
            .await
            .map_err(|error| self.explain(error))?;
        self.wait_for(signature).await.map(drop)
    }

    /// Puts a client error into the ledger's words.
    fn explain(&self, error: ClientError) -> LedgerError {
        if let Some(error) = error.get_transaction_error() {
            return crate::refusal::refusal(&error).into();
        }
        let reason = match error.kind() {
            // The library's own sentence repeats the URL and names no cause.
            ErrorKind::Reqwest(error) if error.is_connect() => "nothing listens there".to_owned(),
            ErrorKind::Reqwest(error) if error.is_timeout() => "it took too long".to_owned(),
            kind => kind.to_string(),
        };
        LedgerError::Unreachable { ledger: self.client.url(), reason }
    }
}

impl Ledger for Rpc {
    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        self.client.get_genesis_hash().await.map_err(|error| self.explain(error))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        let mut found = Vec::with_capacity(addresses.len());
        for some in addresses.chunks(MAX_ADDRESSES_PER_READ) {
            let accounts = self
                .client
                .get_multiple_accounts(some)
                .await
                .map_err(|error| self.explain(error))?;
            let read = some.iter().zip(accounts);
            found.extend(read.map(|(address, account)| account.map(|it| raw(*address, it))));
        }
        Ok(found)
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![RpcFilterType::Memcmp(Memcmp::new_raw_bytes(0, prefix.to_vec()))]),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64Zstd),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        };
        let accounts = self
            .client
            .get_program_ui_accounts_with_config(owner, config)
            .await
            .map_err(|error| self.explain(error))?;
        let decode =
            |(address, account): (Address, solana_account_decoder_client_types::UiAccount)| {
                let account: Option<Account> = account.to_account();
                account.map(|account| raw(address, account)).ok_or_else(|| {
                    LedgerError::Unreachable {
                        ledger: self.client.url(),
                        reason: format!("its answer for account {address} cannot be decoded"),
                    }
                })
            };
        let mut found: Vec<RawAccount> =
            accounts.into_iter().map(decode).collect::<Result<_, _>>()?;
        found.sort_by_key(|account| account.address);
        Ok(found)
    }

    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        self.simulate_sign_send_wait(instructions, signers).await
    }
}

fn raw(address: Address, account: Account) -> RawAccount {
    RawAccount { address, owner: account.owner, lamports: account.lamports, data: account.data }
}
