use runseal_client::{
    deployment::{Kind, Plan},
    ledger::Landed,
};
use serde::Serialize;
use solana_address::Address;
use std::fmt::{self, Display, Formatter};

/// What a deployment would do and need.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanView {
    program: String,
    kind: &'static str,
    size_bytes: usize,
    extension_bytes: usize,
    transactions: usize,
    buffer_lamports: u64,
    rent_lamports: u64,
}

impl PlanView {
    pub(crate) fn new(program: &Address, plan: &Plan) -> Self {
        let (kind, extension_bytes) = match plan.kind {
            Kind::Nothing => ("nothing", 0),
            Kind::First => ("first deployment", 0),
            Kind::Upgrade { extension_bytes } => ("upgrade", extension_bytes),
        };
        Self {
            program: program.to_string(),
            kind,
            size_bytes: plan.size_bytes,
            extension_bytes,
            transactions: plan.writes,
            buffer_lamports: plan.buffer_lamports,
            rent_lamports: plan.rent_lamports,
        }
    }
}

impl Display for PlanView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Program       {}", self.program)?;
        writeln!(f, "To do         {}", self.kind)?;
        writeln!(f, "Size          {} bytes", self.size_bytes)?;
        if self.extension_bytes > 0 {
            writeln!(f, "Grows by      {} bytes", self.extension_bytes)?;
        }
        writeln!(f, "Transactions  {} for its bytes", self.transactions)?;
        writeln!(f, "Buffer        {} lamports, which come back", self.buffer_lamports)?;
        write!(f, "Rent          {} lamports, which stay", self.rent_lamports)
    }
}

/// What a deployment did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeployView {
    #[serde(flatten)]
    plan: PlanView,
    signature: Option<String>,
    slot: Option<u64>,
}

impl DeployView {
    pub(crate) fn new(program: &Address, plan: &Plan, landed: Option<Landed>) -> Self {
        Self {
            plan: PlanView::new(program, plan),
            signature: landed.map(|landed| landed.signature.to_string()),
            slot: landed.map(|landed| landed.slot),
        }
    }
}

impl Display for DeployView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.signature, self.slot) {
            (Some(signature), Some(slot)) => {
                let (kind, program) = (self.plan.kind, &self.plan.program);
                write!(f, "Done, {kind}: {program}\nTransaction {signature} in slot {slot}")
            }
            _ => write!(f, "Nothing to do: {} has these very bytes", self.plan.program),
        }
    }
}
