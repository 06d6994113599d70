//! One receipt of a sealed million: proved from the store, verified by whoever gets it; and sealing
//! the million. Beside whoever keeps a plain tree.

use crate::{
    harness::{Comparison, Contender, measure, median},
    report, rival,
};
use anyhow::{Context, Result, ensure};
use rs_merkle::MerkleTree;
use runseal_client::{
    import::{Limits, import},
    proving,
    store::{Cut, LogIdentity, Periods, Receipts},
};
use runseal_ed25519::{PublicKey, Signature, verify};
use runseal_engine::{SealedPeriod, proof::Inclusion};
use runseal_receipt::{Receipt, check_receipt};
use runseal_store::{Options, SqliteStore};
use runseal_store_contract::samples::key_of;
use runseal_types::{Address, Digest, Leaf, Period};
use std::{any::Any, path::Path, time::Instant};

const OURS: &str = "ours";
const PERIOD: Period = Period(0);
/// Receipts all over the period that are proved and verified in each round.
const ASKED: usize = 50;

/// Imports receipts, seals them as one period, and compares what is done with it.
pub(crate) fn compare(rounds: u32, lines: &[u8], folder: &Path) -> Result<Vec<Comparison>> {
    let folder = tempfile::tempdir_in(folder)?;
    let store = SqliteStore::open(&folder.path().join("store.db"), Options::default())?;
    import(&store, lines, &key_of, Limits::default(), &mut drop)?;
    store.bind_log(&LogIdentity { genesis_hash: Digest::ZERO, log: Address::new([1; 32]) })?;
    let began = Instant::now();
    let sealed = store.seal_period(PERIOD, Cut::Everything)?;
    let seconds = began.elapsed().as_secs_f64();
    println!("\n{} receipts: sealed in the store in {seconds:.2} s", sealed.leaf_count);
    let whole = proving::load_period(&store, PERIOD)?;
    let rounds = usize::try_from(rounds)?;
    let asked = asked(&store, &whole)?;
    Ok(vec![
        seal(rounds, &whole),
        prove(rounds, &store, &whole, &asked),
        verify_one(rounds, &whole, &asked)?,
    ])
}

/// A receipt that is asked for: its place, its text, and what shows that it is there.
struct Asked {
    leaf: Leaf,
    text: Vec<u8>,
    inclusion: Inclusion,
}

fn asked(store: &SqliteStore, whole: &SealedPeriod) -> Result<Vec<Asked>> {
    let leaves = whole.leaves();
    let one = |number: usize| {
        let leaf = leaves[number * (leaves.len() - 1) / (ASKED - 1).max(1)];
        let stored = store.find_receipt(&leaf.digest)?.context("what is sealed is stored")?;
        let inclusion = proving::prove_inclusion(store, PERIOD, leaf.agent, leaf.sequence)?;
        let expected = whole.prove_inclusion(leaf.agent, leaf.sequence)?;
        ensure!(inclusion == expected, "the two proofs differ");
        Ok(Asked { leaf, text: stored.text, inclusion })
    };
    (0..ASKED).map(one).collect()
}

/// Sorting, hashing and joining all leaves.
fn seal(rounds: usize, whole: &SealedPeriod) -> Comparison {
    let (place, mut leaves) = (*whole.place(), whole.leaves().to_vec());
    // As they come in: in nobody's order.
    leaves.sort_unstable_by_key(|leaf| leaf.digest);
    let context = place.context();
    let ours = || -> Box<dyn Any> { Box::new(SealedPeriod::seal(place, leaves.iter().copied())) };
    let theirs = || -> Box<dyn Any> {
        let mut sorted = leaves.clone();
        sorted.sort_unstable();
        let bytes: Vec<[u8; 104]> = sorted.iter().map(|leaf| leaf.to_bytes(&context)).collect();
        Box::new(rival::build(&bytes))
    };
    let contenders = [
        Contender { name: rival::NAME, units: 1, work: &theirs },
        Contender { name: OURS, units: 1, work: &ours },
    ];
    let times = measure(rounds, &contenders);
    report::times("sealing: sort, hash and join all leaves", &times);
    times.compare("seal", rival::NAME, OURS)
}

