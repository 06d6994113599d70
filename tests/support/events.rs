//! What the program announced, as it stands in a transaction's logs.

use litesvm::types::TransactionMetadata;

/// The bytes of every event that a transaction announced: the discriminator and the fields.
pub fn events_of(done: &TransactionMetadata) -> Vec<Vec<u8>> {
    let lines = done.logs.iter().filter_map(|line| line.strip_prefix("Program data: "));
    lines.map(from_base64).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |byte| LETTERS.iter().position(|letter| *letter == byte);
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0usize, 0);
    for six in text.bytes().map_while(value) {
        bits = (bits << 6) | six;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
        bits &= (1 << held) - 1;
    }
    bytes
}
