//! Receipts from JSON lines to the disk, checked and durable, beside one row and one commit each.
//!
//! This is wall-clock time, since waiting for the disk is most of what is compared. The two take turns in
//! every round on the same disk, each on a fresh file.

use crate::{
    harness::{Comparison, interval, median},
    lines,
};
use anyhow::{Context, Result, ensure};
use runseal_client::{
    import::{Limits, import},
    store::{CheckedReceipt, Cut, LogIdentity, Periods, ReceiptFilter, Receipts, Vitals},
};
use runseal_ed25519::PublicKey;
use runseal_receipt::Receipt;
use runseal_store::{Options, SqliteStore};
use runseal_store_contract::samples::Agent;
use runseal_types::{Address, Digest, Period};
use rusqlite::Connection;
use std::{collections::BTreeMap, path::Path, sync::LazyLock, time::Instant};

const AGENTS: u64 = 100;
/// So many rows are enough to know what a commit takes.
const RIVAL_ROWS: usize = 400;
const RIVAL: &str = "SQLite, one row a commit";

/// What one round took.
struct Round {
    import_rate: f64,
    rival_rate: f64,
    receipts_per_sync: f64,
    seal_seconds: f64,
    cpu_micros: f64,
}

/// Imports and seals, in turns with the rival.
pub(crate) fn import_and_seal(
    rounds: u32,
    receipts: u64,
    folder: &Path,
) -> Result<Vec<Comparison>> {
    std::fs::create_dir_all(folder)?;
    let lines = lines(receipts);
    let size = lines.len() as f64 / receipts as f64;
    println!("{receipts} receipts of {AGENTS} agents, {size:.0} bytes each");
    phases(&lines, folder)?;
    let mut measured = Vec::new();
    for round in 0..=rounds {
        let one = measure(&lines, receipts, folder)?;
        let Round { import_rate, rival_rate, receipts_per_sync, seal_seconds, cpu_micros } = &one;
        println!(
            "  round {round}: {import_rate:.0} receipts a second, {receipts_per_sync:.0} a sync, \
             {cpu_micros:.1} us of processor each, sealed in {seal_seconds:.2} s of one; \
             rival {rival_rate:.0} rows a second"
        );
        // The first one warms up.
        if round > 0 {
            measured.push(one);
        }
    }
    let ratios: Vec<f64> = measured.iter().map(|one| one.import_rate / one.rival_rate).collect();
    let rates: Vec<f64> = measured.iter().map(|one| one.import_rate).collect();
    println!("  median: {:.0} receipts a second", median(&rates));
    let (low, high) = interval(&ratios);
    let rival = RIVAL.to_owned();
    Ok(vec![Comparison { name: "import", rival, ratio: median(&ratios), low, high }])
}

/// Signed receipts of agents whose keys everybody knows.
pub(crate) fn lines(receipts: u64) -> Vec<u8> {
    lines::of((0..AGENTS).map(Agent::new).collect(), receipts)
}

/// The key of a receipt's agent, from all agents' keys: as the command has them from the ledger.
fn key_of(receipt: &Receipt) -> Option<PublicKey> {
    static KEYS: LazyLock<BTreeMap<Address, PublicKey>> = LazyLock::new(|| {
        let agents = (0..AGENTS).map(Agent::new);
        agents.map(|agent| (agent.address(), agent.key())).collect()
    });
    KEYS.get(&receipt.facts().agent).copied()
}

/// Prints what checking and storing take of a processor, each by itself.
fn phases(lines: &[u8], folder: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(folder)?;
    let store = SqliteStore::open(&folder.path().join("store.db"), Options::default())?;
    let texts = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let texts: Vec<Vec<u8>> = texts.map(<[u8]>::to_vec).collect();
    let (mut check_seconds, mut store_seconds) = (0.0, 0.0);
    for batch in texts.chunks(Limits::default().batch_lines) {
        let batch = batch.to_vec();
        let began = process_seconds();
        let checked: Result<Vec<_>, _> =
            CheckedReceipt::check_all(batch, key_of).into_iter().collect();
        let checked = checked?;
        check_seconds += process_seconds() - began;
        let began = process_seconds();
        store.put_receipts(checked)?;
        store_seconds += process_seconds() - began;
    }
    let [check, stored] = [check_seconds, store_seconds].map(|all| all * 1e6 / texts.len() as f64);
    println!("  of a processor: {check:.1} us to check a receipt, {stored:.1} us to store it");
    Ok(())
}

fn measure(lines: &[u8], receipts: u64, folder: &Path) -> Result<Round> {
    let folder = tempfile::tempdir_in(folder)?;
    let rival_rate = rival(lines, &folder.path().join("rival.db"))?;
    let store = SqliteStore::open(&folder.path().join("store.db"), Options::default())?;
    let commits = groups(&store);
    let (began, cpu) = (Instant::now(), process_seconds());
    let mut good = 0;
    import(&store, lines, &key_of, Limits::default(), &mut |answer| {
        good += u64::from(answer.outcome.is_ok());
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let cpu_micros = (process_seconds() - cpu) * 1e6 / receipts as f64;
    ensure!(good == receipts, "{good} of {receipts} were stored");
    let receipts_per_sync = receipts as f64 / (groups(&store) - commits) as f64;
    let seal_seconds = seal(&store, receipts)?;
    Ok(Round {
        import_rate: receipts as f64 / seconds,
        rival_rate,
        receipts_per_sync,
        seal_seconds,
        cpu_micros,
    })
}

fn seal(store: &SqliteStore, receipts: u64) -> Result<f64> {
    store.bind_log(&LogIdentity { genesis_hash: Digest::ZERO, log: Address::new([1; 32]) })?;
    let began = process_seconds();
    let sealed = store.seal_period(Period(0), Cut::Everything)?;
    let seconds = process_seconds() - began;
    ensure!(sealed.leaf_count == receipts, "{} were sealed", sealed.leaf_count);
    let first = store.list_receipts(&ReceiptFilter::default(), None, 1)?;
    first.items.first().context("what is sealed is still there")?;
    Ok(seconds)
}

/// Rows a second with a commit for each, as durable as ours.
fn rival(lines: &[u8], path: &Path) -> Result<f64> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE receipts (id INTEGER PRIMARY KEY, text BLOB NOT NULL);",
    )?;
    let mut insert = connection.prepare("INSERT INTO receipts (text) VALUES (?1)")?;
    let began = Instant::now();
    for line in lines.split(|byte| *byte == b'\n').take(RIVAL_ROWS) {
        insert.execute([line])?;
    }
    Ok(RIVAL_ROWS as f64 / began.elapsed().as_secs_f64())
}

fn process_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// How often the store was synced.
fn groups(store: &SqliteStore) -> u64 {
    store.committed().unwrap_or_default().groups
}
