//! Verdicts on bundles, by the same engine as everywhere, over accounts that are read anew.

use crate::{
    error::ApiError,
    service::{Api, Chain},
    wire::{Answer, Fields, File, Opaque, Params, Problem, Read, opaque},
};
use axum::{Extension, Json};
use runseal_client::{
    Ledger, keys,
    verdicts::{self, Asked},
};
use runseal_engine::{Policy, bundle::MOST_BUNDLE_BYTES, verify_text};
use runseal_evidence::Registry;
use runseal_receipt::json::Value;
use runseal_types::{Address, Digest};
use serde::Deserialize;
use serde_json::value::RawValue;

/// How many logs may be named.
const MOST_LOGS: usize = 256;
const MOST_ENDPOINTS: u64 = 32;
/// A bundle, and a policy beside it.
const MOST_BODY_BYTES: usize = MOST_BUNDLE_BYTES + (1 << 20);

/// A bundle with a policy of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithPolicy<'a> {
    #[serde(borrow)]
    bundle: &'a RawValue,
    #[serde(borrow)]
    policy: &'a RawValue,
}

/// What a verdict is wanted on, and by what.
struct Question {
    bundle: Vec<u8>,
    policy: Option<Policy>,
    asked: Asked,
    trusted: Option<Digest>,
}

/// Checks a bundle. What is asked for stands behind the question mark, or in a policy beside it.
pub(crate) async fn verify(
    Extension(service): Api,
    Extension(ledger): Chain,
    Params(demand): Params<Demand>,
    File(text): File<MOST_BODY_BYTES>,
) -> Answer<Opaque> {
    let question = question(demand, &text)?;
    let report = service.ask(&ledger, move |_, ledger| async move {
        let Question { bundle, policy, asked, trusted } = question;
        let policy = match (policy, trusted) {
            (Some(policy), _) => policy,
            (None, Some(hash)) => asked.policy(hash),
            (None, None) if asked.offline => asked.policy(verdicts::own_chain(&bundle)),
            (None, None) => asked.policy(keys::digest(&ledger.genesis_hash().await?)),
        };
        let policy = match asked.offline {
            true => policy,
            false => verdicts::observe(&*ledger, &Registry, policy, &bundle).await?,
        };
        Ok(opaque(&verify_text(&bundle, &policy, &Registry).to_value()))
    });
    Ok(Json(report.await?))
}

fn question(demand: Demand, text: &[u8]) -> Result<Question, ApiError> {
    let Demand { asked, trusted, instead } = demand;
    // Whatever is no such pair is meant to be a bundle, and the verdict says if it is none.
    let Ok(pair) = serde_json::from_slice::<WithPolicy<'_>>(text) else {
        return Ok(Question { bundle: text.to_vec(), policy: None, asked, trusted });
    };
    let wrong = |message: String| {
        ApiError::from(Problem::of("body", "policy", "value_error", message, &Value::Null))
    };
    if let Some(other) = instead {
        return Err(wrong(format!("A policy stands in the place of {other}")));
    }
    let policy = Policy::parse(pair.policy.get().as_bytes());
    let policy = policy.map_err(|reason| wrong(reason.to_string()))?;
    let bundle = pair.bundle.get().as_bytes().to_vec();
    Ok(Question { bundle, policy: Some(policy), asked, trusted })
}

/// What stands behind the question mark.
pub(crate) struct Demand {
    asked: Asked,
    /// The chain that is trusted, if one is named.
    trusted: Option<Digest>,
    /// What of it a policy stands in the place of.
    instead: Option<&'static str>,
}

impl Read for Demand {
    fn read(fields: &mut Fields<'_>) -> Self {
        let offline = fields.flag("offline", false);
        let stage = fields.find_text("min_stage");
        let cosigners = fields.find_integer("cosigners");
        let quorum = fields.find_integer("quorum");
        let logs = fields.find_any_text("trusted_log");
        let genesis = fields.find_address("genesis_hash");
        let given = [
            ("min_stage", stage.is_some()),
            ("cosigners", cosigners.is_some()),
            ("quorum", quorum.is_some()),
            ("trusted_log", logs.is_some()),
            ("genesis_hash", genesis.is_some()),
        ];
        let minimum_stage = stage.as_deref().map_or(Some(1), verdicts::parse_stage);
        if minimum_stage.is_none() {
            fields.wrong("min_stage", "value_error", "A stage is A, B, C, D, E or none");
        }
        let quorum = quorum.unwrap_or(1);
        if !(1..=MOST_ENDPOINTS).contains(&quorum) {
            fields.wrong("quorum", "value_error", "Input should be from 1 to 32");
        }
        let logs = parse_logs(&logs.unwrap_or_default());
        if logs.is_none() {
            let message = "Input should be at most 256 addresses with commas between them";
            fields.wrong("trusted_log", "value_error", message);
        }
        let asked = Asked {
            logs: logs.unwrap_or_default(),
            minimum_stage: minimum_stage.unwrap_or(1),
            cosigners: u32::try_from(cosigners.unwrap_or(0)).unwrap_or(u32::MAX),
            quorum: usize::try_from(quorum).unwrap_or(usize::MAX),
            offline,
        };
        let trusted = genesis.map(|hash| Digest::new(*hash.as_bytes()));
        let instead = given.iter().find(|(_, is_given)| *is_given).map(|(name, _)| *name);
        Self { asked, trusted, instead }
    }
}

fn parse_logs(text: &str) -> Option<Vec<Address>> {
    let logs = text.split(',').filter(|text| !text.is_empty()).take(MOST_LOGS + 1);
    let logs: Option<Vec<Address>> = logs.map(|text| text.parse().ok()).collect();
    logs.filter(|logs| logs.len() <= MOST_LOGS)
}
