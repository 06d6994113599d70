//! The embedded ledger's own Ed25519 program, held against the one that clusters run.

use runseal_ledger::check_signatures;
use solana_keypair::Keypair;
use solana_signer::Signer;

const MESSAGE: &[u8] = b"a promise";
const THIS: u16 = u16::MAX;

/// What a cluster's program says, of an instruction that stands alone.
fn cluster(data: &[u8]) -> Result<(), u32> {
    let features = litesvm::LiteSVM::mainnet_feature_set();
    let checked = agave_precompiles::ed25519::verify(data, &[data], &features);
    checked.map_err(|refusal| refusal as u32)
}

fn embedded(data: &[u8]) -> Result<(), u32> {
    check_signatures(data).map_err(|refusal| refusal as u32)
}

/// Header, key, signature, message: as the client builds it.
fn good() -> Vec<u8> {
    let key = Keypair::new();
    let size = u16::try_from(MESSAGE.len()).unwrap();
    let words = [1, 48, THIS, 16, THIS, 112, size, THIS];
    let header: Vec<u8> = words.iter().flat_map(|word: &u16| word.to_le_bytes()).collect();
    let signature = key.sign_message(MESSAGE);
    [&header, key.pubkey().as_ref(), signature.as_ref(), MESSAGE].concat()
}

#[test]
fn a_signature_that_is_shown_is_taken() {
    let good = good();
    assert_eq!((embedded(&good), cluster(&good)), (Ok(()), Ok(())));
    // Twice the same signature is two signatures.
    let mut twice = [&[2, 0], &good[2..16], &good[2..16], &good[16..]].concat();
    for word in [2, 6, 10, 16, 20, 24] {
        let at = u16::from_le_bytes([twice[word], twice[word + 1]]) + 14;
        twice[word..word + 2].copy_from_slice(&at.to_le_bytes());
    }
    assert_eq!((embedded(&twice), cluster(&twice)), (Ok(()), Ok(())));
    let nothing = [0, 0];
    assert_eq!((embedded(&nothing), cluster(&nothing)), (Ok(()), Ok(())));
}

#[test]
fn every_cut_and_every_bit_gets_a_cluster_s_answer() {
    let good = good();
    for size in 0..good.len() {
        assert_eq!(embedded(&good[..size]), cluster(&good[..size]), "{size} bytes");
    }
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[at] ^= 1 << bit;
            let (ours, theirs) = (embedded(&changed), cluster(&changed));
            assert_eq!(
                ours.is_ok(),
                theirs.is_ok(),
                "bit {bit} of byte {at}: {ours:?}, {theirs:?}"
            );
        }
    }
    for count in 2..=u8::MAX {
        let mut more = good.clone();
        more[0] = count;
        assert_eq!(embedded(&more).is_ok(), cluster(&more).is_ok(), "{count} signatures");
    }
}

#[test]
fn what_lies_in_another_instruction_is_not_looked_into() {
    for word in [4, 8, 14] {
        let mut elsewhere = good();
        elsewhere[word..word + 2].copy_from_slice(&[0, 0]);
        assert_eq!(cluster(&elsewhere), Ok(()), "it is the first instruction itself");
        assert_eq!(embedded(&elsewhere), Err(3));
    }
}
