//! A process that stores, seals and promises is killed at random moments, or what it stores in is.
//! Whatever it was told is stored is still there, and no period ever gets a second root.
//!
//! Thirty rounds, or five hundred with RUNSEAL_LONG=1. A test's file is both the process and its killer.
#![allow(clippy::print_stdout, reason = "the process says what it was told, the test how it went")]

use crate::{
    periods::LOG,
    samples::{Agent, Wish, event, key_of},
};
use runseal_client::{
    import::{Limits, import},
    store::{Cut, SignedPromise, Store},
};
use runseal_types::{Digest, Period, Promise};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

const STORE: &str = "RUNSEAL_STORE_OF_THE_PROCESS_TO_KILL";

/// Opens the store at a place that the killer and the process name alike.
pub type Open<'a, S> = &'a dyn Fn(&str) -> S;

/// Goes on for ever if this is the process that is to be killed.
pub fn go_on_if_told<S: Store>(open: Open<'_, S>) {
    if let Ok(place) = env::var(STORE) {
        go_on_for_ever(&open(&place));
    }
}

/// Starts and ends processes that store at `place`. `kill` ends one, or what it stores in; `check`
/// looks whether the store is sound.
pub fn kill_many<S: Store>(
    place: &str,
    open: Open<'_, S>,
    kill: &mut dyn FnMut(u64, &mut Child),
    check: &dyn Fn(&S),
) {
    let rounds = if env::var_os("RUNSEAL_LONG").is_some() { 500 } else { 30 };
    let mut told = Told::default();
    for round in 0..rounds {
        kill_one(place, round, &mut told, kill);
        let store = open(place);
        check(&store);
        check_told(&store, &mut told);
    }
    let (receipts, periods) = (told.receipts.len(), told.periods.len());
    assert!(receipts > 0 && periods > 0 && !told.events.is_empty() && !told.promises.is_empty());
    println!("{rounds} kills: {receipts} receipts and {periods} periods acknowledged, none lost");
}

/// What processes were told is stored, over all rounds.
#[derive(Default)]
struct Told {
    receipts: BTreeSet<Digest>,
    promises: BTreeSet<Digest>,
    events: BTreeSet<(String, u64)>,
    /// Told or not: what was seen once must not change.
    periods: BTreeMap<u64, Digest>,
}

impl Told {
    fn take(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["receipt", digest] => drop(self.receipts.insert(digest.parse().unwrap())),
            ["promise", digest] => drop(self.promises.insert(digest.parse().unwrap())),
            ["event", run, seq] => {
                self.events.insert(((*run).to_owned(), seq.parse().unwrap()));
            }
            ["period", period, root] => {
                self.see_period(period.parse().unwrap(), root.parse().unwrap());
            }
            _ => panic!("{line}"),
        }
    }

    fn see_period(&mut self, period: u64, root: Digest) {
        let before = *self.periods.entry(period).or_insert(root);
        assert_eq!(before, root, "period {period} has two roots");
    }
}

/// Starts the process, lets it go on for a while, and kills it.
fn kill_one(place: &str, round: u64, told: &mut Told, kill: &mut dyn FnMut(u64, &mut Child)) {
    let mut random = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random >> 33) % below
    };
    let mut process = Command::new(env::current_exe().unwrap())
        .env(STORE, place)
        .stdout(Stdio::piped())
        // Whose store is killed says so at length.
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    // Now and then before it could say anything at all.
    for _ in 0..draw(300) {
        line.clear();
        lines.read_line(&mut line).unwrap();
        told.take(line.trim_end());
    }
    thread::sleep(Duration::from_micros(draw(15_000)));
    kill(round, &mut process);
    process.kill().unwrap();
    process.wait().unwrap();
    for rest in lines.lines() {
        told.take(&rest.unwrap());
    }
}

