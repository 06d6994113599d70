//! Of all bytes, one token alone is believed: the one that was signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_timestamp::{Roots, token_of, verify};
use runseal_types::Digest;
use std::sync::LazyLock;

const TOKEN: &[u8] = include_bytes!("../../vectors/timestamp/token.der");
const ROOTS: &[u8] = include_bytes!("../../vectors/timestamp/root.pem");
static TRUSTED: LazyLock<Roots> =
    LazyLock::new(|| Roots::parse_pem(ROOTS).expect("the vector has a root"));

fuzz_target!(|data: &[u8]| {
    let imprint = Digest::of(&[b"a receipt"]);
    if verify(data, &imprint, None, &TRUSTED).is_ok() {
        assert_eq!(data, TOKEN);
    }
    if let Ok(token) = token_of(data) {
        assert!(data.windows(token.len()).any(|part| part == token));
    }
    Roots::parse_pem(data).map(drop).unwrap_or(());
});
