use super::{MomentView, come};
use runseal_client::registry::Found;
use runseal_registry::state::{Claim, ClaimKind, ClaimState};
use runseal_types::to_hex;
use serde::Serialize;
use solana_address::Address;

#[derive(Serialize)]
pub(crate) struct ClaimView {
    address: String,
    kind: &'static str,
    state: &'static str,
    log: String,
    period: u64,
    agent: String,
    sequence: u64,
    digest: String,
    claimant: String,
    deposit_lamports: u64,
    answer_by_seconds: i64,
    slashed_amount: u64,
    opened_at: MomentView,
    decided_at: Option<MomentView>,
}

impl From<&Found<Claim>> for ClaimView {
    fn from(found: &Found<Claim>) -> Self {
        let claim = &found.account;
        let is_disorder = claim.kind == ClaimKind::Disorder as u8;
        Self {
            address: found.address.to_string(),
            kind: if is_disorder { "disorder" } else { "broken-promise" },
            state: match claim.state {
                state if state == ClaimState::Open as u8 => "open",
                state if state == ClaimState::Answered as u8 => "answered",
                _ => "upheld",
            },
            log: claim.log.to_string(),
            period: claim.period,
            agent: Address::new_from_array(claim.leaf.agent).to_string(),
            sequence: u64::from_be_bytes(claim.leaf.sequence),
            digest: to_hex(&claim.leaf.digest),
            claimant: claim.claimant.to_string(),
            deposit_lamports: claim.deposit_lamports,
            answer_by_seconds: claim.answer_by_seconds,
            slashed_amount: claim.slashed_amount,
            opened_at: claim.opened_at.into(),
            decided_at: come(claim.decided_at),
        }
    }
}