/// A proof from the store, beside one of a tree that is built from the stored leaves.
fn prove(rounds: usize, store: &SqliteStore, whole: &SealedPeriod, asked: &[Asked]) -> Comparison {
    let context = whole.place().context();
    let ours = || -> Box<dyn Any> {
        let proved = asked
            .iter()
            .map(|one| proving::prove_inclusion(store, PERIOD, one.leaf.agent, one.leaf.sequence));
        Box::new(proved.collect::<Vec<_>>())
    };
    let theirs = || -> Box<dyn Any> {
        let leaves = proving::load_leaves(store, PERIOD).unwrap_or_default();
        let bytes: Vec<[u8; 104]> = leaves.iter().map(|leaf| leaf.to_bytes(&context)).collect();
        let tree: MerkleTree<rival::Rfc9162> = rival::build(&bytes);
        Box::new(tree.proof(&[leaves.len() / 2]).proof_hashes().to_vec())
    };
    let began = Instant::now();
    drop(ours());
    let milliseconds = began.elapsed().as_secs_f64() * 1e3 / asked.len() as f64;
    let name = "rs_merkle, built of the stored leaves";
    let contenders = [
        Contender { name, units: 1, work: &theirs },
        Contender { name: OURS, units: asked.len(), work: &ours },
    ];
    let times = measure(rounds, &contenders);
    report::times("proving one receipt", &times);
    println!("  ours by the wall clock: {milliseconds:.3} ms");
    times.compare("prove", name, OURS)
}

/// Reading a receipt, its signature and its proof, beside the same with serde_json, one strict
/// verification and rs_merkle.
fn verify_one(rounds: usize, whole: &SealedPeriod, asked: &[Asked]) -> Result<Comparison> {
    let root = whole.period_root();
    let ours = || -> Box<dyn Any> {
        let good = asked.iter().filter(|one| {
            let receipt = check_receipt(&one.text, key_of);
            receipt.is_ok_and(|receipt| receipt.leaf() == one.leaf)
                && one.inclusion.check(&root).is_ok()
        });
        Box::new(good.count())
    };
    let signed: Vec<Signed> = asked.iter().map(Signed::of).collect::<Result<_>>()?;
    let theirs = || -> Box<dyn Any> {
        let good = asked.iter().zip(&signed).filter(|(one, signed)| {
            let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&one.text);
            parsed.is_ok() && signed.verify() && includes(one, whole)
        });
        Box::new(good.count())
    };
    for contender in [ours(), theirs()] {
        ensure!(contender.downcast_ref() == Some(&asked.len()), "a good receipt was refused");
    }
    let name = "serde_json, dalek's strict rule, rs_merkle";
    let contenders = [
        Contender { name, units: asked.len(), work: &theirs },
        Contender { name: OURS, units: asked.len(), work: &ours },
    ];
    let times = measure(rounds, &contenders);
    report::times("verifying one receipt", &times);
    let microseconds = median(&times.rows[1].seconds) * 1e6;
    println!("  ours: {microseconds:.0} us, with canonical form, limits and fingerprints");
    Ok(times.compare("verify", name, OURS))
}

/// What a plain verifier is given beside the text.
struct Signed {
    key: PublicKey,
    message: Vec<u8>,
    signature: Signature,
}

impl Signed {
    fn of(asked: &Asked) -> Result<Self> {
        let receipt = Receipt::parse(&asked.text)?;
        let key = key_of(&receipt).context("everybody knows the agents' keys")?;
        let signature = receipt.document().signatures().first().context("it is signed")?;
        let message = signature.message(&receipt.digest());
        Ok(Self { key, message, signature: Signature::from(*signature.as_bytes()) })
    }

    fn verify(&self) -> bool {
        verify(&self.key, &self.message, &self.signature).is_ok()
    }
}

fn includes(asked: &Asked, whole: &SealedPeriod) -> bool {
    let hashes: Vec<[u8; 32]> = asked.inclusion.path.iter().map(|it| *it.as_bytes()).collect();
    let leaf = asked.leaf.to_bytes(&whole.place().context());
    let leaf = <rival::Rfc9162 as rs_merkle::Hasher>::hash(&leaf);
    let index = usize::try_from(asked.inclusion.index).unwrap_or(usize::MAX);
    let proof = rs_merkle::MerkleProof::<rival::Rfc9162>::new(hashes);
    proof.verify(*whole.root().as_bytes(), &[index], &[leaf], whole.leaves().len())
}
