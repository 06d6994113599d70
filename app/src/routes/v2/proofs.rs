//! Proofs: that a receipt is in its period, or that there is none of a number.

use super::{agent_of, receipts::digest_of};
use crate::{
    error::ApiError,
    service::{Api, Chain, Service},
    wire::{Answer, Fields, Opaque, Params, Read, Segment, opaque_object},
};
use axum::{
    Extension,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use runseal_client::{
    bundles::{ProveError, Prover},
    proving::{self, PeriodError},
    store::Store,
};
use runseal_engine::{Bundle, Statement};
use runseal_evidence::Registry;
use runseal_ledger::AnyLedger;
use runseal_receipt::{
    json::Value,
    member::{integer, object_of},
};
use runseal_types::{Address, Digest, Leaf, Period, Sequence, to_hex};

/// How many receipts a range may have.
const MOST_IN_RANGE: u64 = 1_000;

/// Returns the bundle that proves a receipt, as `runseal prove` makes it.
pub(crate) async fn bundle(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(digest): Segment<String>,
) -> Result<Response, ApiError> {
    let digest = digest_of(&digest)?;
    let bundle = service.ask(&ledger, move |service, ledger| async move {
        Ok(prover(&*service.store, &ledger).prove_receipt(&digest).await?)
    });
    Ok(file(&bundle.await?))
}

/// Where no receipt is to be.
pub(crate) struct Vacancy {
    period: Period,
    sequence: Sequence,
}

impl Read for Vacancy {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            period: Period(fields.number("period")),
            sequence: Sequence(fields.number("sequence")),
        }
    }
}

/// Returns the bundle that proves that an agent has no receipt of a number in a period.
pub(crate) async fn absence(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(agent): Segment<String>,
    Params(Vacancy { period, sequence }): Params<Vacancy>,
) -> Result<Response, ApiError> {
    let agent = agent_of(&agent)?;
    let bundle = service.ask(&ledger, move |service, ledger| async move {
        Ok(prover(&*service.store, &ledger).prove_absence(period, agent, sequence).await?)
    });
    Ok(file(&bundle.await?))
}

/// Which of an agent's receipts in a period are to be proved.
pub(crate) struct Stretch {
    period: Period,
    from: Sequence,
    to: Sequence,
}

impl Read for Stretch {
    fn read(fields: &mut Fields<'_>) -> Self {
        let (period, from) = (Period(fields.number("period")), Sequence(fields.number("from")));
        let to = Sequence(fields.number("to"));
        if to.0.checked_sub(from.0).is_none_or(|behind| behind >= MOST_IN_RANGE) {
            fields.wrong("to", "value_error", "A range has from 1 to 1,000 receipts");
        }
        Self { period, from, to }
    }
}

/// Returns the bundle that proves all of an agent's receipts from one number to another in a period.
pub(crate) async fn range(
    Extension(service): Api,
    Extension(ledger): Chain,
    Segment(agent): Segment<String>,
    Params(Stretch { period, from, to }): Params<Stretch>,
) -> Result<Response, ApiError> {
    let agent = agent_of(&agent)?;
    let bundle = service.ask(&ledger, move |service, ledger| async move {
        Ok(prover(&*service.store, &ledger).prove_range(period, agent, from, to).await?)
    });
    Ok(file(&bundle.await?))
}

/// Returns a receipt's place in the tree of its period, as soon as that is sealed.
pub(crate) async fn inclusion(
    Extension(service): Api,
    Segment(digest): Segment<String>,
) -> Answer<Opaque> {
    let digest = digest_of(&digest)?;
    service.work(move |service| service.inclusion(&digest)).await
}

fn prover<'a>(
    store: &'a (dyn Store + 'a),
    ledger: &'a AnyLedger,
) -> Prover<'a, dyn Store + 'a, AnyLedger, Registry> {
    Prover { store, ledger, reader: &Registry }
}

fn file(bundle: &Bundle) -> Response {
    ([(CONTENT_TYPE, "application/json")], bundle.to_bytes()).into_response()
}

impl Service {
    fn inclusion(&self, digest: &Digest) -> Result<Opaque, ApiError> {
        let stored = self.load_receipt(digest)?;
        let period = stored.period.ok_or(ProveError::NotSealed { digest: *digest })?;
        let (place, sealed) = proving::find_period(&*self.store, period)?;
        let Leaf { agent, sequence, .. } = stored.leaf;
        let inclusion = proving::prove_inclusion(&*self.store, period, agent, sequence)?;
        let leaf = to_hex(&inclusion.leaf.to_bytes(&place.context()));
        let proof = Statement::Inclusion(inclusion).to_object(sealed.leaf_count);
        Ok(opaque_object(&object_of([
            ("genesis_hash", Value::from(Address::new(*place.genesis_hash.as_bytes()))),
            ("log", Value::from(place.log)),
            ("period", integer(period.0)),
            ("root", Value::from(sealed.root)),
            ("leaf", Value::Text(leaf)),
            ("proof", Value::from(proof)),
            ("state", Value::from(self.anchor_state(period)?)),
        ])))
    }
}

impl From<PeriodError> for ApiError {
    fn from(error: PeriodError) -> Self {
        match error {
            PeriodError::Store(error) => error.into(),
            PeriodError::NoLog | PeriodError::NotSealed { .. } | PeriodError::Ask(_) => {
                Self::conflict(error.to_string())
            }
            PeriodError::Damaged { .. } | PeriodError::WrongProof { .. } => Self::failed(error),
        }
    }
}

impl From<ProveError> for ApiError {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Store(error) => error.into(),
            ProveError::Read(error) => error.into(),
            ProveError::Period(error) => error.into(),
            ProveError::UnknownReceipt { .. } => Self::not_found(error.to_string()),
            // What is stored makes no bundle: it is too large, for one.
            ProveError::NotSealed { .. }
            | ProveError::NotAnchored { .. }
            | ProveError::Ask(_)
            | ProveError::Bundle(_) => Self::conflict(error.to_string()),
            ProveError::Damaged { .. } => Self::failed(error),
        }
    }
}
