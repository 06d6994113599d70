use super::{Proof, document::SPEC_VERSION};
use runseal_client::receipts::agent_key;
use runseal_ed25519::PublicKey;
use runseal_receipt::{Role, Signature};
use serde::Serialize;
use utoipa::ToSchema;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Pass,
    Fail,
    Unknown,
}

/// One check of a proof.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) passed: bool,
    pub(crate) result: Outcome,
    pub(crate) message: String,
}

impl Check {
    pub(crate) fn new(name: &'static str, result: Outcome, message: impl Into<String>) -> Self {
        Self { name, passed: result == Outcome::Pass, result, message: message.into() }
    }

    /// Makes a check of something that either is so, or is not for a reason.
    pub(crate) fn of(
        name: &'static str,
        outcome: Result<(), String>,
        message: &'static str,
    ) -> Self {
        match outcome {
            Ok(()) => Self::new(name, Outcome::Pass, message),
            Err(reason) => Self::new(name, Outcome::Fail, reason),
        }
    }
}

/// One signature of a proof, looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SignatureResult {
    pub(crate) signer_id: String,
    pub(crate) valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What is to be said of a proof.
pub(crate) struct Verdict {
    pub(crate) run_id: String,
    pub(crate) agent_id: String,
    pub(crate) adapter: String,
    pub(crate) event_count: usize,
    pub(crate) root_hash: String,
    pub(crate) spec_version: String,
    pub(crate) chain_valid: bool,
    pub(crate) signatures: Vec<SignatureResult>,
    pub(crate) checks: Vec<Check>,
}

impl Verdict {
    /// Says whether everything that must be was checked and is so.
    pub(crate) fn is_verified(&self) -> bool {
        self.checks.iter().filter(|check| REQUIRED.contains(&check.name)).all(|it| it.passed)
    }

    /// Returns the word for it.
    pub(crate) fn status(&self) -> &'static str {
        if self.is_verified() {
            "verified"
        } else if self.checks.iter().any(|check| check.result == Outcome::Fail) {
            "failed"
        } else if self.signatures.is_empty() {
            "unsigned"
        } else {
            "pending"
        }
    }
}

/// The checks without which nothing is verified. RunProof's clients know the first three.
pub(crate) const HASH_CHAIN: &str = "Hash Chain";
pub(crate) const ROOT_HASH: &str = "Root Hash";
pub(crate) const SIGNATURE: &str = "Signature";
pub(crate) const DOCUMENT: &str = "Document";
const ANCHOR: &str = "Anchor";
const REQUIRED: [&str; 4] = [HASH_CHAIN, ROOT_HASH, SIGNATURE, DOCUMENT];

impl Proof {
    /// Computes everything again and says what it came to. `known` are the keys, beside the agent's
    /// own, whose signatures mean something here.
    pub(crate) fn verdict(&self, known: &[PublicKey]) -> Verdict {
        let facts = self.receipt.facts();
        let chain = self.receipt.check_events(&self.events).map(drop);
        let chain_valid = chain.is_ok();
        let signatures = self.signature_results(known);
        let checks = vec![
            Check::of(HASH_CHAIN, chain.map_err(|it| it.to_string()), "every event is chained"),
            // Its digest was computed when the receipt was read.
            Check::new(ROOT_HASH, Outcome::Pass, "the root is the receipt's digest"),
            self.signature_check(),
            self.anchor_check(),
        ];
        Verdict {
            run_id: facts.run_id.clone(),
            agent_id: self.agent_id().to_owned(),
            adapter: facts.adapter.clone(),
            event_count: self.events.len(),
            root_hash: self.receipt.digest().to_string(),
            spec_version: SPEC_VERSION.to_owned(),
            chain_valid,
            signatures,
            checks,
        }
    }

    /// The agent's signature decides; the key is the one that its address follows from.
    fn signature_check(&self) -> Check {
        let document = self.receipt.document();
        if document.signatures().is_empty() {
            return Check::new(SIGNATURE, Outcome::Fail, "nobody signed it");
        }
        let signed = match agent_key(&self.receipt) {
            None => Err("no signature names the key of the agent's account".to_owned()),
            Some(key) => document
                .check_signed_as(Role::Agent, &key)
                .map(drop)
                .map_err(|error| error.to_string()),
        };
        Check::of(SIGNATURE, signed, "the agent's own key signed it")
    }

    fn signature_results(&self, known: &[PublicKey]) -> Vec<SignatureResult> {
        let agent = agent_key(&self.receipt);
        let result = |signature: &Signature| {
            let keys = agent.iter().chain(known);
            let key = keys.into_iter().find(|key| key.id().to_string() == signature.key_id);
            let checked = match key {
                None => Err("the key is not known here".to_owned()),
                Some(key) => {
                    signature.check(&self.receipt.digest(), key).map_err(|error| error.to_string())
                }
            };
            SignatureResult {
                signer_id: signature.signer_id.clone(),
                valid: checked.is_ok(),
                timestamp: checked.is_ok().then(|| signature.timestamp.to_string()),
                error: checked.err(),
            }
        };
        self.receipt.document().signatures().iter().map(result).collect()
    }

    /// A sealed period is one that this store closed; only the chain says whether it is anchored.
    fn anchor_check(&self) -> Check {
        let message = match (self.overlay.period, &self.overlay.promise) {
            (Some(period), _) => format!("sealed in period {period}; ask the chain for its anchor"),
            (None, Some((period, _))) => format!("promised for period {period}"),
            (None, None) => "not sealed in a period yet".to_owned(),
        };
        Check::new(ANCHOR, Outcome::Unknown, message)
    }
}
