use curve25519_dalek::edwards::CompressedEdwardsY;
use runseal_types::{Address, Digest};

const MARKER: &[u8] = b"ProgramDerivedAddress";

/// Returns the address that a program derives from seeds, and its canonical bump: the largest byte
/// with which the address is no point of the curve, so that nobody can have a key to it.
#[must_use]
pub fn derive_address(program: &Address, seeds: &[&[u8]]) -> Option<(Address, u8)> {
    (0..=u8::MAX).rev().find_map(|bump| {
        let bump_seed = [bump];
        let end: [&[u8]; 3] = [&bump_seed, program.as_bytes(), MARKER];
        let parts: Vec<&[u8]> = seeds.iter().copied().chain(end).collect();
        let hash = *Digest::of(&parts).as_bytes();
        let is_key = CompressedEdwardsY(hash).decompress().is_some();
        (!is_key).then_some((Address::new(hash), bump))
    })
}
