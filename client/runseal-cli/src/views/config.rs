use super::MomentView;
use crate::durations::Seconds;
use runseal_client::registry::Found;
use runseal_registry::state::Config;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// The config account.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigView {
    address: String,
    authority: String,
    pending_authority: Option<String>,
    treasury: String,
    bond_mint: String,
    smallest_bond_amount: u64,
    claim_deposit_lamports: u64,
    slash_claimant_basis_points: u16,
    authority_notice_seconds: u64,
    unbond_notice_seconds: u64,
    paused: bool,
    updated_at: MomentView,
}

impl From<&Found<Config>> for ConfigView {
    fn from(found: &Found<Config>) -> Self {
        let config = &found.account;
        let pending = Some(config.pending_authority).filter(|key| *key != Default::default());
        Self {
            address: found.address.to_string(),
            authority: config.authority.to_string(),
            pending_authority: pending.map(|key| key.to_string()),
            treasury: config.treasury.to_string(),
            bond_mint: config.bond_mint.to_string(),
            smallest_bond_amount: config.smallest_bond_amount,
            claim_deposit_lamports: config.claim_deposit_lamports,
            slash_claimant_basis_points: config.slash_claimant_basis_points,
            authority_notice_seconds: config.authority_notice_seconds,
            unbond_notice_seconds: config.unbond_notice_seconds,
            paused: config.paused != 0,
            updated_at: config.updated_at.into(),
        }
    }
}

impl Display for ConfigView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Config            {}", self.address)?;
        writeln!(f, "Authority         {}", self.authority)?;
        if let Some(pending) = &self.pending_authority {
            writeln!(f, "Proposed          {pending}")?;
        }
        writeln!(f, "Treasury          {}", self.treasury)?;
        writeln!(f, "Bond mint         {}", self.bond_mint)?;
        writeln!(f, "Smallest bond     {} base units", self.smallest_bond_amount)?;
        writeln!(f, "Claim deposit     {} lamports", self.claim_deposit_lamports)?;
        writeln!(f, "Claimant's share  {} basis points", self.slash_claimant_basis_points)?;
        writeln!(f, "Authority notice  {}", Seconds(self.authority_notice_seconds))?;
        writeln!(f, "Unbond notice     {}", Seconds(self.unbond_notice_seconds))?;
        writeln!(f, "Paused            {}", if self.paused { "yes" } else { "no" })?;
        write!(f, "Updated at        {}", self.updated_at)
    }
}
