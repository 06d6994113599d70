use runseal_client::refusal::Refusal;
use solana_instruction::error::InstructionError;
use solana_transaction_error::TransactionError;

/// Gives a transaction's error the registry's own words where it has them.
pub(crate) fn refusal(error: &TransactionError) -> Refusal {
    if let TransactionError::InstructionError(_, InstructionError::Custom(code)) = error
        && let Some(refusal) = Refusal::from_code(*code)
    {
        return refusal;
    }
    Refusal::Chain { reason: error.to_string() }
}
