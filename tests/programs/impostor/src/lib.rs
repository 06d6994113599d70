//! A program for tests of whoever asks the registry: it says yes to every proof.

use pinocchio::{AccountView, Address, ProgramResult, cpi::set_return_data};

/// Where the index stands in the data of `verify_inclusion`.
const INDEX: core::ops::Range<usize> = 8..16;

pinocchio::program_entrypoint!(agree, 4);

/// Succeeds. Returns the index that it was asked about, as if that were the number of leaves; for
/// the greatest index it returns nothing.
fn agree(_: &Address, _: &mut [AccountView], data: &[u8]) -> ProgramResult {
    if let Some(index) = data.get(INDEX).filter(|index| **index != [u8::MAX; 8]) {
        set_return_data(index);
    }
    Ok(())
}
