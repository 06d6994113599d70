//! Reads the registry's accounts as evidence, everywhere that a verdict is made, browsers included.
//!
//! A verdict may come from any endpoint's answers, so nothing is taken from an account before it is
//! sure that the registry wrote it: owner, kind, size, layout, every zero, and that what it says of
//! itself lives where it was found. `docs/spec/program.md` has the layouts; the tests hold this crate to the
//! program's own types, which no browser can compile (docs/adr/0013).
//!
//! ```no_run
//! use runseal_engine::{Policy, verify_text};
//! use runseal_evidence::Registry;
//!
//! # let (bundle, policy) = (Vec::new(), Vec::new());
//! let policy = Policy::parse(&policy)?;
//! let report = verify_text(&bundle, &policy, &Registry);
//! println!("{}", report.verdict().as_str());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod address;
mod fields;
mod layout;
mod wanted;

pub use address::derive_address;
pub use wanted::{Wanted, wanted};

use fields::Kind;
use runseal_engine::account::{Account, AccountError, RawAccount, ReadAccount};
use runseal_engine::{Policy, Report, verify_text};
use runseal_types::Address;

/// Reads accounts of the registry program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registry;

impl ReadAccount for Registry {
    fn read(&self, program: &Address, raw: &RawAccount) -> Result<Account, AccountError> {
        let (kind, mut fields) = Kind::open(program, raw)?;
        let bump = fields.header()?;
        let read = layout::read(kind, &mut fields)?;
        fields.finish()?;
        read.check_address(program, raw.address, bump)?;
        Ok(read.account)
    }
}

/// Checks the text of a bundle by the text of a policy, and returns the text of the report.
///
/// This is all that a page or another language needs. A policy that cannot be read is an error: there
/// is no verdict without somebody who asks for something.
pub fn verify_texts(bundle: &[u8], policy: &[u8]) -> Result<Vec<u8>, runseal_engine::BundleError> {
    Ok(report_on(bundle, policy)?.to_value().canonical())
}

fn report_on(bundle: &[u8], policy: &[u8]) -> Result<Report, runseal_engine::BundleError> {
    Ok(verify_text(bundle, &Policy::parse(policy)?, &Registry))
}
