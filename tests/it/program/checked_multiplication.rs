//! The link step writes the checked multiplication itself: the chain must agree with this machine.

use litesvm::LiteSVM;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;

const PROGRAM: Address = Address::new_from_array([5; 32]);
/// As many as one transaction holds.
const PAIRS_A_TRANSACTION: usize = 50;

#[test]
fn the_chain_multiplies_and_overflows_as_this_machine_does() {
    let mut svm = LiteSVM::new();
    svm.add_program(PROGRAM, &runseal_tests::built_program("runseal-multiply")).unwrap();
    let payer = Keypair::new();
    svm.airdrop(&payer.pubkey(), 1_000_000_000).unwrap();
    let pairs = pairs();
    let mut overflowing = 0;
    for some in pairs.chunks(PAIRS_A_TRANSACTION) {
        for ((a, b), (overflowed, product)) in some.iter().zip(multiply(&mut svm, &payer, some)) {
            assert_eq!((product, overflowed), a.overflowing_mul(*b), "{a} * {b}");
            overflowing += usize::from(overflowed);
        }
    }
    assert!(overflowing > pairs.len() / 4 && overflowing < pairs.len() * 3 / 4, "{overflowing}");
}

/// Every pair of numbers next to a power of two, and as many from a fixed generator.
fn pairs() -> Vec<(u64, u64)> {
    let mut edges: Vec<u64> = vec![0, 1, u64::MAX];
    for shift in [1, 8, 16, 31, 32, 33, 48, 63] {
        let power = 1u64 << shift;
        edges.extend([power - 1, power, power + 1]);
    }
    let mut pairs: Vec<(u64, u64)> =
        edges.iter().flat_map(|a| edges.iter().map(|b| (*a, *b))).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Factors of every width, so that about half of the products overflow.
        (state ^ (state >> 29)) >> (state >> 58)
    };
    pairs.extend((0..2_500).map(|_| (next(), next())));
    pairs
}

fn multiply(svm: &mut LiteSVM, payer: &Keypair, pairs: &[(u64, u64)]) -> Vec<(bool, u64)> {
    let data =
        pairs.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()).collect();
    let instruction = Instruction { program_id: PROGRAM, accounts: vec![], data };
    svm.expire_blockhash();
    let blockhash = svm.latest_blockhash();
    let message = Message::new_with_blockhash(&[instruction], Some(&payer.pubkey()), &blockhash);
    let done = svm.send_transaction(Transaction::new(&[payer], message, blockhash)).unwrap();
    let mut returned = done.return_data.data;
    // The runtime drops the zeros at the end.
    returned.resize(pairs.len() * 16, 0);
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
    returned.chunks_exact(16).map(|pair| (word(&pair[..8]) == 1, word(&pair[8..]))).collect()
}
