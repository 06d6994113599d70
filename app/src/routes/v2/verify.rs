//! Verdicts on bundles, by the same engine as everywhere, over accounts that are read anew.

use crate::{
    error::ApiError,
    service::{Api, Chain},
    wire::{Fields, Opaque, Params, Text, opaque},
};
use axum::{Extension, Json};
use runseal_client::{
    Ledger, keys,
    verdicts::{self, Asked},
};
use runseal_engine::{Policy, bundle::MOST_BUNDLE_BYTES, verify_text};
use runseal_evidence::Registry;
use runseal_receipt::json::Object;
use runseal_types::{Address, Digest};

/// How many logs may be named.
const MOST_LOGS: usize = 256;
const MOST_ENDPOINTS: u64 = 32;

/// Checks a bundle: the body is the bundle, and what is asked for stands behind the question mark.
pub(crate) async fn verify(
    Extension(service): Api,
    Extension(ledger): Chain,
    Params(query): Params,
    Text(text): Text<MOST_BUNDLE_BYTES>,
) -> Result<Json<Opaque>, ApiError> {
    let (asked, trusted) = asked(&query)?;
    let report = service.ask(&ledger, move |_, ledger| async move {
        let genesis_hash = match (trusted, asked.offline) {
            (Some(hash), _) => hash,
            (None, false) => keys::digest(&ledger.genesis_hash().await?),
            (None, true) => verdicts::own_chain(&text),
        };
        let policy: Policy = asked.policy(genesis_hash);
        let policy = match asked.offline {
            true => policy,
            false => verdicts::observe(&*ledger, &Registry, policy, &text).await?,
        };
        Ok(opaque(&verify_text(&text, &policy, &Registry).to_value()))
    });
    Ok(Json(report.await?))
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
