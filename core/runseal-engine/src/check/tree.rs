//! Whether the period's tree shows what is said of it.

use super::Case;
use crate::{
    bundle::Statement,
    report::{Finding, Reason},
};
use runseal_receipt::member::integer;

/// Whether the proof holds against the anchor's root and count.
pub(crate) fn proof(case: &Case<'_>) -> Finding {
    let Some(root) = case.period_root() else {
        return Reason::ProofUndecided.into();
    };
    let (expected, found) = (root.leaf_count, case.bundle.parts.leaf_count);
    if expected != found {
        return Finding::from(Reason::CountDiffers).differs(integer(expected), integer(found));
    }
    let (good, shown) = match &case.bundle.parts.statement {
        Statement::Inclusion(inclusion) => {
            (Reason::Included, inclusion.check(&root).map_err(|problem| problem.to_string()))
        }
        Statement::Absence(absence) => {
            (Reason::Absent, absence.check(&root).map_err(|problem| problem.to_string()))
        }
        Statement::Ends(ends) => {
            (Reason::Complete, ends.check(&root).map_err(|problem| problem.to_string()))
        }
        Statement::Span(span) => {
            (Reason::Complete, span.check(&root).map_err(|problem| problem.to_string()))
        }
    };
    match shown {
        Ok(()) => Finding::from(good).fact("leaf_count", integer(root.leaf_count)),
        Err(problem) => Finding::from(Reason::ProofWrong).because(problem),
    }
}
