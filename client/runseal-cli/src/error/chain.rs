//! What to do when the chain itself refuses, which says little.

/// Returns what to do about a refusal in the chain's own words, as far as those tell.
pub(super) fn hint(reason: &str) -> Option<&'static str> {
    if is_about_lamports(reason) {
        return Some("the payer has too few lamports: `runseal airdrop 1` on a test ledger");
    }
    // The runtime knows a program from the slot after its deployment on.
    if reason.contains("program id") {
        return Some("the program is not deployed there, or was a moment ago: wait a few seconds");
    }
    // The system program's word for an account that is in use.
    if reason.ends_with("custom program error: 0x0") {
        return Some("what was to be made is there already, made by this key under this name");
    }
    // The program's macro says so of an account that is not there, or is another kind.
    if reason.ends_with("account data too small for instruction") {
        return Some("an address has nothing there, or something else: check addresses and keys");
    }
    None
}

/// The runtime has several errors for an empty purse, and wraps some in others.
fn is_about_lamports(reason: &str) -> bool {
    ["no record of a prior credit", "insufficient", "Insufficient"]
        .iter()
        .any(|part| reason.contains(part))
        || reason.ends_with("custom program error: 0x1")
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn an_error_s_number_is_not_taken_for_one_that_it_begins_with() {
        let lamports = "the payer has too few lamports: `runseal airdrop 1` on a test ledger";
        for (number, expected) in [("0x1", Some(lamports)), ("0x11", None), ("0x1771", None)] {
            let reason = format!("Error processing Instruction 0: custom program error: {number}");
            assert_eq!(hint(&reason), expected, "{number}");
        }
    }
}
