//! Any Solana cluster or local validator, over JSON-RPC.

mod draft;
mod look_up;
mod name;
mod options;
mod prepare;
mod read;
mod settle;
mod transport;

pub use draft::Draft;
pub use name::endpoint_name;
pub use options::{
    DEFAULT_MOST_PRIORITY_LAMPORTS, DEFAULT_PERCENTILE, FeePolicy, Patience, RpcOptions,
};
pub(crate) use read::{Question, Reading, Tip};

use prepare::from_wire;
use runseal_client::ledger::{
    Commitment, Landed, Ledger, LedgerError, MOST_IN_SNAPSHOT, Prepared, RawAccount, Snapshot,
};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_rpc_client::{nonblocking::rpc_client::RpcClient, rpc_client::RpcClientConfig};
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_signer::Signer;
use tokio::sync::OnceCell;
use transport::Transport;

/// One RPC endpoint of one cluster.
///
/// It is believed. What a single endpoint can pretend and what not is in docs/adr/0016; whoever
/// does not want to believe one asks several, as [`Quorum`](crate::Quorum) does.
pub struct Rpc {
    client: RpcClient,
    options: RpcOptions,
    /// A chain does not change its genesis, so it is asked for once.
    genesis_hash: OnceCell<Hash>,
}

impl Rpc {
    /// Makes a client of the endpoint at `url`. Nothing is sent before the first call.
    ///
    /// Reads are at `commitment`, and [`Ledger::submit`] waits for it; what was merely processed is
    /// never enough.
    pub fn new(url: &str, commitment: CommitmentConfig) -> Self {
        let finalized = commitment.is_finalized();
        let commitment = if finalized { Commitment::Finalized } else { Commitment::Confirmed };
        Self::with_options(url, RpcOptions { commitment, ..RpcOptions::default() })
    }

    /// Makes a client of the endpoint at `url` that behaves so. Nothing is sent before the first call.
    pub fn with_options(url: &str, options: RpcOptions) -> Self {
        let transport = Transport::new(url.to_owned(), options.patience);
        let config = RpcClientConfig::with_commitment(as_config(options.commitment));
        let client = RpcClient::new_sender(transport, config);
        Self { client, options, genesis_hash: OnceCell::new() }
    }

    /// Makes sure that the endpoint is on the chain with this genesis hash.
    pub async fn check_genesis(&self, expected: Hash) -> Result<(), LedgerError> {
        let found = self.genesis_hash().await?;
        if found == expected {
            return Ok(());
        }
        Err(LedgerError::OtherChain { ledger: self.client.url(), expected, found })
    }

    /// Asks the cluster's faucet for lamports and waits until they are there.
    pub async fn airdrop(&self, address: &Address, lamports: u64) -> Result<Landed, LedgerError> {
        let signature = self
            .client
            .request_airdrop(address, lamports)
            .await
            .map_err(|error| self.explain(error))?;
        self.wait_for(signature).await
    }

    /// Puts a client error into the ledger's words.
    fn explain(&self, error: ClientError) -> LedgerError {
        if let Some(error) = error.get_transaction_error() {
            return crate::refusal::refusal(&error).into();
        }
        self.nonsense(match error.kind() {
            // The library's own sentence repeats the URL and names no cause.
            ErrorKind::Reqwest(error) if error.is_timeout() => "it took too long".to_owned(),
            ErrorKind::Reqwest(error) if error.is_connect() => "nothing listens there".to_owned(),
            ErrorKind::Reqwest(_) => "the connection broke".to_owned(),
            ErrorKind::SerdeJson(error) => format!("its answer is not understood: {error}"),
            ErrorKind::Custom(reason) => reason.clone(),
            kind => kind.to_string(),
        })
    }

    /// What an endpoint answers that no endpoint of a chain answers.
    fn nonsense(&self, reason: String) -> LedgerError {
        LedgerError::Unreachable { ledger: self.client.url(), reason }
    }
}

impl Ledger for Rpc {
    fn name(&self) -> String {
        self.client.url()
    }

    async fn genesis_hash(&self) -> Result<Hash, LedgerError> {
        let ask = || self.client.get_genesis_hash();
        let known = self.genesis_hash.get_or_try_init(ask).await;
        known.copied().map_err(|error| self.explain(error))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Option<RawAccount>>, LedgerError> {
        let mut found = Vec::with_capacity(addresses.len());
        let mut min_slot = None;
        for some in addresses.chunks(MOST_IN_SNAPSHOT) {
            let reading = self.ask(Question::At(some), self.client.commitment(), min_slot).await?;
            found.extend(reading.in_order(some));
            min_slot = Some(reading.slot);
        }
        Ok(found)
    }

    async fn scan(&self, owner: &Address, prefix: &[u8]) -> Result<Vec<RawAccount>, LedgerError> {
        let question = Question::Owned { owner, prefix };
        let reading = self.ask(question, self.client.commitment(), None).await?;
        Ok(reading.accounts.into_values().collect())
    }

    async fn snapshot(&self, addresses: &[Address]) -> Result<Snapshot, LedgerError> {
        let asked = addresses.len();
        if asked > MOST_IN_SNAPSHOT {
            return Err(LedgerError::TooManyAccounts { asked });
        }
        // Height first: what the accounts then show is at least as new as it.
        let tip = self.tip().await?;
        let finalized = CommitmentConfig::finalized();
        let reading = self.ask(Question::At(addresses), finalized, Some(tip.slot)).await?;
        let accounts = reading.in_order(addresses);
        Ok(Snapshot { slot: reading.slot, block_height: tip.block_height, accounts })
    }

    async fn prepare(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Prepared, LedgerError> {
        Ok(self.sign(instructions, signers).await?.prepared)
    }

    async fn send(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        from_wire(bytes)?;
        self.hand_over(bytes).await
    }

    async fn submit(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, LedgerError> {
        let signed = self.sign(instructions, signers).await?;
        self.settle(&signed).await
    }
}

fn as_config(commitment: Commitment) -> CommitmentConfig {
    match commitment {
        Commitment::Confirmed => CommitmentConfig::confirmed(),
        Commitment::Finalized => CommitmentConfig::finalized(),
    }
}
