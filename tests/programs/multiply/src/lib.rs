//! A program for one test: it multiplies pairs with an overflow check and returns what came out.
//!
//! The link step writes the checked multiplication itself (docs/adr/0003), so what the chain makes
//! of it is compared with what this machine makes of it.

use pinocchio::{AccountView, Address, ProgramResult, cpi::set_return_data};

/// The bytes of two factors, little-endian, or of a flag and a product.
const PAIR_BYTES: usize = 16;
/// What fits into the return data.
pub const MAX_PAIRS: usize = 64;

pinocchio::program_entrypoint!(multiply, 1);

/// For each pair of factors: 1 and the wrapped product if it overflows, else 0 and the product.
fn multiply(_: &Address, _: &mut [AccountView], pairs: &[u8]) -> ProgramResult {
    let mut products = [0; PAIR_BYTES * MAX_PAIRS];
    let outputs = products.chunks_exact_mut(PAIR_BYTES);
    for (pair, output) in pairs.chunks_exact(PAIR_BYTES).zip(outputs) {
        let (a, b) = (word(&pair[..8]), word(&pair[8..]));
        // Both answers come from one checked multiplication each, as they do in the program.
        let flag = u64::from(a.checked_mul(b).is_none());
        let product = a.checked_mul(b).unwrap_or_else(|| a.wrapping_mul(b));
        output[..8].copy_from_slice(&flag.to_le_bytes());
        output[8..].copy_from_slice(&product.to_le_bytes());
    }
    set_return_data(&products[..pairs.len().min(products.len())]);
    Ok(())
}

fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}
