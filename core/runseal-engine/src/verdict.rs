//! One verdict on a bundle: every check, in order, by the caller's policy.

use crate::{
    account::ReadAccount,
    bundle::{Bundle, Statement},
    check::{self, Case},
    policy::Policy,
    report::{Check, Finding, Reason, Report},
};
use runseal_receipt::{
    json::{Object, Value},
    member::{integer, object_of},
};
use runseal_types::Address;

/// Checks the text of a bundle. A text that is no bundle fails by that name.
pub fn verify_text(text: &[u8], policy: &Policy, reader: &impl ReadAccount) -> Report {
    match Bundle::parse(text) {
        Ok(bundle) => verify(&bundle, policy, reader),
        Err(problem) => {
            let finding = Finding::from(Reason::NotABundle).because(problem);
            Report::new(Object::new(), policy, [(Check::Bundle, finding)])
        }
    }
}

/// Checks a bundle: what it says against what the chain says, by what the caller asks for.
///
/// Accounts are those that the caller read, which his policy carries, and those in the bundle, as
/// far as the policy lets them count. Keys come from them and never from a receipt.
pub fn verify(bundle: &Bundle, policy: &Policy, reader: &impl ReadAccount) -> Report {
    let case = Case::open(bundle, policy, reader);
    let asked = Check::ALL.iter().copied();
    let asked = asked.filter(|check| is_asked(*check, &bundle.parts().statement));
    let found = asked.map(|check| (check, ask(check, &case)));
    Report::new(subject(bundle), policy, found.collect::<Vec<_>>())
}

/// An absence has no receipt, so nothing is asked of one; and several come without their events.
fn is_asked(check: Check, statement: &Statement) -> bool {
    match statement {
        Statement::Absence(_) => matches!(
            check,
            Check::Bundle
                | Check::Chain
                | Check::Accounts
                | Check::Proof
                | Check::Anchor
                | Check::Log
                | Check::Finality
                | Check::Cosigners
        ),
        _ => check != Check::Events || statement.leaves().len() == 1,
    }
}

fn ask(check: Check, case: &Case<'_>) -> Finding {
    match check {
        Check::Bundle => Reason::WellFormed.into(),
        Check::Chain => check::chain(case),
        Check::Accounts => check::accounts(case),
        Check::Signature => check::signature(case),
        Check::Key => check::key(case),
        Check::Agent => check::agent(case),
        Check::Version => check::version(case),
        Check::Certification => check::certification(case),
        Check::Policies => check::policies(case),
        Check::Events => check::events(case),
        Check::Countersignatures => check::countersignatures(case),
        Check::Proof => check::proof(case),
        Check::Anchor => check::anchor(case),
        Check::Log => check::log(case),
        Check::Finality => check::finality(case),
        Check::Cosigners => check::cosigners(case),
        Check::Coverage => check::coverage(case),
    }
}

/// What the report is about.
fn subject(bundle: &Bundle) -> Object {
    let parts = bundle.parts();
    let mut subject = object_of([
        ("kind", Value::from(parts.statement.kind())),
        ("genesis_hash", Value::from(Address::new(*parts.place.genesis_hash.as_bytes()))),
        ("program", Value::from(parts.program)),
        ("log", Value::from(parts.place.log)),
        ("period", integer(parts.place.period.0)),
        ("agent", Value::from(parts.statement.agent())),
    ]);
    let mut put = |member: &str, value| drop(subject.insert(member.to_owned(), value));
    if let Statement::Absence(absence) = &parts.statement {
        put("sequence", integer(absence.sequence.0));
    }
    let leaves = parts.statement.leaves();
    if let (Some(first), Some(last)) = (leaves.first(), leaves.last()) {
        put("from", integer(first.sequence.0));
        put("to", integer(last.sequence.0));
        put("digest", Value::from(first.digest));
    }
    subject
}
