use super::hex;
use runseal_client::{program::Deployed, registry};
use runseal_ledger::PROGRAM_BYTES;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// The program as the ledger has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgramView {
    address: String,
    program_data: String,
    upgrade_authority: Option<String>,
    deployed_in_slot: u64,
    size: usize,
    sha256: String,
    /// Whether it is the program that this command carries.
    is_carried: bool,
}

impl From<&Deployed> for ProgramView {
    fn from(deployed: &Deployed) -> Self {
        Self {
            address: registry::PROGRAM.to_string(),
            program_data: deployed.program_data.to_string(),
            upgrade_authority: deployed.upgrade_authority.map(|key| key.to_string()),
            deployed_in_slot: deployed.slot,
            size: deployed.bytes.len(),
            sha256: hex(&deployed.sha256()),
            is_carried: deployed.is(PROGRAM_BYTES),
        }
    }
}

impl Display for ProgramView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let authority = self.upgrade_authority.as_deref();
        writeln!(f, "Program            {}", self.address)?;
        writeln!(f, "Program data       {}", self.program_data)?;
        writeln!(f, "Upgrade authority  {}", authority.unwrap_or("none: it can no longer change"))?;
        writeln!(f, "Deployed in slot   {}", self.deployed_in_slot)?;
        writeln!(f, "Size               {} bytes, without zeros at the end", self.size)?;
        writeln!(f, "SHA-256 of these   {}", self.sha256)?;
        let carried = if self.is_carried { "the one that this command carries" } else { "another" };
        write!(f, "Which program      {carried}")
    }
}