fn check_told(store: &impl Store, told: &mut Told) {
    for digest in &told.receipts {
        assert!(store.find_receipt(digest).unwrap().is_some(), "receipt {digest} is lost");
    }
    for digest in &told.promises {
        assert!(store.find_promise(digest).unwrap().is_some(), "promise of {digest} is lost");
    }
    for (run, seq) in &told.events {
        let found = store.list_events(run, seq.checked_sub(1), 1).unwrap();
        assert_eq!(found.first().map(|event| event.seq), Some(*seq), "event of {run} is lost");
    }
    let mut from = 0;
    loop {
        let periods = store.list_periods(Period(from), 1_000).unwrap();
        periods.iter().for_each(|sealed| told.see_period(sealed.period.0, sealed.root));
        match periods.last() {
            Some(last) => from = last.period.0 + 1,
            None => break,
        }
    }
    assert_eq!(from, told.periods.len() as u64, "a sealed period is lost");
}

/// The process: four threads that store without end and say what they were told.
fn go_on_for_ever(store: &impl Store) {
    store.bind_log(&LOG).unwrap();
    let last = |agent: &Agent| store.last_leaf(&agent.address()).unwrap();
    let [one, two, three] =
        [1, 2, 3].map(|number| Agent::resume(number, last(&Agent::new(number))));
    thread::scope(|scope| {
        scope.spawn(|| store_batches(store, one));
        scope.spawn(|| import_lines(store, two));
        scope.spawn(|| run_agents(store, three));
        scope.spawn(|| seal_periods(store));
    });
}

/// One write a line, so that a killed process leaves whole lines.
fn say(line: String) {
    let mut out = std::io::stdout().lock();
    out.write_all((line + "\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn store_batches(store: &impl Store, mut agent: Agent) {
    for size in (1..20).cycle() {
        let receipts = agent.sign_many(size);
        let leaves: Vec<_> = receipts.iter().map(|receipt| receipt.columns().leaf).collect();
        let answers = store.put_receipts(receipts).unwrap();
        for (leaf, answer) in leaves.iter().zip(answers) {
            answer.unwrap();
            say(format!("receipt {}", leaf.digest));
        }
        let sealed = store.list_periods(Period(0), 1).map_or(0, |periods| periods.len() as u64);
        let period = Period(1_000_000 * sealed);
        let promise = Promise { context: LOG.context(period), period, leaf: leaves[0] };
        let signed = SignedPromise { promise, signature: [1; 64] };
        // It may have been sealed meanwhile.
        if store.put_promise(&signed).is_ok() {
            say(format!("promise {}", leaves[0].digest));
        }
    }
}

fn import_lines(store: &impl Store, mut agent: Agent) {
    loop {
        let lines: Vec<u8> =
            (0..40).flat_map(|_| [agent.text(&Wish::default()), b"\n".to_vec()].concat()).collect();
        let limits = Limits { threads: 2, batch_lines: 7, batch_bytes: 1 << 20 };
        import(store, lines.as_slice(), &key_of, limits, &mut |answer| {
            say(format!("receipt {}", answer.outcome.unwrap().leaf.digest));
        })
        .unwrap();
    }
}

fn run_agents(store: &impl Store, mut agent: Agent) {
    loop {
        // A run that a killed process left behind keeps its name.
        let run_id = format!("run-{}-{}", agent.next, std::process::id());
        store.start_run(&agent.run(&run_id)).unwrap();
        let events: Vec<_> = (0..5).map(|seq| event(&format!("e{seq}"), seq, "text")).collect();
        for event in &events {
            store.put_event(&run_id, event.clone()).unwrap();
            say(format!("event {run_id} {}", event.event.seq));
        }
        let receipt = agent.sign(&Wish { run_id: Some(run_id.clone()), events, ..Wish::default() });
        let digest = receipt.columns().leaf.digest;
        store.finish_run(&run_id, receipt, None).unwrap();
        say(format!("receipt {digest}"));
    }
}

fn seal_periods(store: &impl Store) {
    let mut next = 0;
    loop {
        let listed = store.list_periods(Period(next), 1_000).unwrap();
        if let Some(last) = listed.last() {
            next = last.period.0 + 1;
            continue;
        }
        let sealed = store.seal_period(Period(next), Cut::Everything).unwrap();
        say(format!("period {next} {}", sealed.root));
        thread::sleep(Duration::from_millis(3));
    }
}
