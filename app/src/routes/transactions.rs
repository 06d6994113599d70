//! Transactions for wallets to sign: what vendors and operators do, as bytes that nobody has signed.
//!
//! Nothing here is secret and nothing is written: whoever signs looks at the bytes first, and sends them
//! himself (docs/adr/0028).

mod asked;

use super::Failure;
use crate::Shared;
use asked::{OpenLog, PublishVersion, RegisterAgent};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_client::{
    Ledger, LedgerError, agents,
    instructions::{agents as of_agents, logs as of_logs},
    registry::{self, ReadError},
};
use runseal_ledger::AnyLedger;
use serde::{Serialize, de::DeserializeOwned};
use solana_address::Address;
use solana_instruction::Instruction;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How many transactions are made at a time; further callers are sent away.
pub(crate) const MOST_AT_A_TIME: usize = 8;
const MOST_BODY_BYTES: usize = 4_096;
/// How long the ledger may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/transactions/register-agent", post(make::<RegisterAgent>))
        .route("/transactions/publish-version", post(make::<PublishVersion>))
        .route("/transactions/open-log", post(make::<OpenLog>))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
}

/// What a transaction is made of.
struct Plan {
    instruction: Instruction,
    /// Signs, and pays.
    wallet: Address,
    /// Signs too: an agent's own key.
    identity: Option<Address>,
    /// The account that will be there afterwards.
    creates: Address,
    /// Which of the agent's versions it is.
    index: Option<u64>,
}

/// What somebody wants to do.
trait Action: DeserializeOwned + Send {
    fn plan(self, ledger: &AnyLedger) -> impl Future<Output = Result<Plan, ReadError>> + Send;
}

/// A transaction as it goes out.
#[derive(Serialize)]
struct Made {
    /// What is to be signed, in base64.
    message: String,
    blockhash: String,
    last_valid_block_height: u64,
    genesis_hash: String,
    program: String,
    signers: Vec<SignerOf>,
    creates: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
}

/// Who has to sign, in the order of the signatures.
#[derive(Serialize)]
struct SignerOf {
    address: String,
    who: &'static str,
}

async fn make<A: Action>(
    State(shared): State<Arc<Shared>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let made = async {
        let asked = read::<A>(body)?;
        let _seat = shared.drafting.try_acquire().map_err(|_| crowded())?;
        let drafted = timeout(PATIENCE, draft(asked, &shared.ledger)).await;
        drafted.map_err(|_| too_slow())?
    };
    match made.await {
        Ok(made) => Json(made).into_response(),
        Err(failure) => failure.answer(true),
    }
}

fn read<A: Action>(body: Result<Bytes, BytesRejection>) -> Result<A, Failure> {
    let failure = |status, code, message| Failure { status, code, message };
    let body = body
        .map_err(|rejection| failure(rejection.status(), "body_not_read", rejection.body_text()))?;
    let malformed = |error: serde_json::Error| {
        failure(StatusCode::UNPROCESSABLE_ENTITY, "malformed", error.to_string())
    };
    serde_json::from_slice(&body).map_err(malformed)
}

async fn draft(asked: impl Action, ledger: &AnyLedger) -> Result<Made, Failure> {
    if matches!(ledger, AnyLedger::Embedded(_)) {
        return Err(takes_none());
    }
    let plan = asked.plan(ledger).await?;
    let drafted = ledger.draft(&[plan.instruction], &plan.wallet).await.map_err(failure_of)?;
    let draft = drafted.ok_or_else(takes_none)?;
    let genesis_hash = ledger.genesis_hash().await.map_err(failure_of)?;
    let signer = |address: Address, who| SignerOf { address: address.to_string(), who };
    let identity = plan.identity.map(|identity| signer(identity, "identity"));
    Ok(Made {
        message: STANDARD.encode(draft.message),
        blockhash: draft.blockhash.to_string(),
        last_valid_block_height: draft.last_valid_block_height,
        genesis_hash: genesis_hash.to_string(),
        program: registry::PROGRAM.to_string(),
        signers: [signer(plan.wallet, "wallet")].into_iter().chain(identity).collect(),
        creates: plan.creates.to_string(),
        index: plan.index,
    })
}

impl Action for RegisterAgent {
    async fn plan(self, _: &AnyLedger) -> Result<Plan, ReadError> {
        let (wallet, identity, args) = self.into_parts();
        Ok(Plan {
            instruction: of_agents::register(wallet, wallet, identity, args),
            wallet,
            identity: Some(identity),
            creates: registry::agent_address(&identity),
            index: None,
        })
    }
}

impl Action for PublishVersion {
    async fn plan(self, ledger: &AnyLedger) -> Result<Plan, ReadError> {
        let (wallet, agent, args) = self.into_parts();
        let found = agents::load(ledger, agent).await?;
        let (agent, index) = (found.address, found.account.version_count);
        Ok(Plan {
            instruction: of_agents::publish_version(wallet, wallet, agent, index, args),
            wallet,
            identity: None,
            creates: registry::version_address(&agent, index),
            index: Some(index),
        })
    }
}

impl Action for OpenLog {
    async fn plan(self, ledger: &AnyLedger) -> Result<Plan, ReadError> {
        let (wallet, args) = self.into_parts(ledger.genesis_hash().await?.to_bytes());
        let creates = registry::log_address(&wallet, &args.name);
        let instruction = of_logs::open(wallet, wallet, args);
        Ok(Plan { instruction, wallet, identity: None, creates, index: None })
    }
}

fn failure_of(error: LedgerError) -> Failure {
    match error {
        LedgerError::Refused(refusal) => {
            Failure { status: StatusCode::CONFLICT, code: "refused", message: refusal.to_string() }
        }
        error => ReadError::from(error).into(),
    }
}

fn takes_none() -> Failure {
    Failure {
        status: StatusCode::NOT_IMPLEMENTED,
        code: "no_transactions_here",
        message:
            "This service's ledger is its own and takes no transactions that others signed: the \
                  command line does this there"
                .to_owned(),
    }
}

fn crowded() -> Failure {
    Failure {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: "busy",
        message: "Too many transactions are being made at a time; try again".to_owned(),
    }
}

fn too_slow() -> Failure {
    Failure {
        status: StatusCode::BAD_GATEWAY,
        code: "ledger_unreachable",
        message: "The ledger does not answer in time".to_owned(),
    }
}
