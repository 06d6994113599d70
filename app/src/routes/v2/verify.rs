//! Verdicts on bundles, by the same engine as everywhere, over accounts that are read anew.

use crate::{
    error::ApiError,
    service::{Api, Chain},
    wire::{Answer, Fields, Opaque, Params, Problem, Text, opaque},
};
use axum::{Extension, Json};
use runseal_client::{
    Ledger, keys,
    verdicts::{self, Asked},
};
use runseal_engine::{Policy, bundle::MOST_BUNDLE_BYTES, verify_text};
use runseal_evidence::Registry;
use runseal_receipt::json::{Object, Value};
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
    Params(query): Params,
    Text(text): Text<MOST_BODY_BYTES>,
) -> Answer<Opaque> {
    let question = question(&query, &text)?;
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

fn question(query: &Object, text: &[u8]) -> Result<Question, ApiError> {
    let (asked, trusted) = asked(query)?;
    // Whatever is no such pair is meant to be a bundle, and the verdict says if it is none.
    let Ok(pair) = serde_json::from_slice::<WithPolicy<'_>>(text) else {
        return Ok(Question { bundle: text.to_vec(), policy: None, asked, trusted });
    };
    let wrong = |message: String| {
        ApiError::from(Problem::of("body", "policy", "value_error", message, &Value::Null))
    };
    if let Some(other) = query.keys().find(|name| *name != "offline") {
        return Err(wrong(format!("A policy stands in the place of {other}")));
    }
    let policy = Policy::parse(pair.policy.get().as_bytes());
    let policy = policy.map_err(|reason| wrong(reason.to_string()))?;
    let bundle = pair.bundle.get().as_bytes().to_vec();
    Ok(Question { bundle, policy: Some(policy), asked, trusted })
}

/// Reads what is asked for, and the chain that is trusted if one is named.
fn asked(query: &Object) -> Result<(Asked, Option<Digest>), ApiError> {
    let mut fields = Fields::query(query);
    let offline = fields.flag("offline", false);
    let stage = fields.find_text("min_stage");
    let minimum_stage = stage.as_deref().map_or(Some(1), verdicts::parse_stage);
    if minimum_stage.is_none() {
        fields.wrong("min_stage", "value_error", "A stage is A, B, C, D, E or none");
    }
    let cosigners = fields.find_integer("cosigners").unwrap_or(0);
    let cosigners = u32::try_from(cosigners).unwrap_or(u32::MAX);
    let quorum = fields.find_integer("quorum").unwrap_or(1);
    if !(1..=MOST_ENDPOINTS).contains(&quorum) {
        fields.wrong("quorum", "value_error", "Input should be from 1 to 32");
    }
    let logs = fields.find_any_text("trusted_log").unwrap_or_default();
    let logs = logs.split(',').filter(|text| !text.is_empty()).take(MOST_LOGS + 1);
    let logs: Option<Vec<Address>> = logs.map(|text| text.parse().ok()).collect();
    if logs.as_ref().is_none_or(|logs| logs.len() > MOST_LOGS) {
        let message = "Input should be at most 256 addresses with commas between them";
        fields.wrong("trusted_log", "value_error", message);
    }
    let genesis = super::find_address(&mut fields, "genesis_hash");
    let asked = Asked {
        logs: logs.unwrap_or_default(),
        minimum_stage: minimum_stage.unwrap_or(1),
        cosigners,
        quorum: usize::try_from(quorum).unwrap_or(usize::MAX),
        offline,
    };
    fields.done((asked, genesis.map(|hash| Digest::new(*hash.as_bytes()))))
}
