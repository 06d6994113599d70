//! Any Solana cluster or local validator, over JSON-RPC.

mod submit;

use runseal_client::ledger::{
    Landed, Ledger, LedgerError, MOST_IN_SNAPSHOT, Prepared, RawAccount, Snapshot,
};
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding};
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

    fn decode(&self, address: Address, account: &UiAccount) -> Result<RawAccount, LedgerError> {
        let account: Option<Account> = account.to_account();
        account.map(|account| raw(address, account)).ok_or_else(|| LedgerError::Unreachable {
            ledger: self.client.url(),
            reason: format!("its answer for account {address} cannot be decoded"),
        })
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
    fn name(&self) -> String {
        self.client.url()
    }

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
        let decode = |(address, account): (Address, UiAccount)| self.decode(address, &account);
        let mut found: Vec<RawAccount> =
            accounts.into_iter().map(decode).collect::<Result<_, _>>()?;
        found.sort_by_key(|account| account.address);
        Ok(found)
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        let asked = addresses.len();
        if asked > MOST_IN_SNAPSHOT {
            return Err(LedgerError::TooManyAccounts { asked });
        }
        let finalized = CommitmentConfig::finalized();
        // Height first: what the accounts then show is at least as new as it.
        let epoch = self.client.get_epoch_info_with_commitment(finalized).await;
        let epoch = epoch.map_err(|error| self.explain(error))?;
        let config = RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            commitment: Some(finalized),
            min_context_slot: Some(epoch.absolute_slot),
            ..RpcAccountInfoConfig::default()
        };
        let answer = self.client.get_multiple_ui_accounts_with_config(addresses, config).await;
        let answer = answer.map_err(|error| self.explain(error))?;
        let found = addresses.iter().zip(answer.value);
        let accounts = found.map(|(address, account)| {
            account.map(|account| self.decode(*address, &account)).transpose()
        });
        Ok(Snapshot {
            slot: answer.context.slot,
            block_height: epoch.block_height,
            accounts: accounts.collect::<Result<_, _>>()?,
        })
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        let (transaction, last_valid_block_height) = self.sign(instructions, signers).await?;
        let bytes = wincode::serialize(&transaction)
            .map_err(|error| LedgerError::NoTransaction { reason: error.to_string() })?;
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        Ok(Prepared { signature, bytes, last_valid_block_height })
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        let transaction = wincode::deserialize(bytes).map_err(|error: wincode::ReadError| {
            LedgerError::NoTransaction { reason: error.to_string() }
        })?;
        self.send_once(&transaction).await
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
