use crate::{
    conflict,
    samples::{Agent, Wish, event},
};
use runseal_client::store::{
    Appended, CheckedReceipt, Conflict, EntryDraft, NewEvent, NewRun, RunFilter, RunState,
    Standing, Store, Stored, UnnumberedEvent,
};
use runseal_receipt::{Status, json::Value};
use runseal_types::Digest;

fn receipt(agent: &mut Agent, run_id: &str, events: &[NewEvent]) -> CheckedReceipt {
    let run_id = Some(run_id.to_owned());
    agent.sign(&Wish { run_id, events: events.to_vec(), ..Wish::default() })
}

fn started(store: &impl Store, run_id: &str) -> Agent {
    let agent = Agent::new(1);
    assert_eq!(store.start_run(&agent.run(run_id)).unwrap(), Stored::New);
    agent
}

pub fn a_run_goes_from_start_to_receipt(store: &impl Store) {
    let mut agent = started(store, "run");
    let events = [event("a", 0, "one"), event("b", 5, "two")];
    for event in &events {
        assert_eq!(store.put_event("run", event.clone()).unwrap(), Stored::New);
    }
    let row = store.list_runs(Some("run"), true, None, 1).unwrap().items.remove(0);
    assert_eq!((row.state, row.event_count, row.last_seq), (RunState::Active, 2, Some(5)));
    assert_eq!(row.run, agent.run("run"));
    let receipt = receipt(&mut agent, "run", &events);
    let digest = receipt.columns().leaf.digest;
    assert_eq!(store.finish_run("run", receipt.clone(), None).unwrap(), Stored::New);
    assert_eq!(store.finish_run("run", receipt, None).unwrap(), Stored::Before);
    let row = store.list_runs(Some("run"), false, None, 1).unwrap().items.remove(0);
    assert_eq!(row.state, RunState::Finished { receipt: digest });
    assert!(store.find_receipt(&digest).unwrap().is_some());
    assert!(store.list_runs(None, true, None, 10).unwrap().items.is_empty());
}

pub fn another_start_under_the_same_name_is_refused(store: &impl Store) {
    let agent = started(store, "run");
    let run = agent.run("run");
    assert_eq!(store.start_run(&run).unwrap(), Stored::Before);
    let text = || "other".to_owned();
    let others = [
        ("trace", with(&run, |run| run.trace_id = text())),
        ("agent", with(&run, |run| run.agent = Agent::new(2).address())),
        ("adapter", with(&run, |run| run.adapter = text())),
        ("session", with(&run, |run| run.session_key = Some(text()))),
        ("start", with(&run, |run| run.started_at = crate::samples::time(1))),
        ("trigger", with(&run, |run| run.trigger = None)),
    ];
    for (fact, other) in others {
        let expected = Conflict::RunDiffers { run_id: "run".to_owned(), fact };
        assert_eq!(conflict(store.start_run(&other)), expected);
    }
}

fn with(run: &NewRun, change: impl FnOnce(&mut NewRun)) -> NewRun {
    let mut changed = run.clone();
    change(&mut changed);
    changed
}

pub fn the_same_event_again_is_a_repetition_also_after_the_end(store: &impl Store) {
    let mut agent = started(store, "run");
    let one = event("a", 0, "one");
    assert_eq!(store.put_event("run", one.clone()).unwrap(), Stored::New);
    assert_eq!(store.put_event("run", one.clone()).unwrap(), Stored::Before);
    // The same event in another spelling.
    let mut spaced = one.clone();
    spaced.text.extend(b"  ");
    assert_eq!(store.put_event("run", spaced).unwrap(), Stored::Before);
    let receipt = receipt(&mut agent, "run", std::slice::from_ref(&one));
    store.finish_run("run", receipt, None).unwrap();
    assert_eq!(store.put_event("run", one).unwrap(), Stored::Before);
    assert_eq!(store.list_events("run", None, 10).unwrap().len(), 1);
}

pub fn another_event_under_the_same_id_is_refused(store: &impl Store) {
    started(store, "run");
    store.put_event("run", event("a", 0, "one")).unwrap();
    for other in [event("a", 0, "two"), event("a", 1, "one")] {
        let (run_id, event_id) = ("run".to_owned(), "a".to_owned());
        let expected = Conflict::EventDiffers { run_id, event_id };
        assert_eq!(conflict(store.put_event("run", other)), expected);
    }
}

pub fn events_come_in_the_order_of_their_numbers(store: &impl Store) {
    started(store, "run");
    store.put_event("run", event("a", 4, "one")).unwrap();
    for seq in [0, 3, 4] {
        let expected = Conflict::SeqNotIncreasing { run_id: "run".to_owned(), seq, last_seq: 4 };
        assert_eq!(conflict(store.put_event("run", event("b", seq, "two"))), expected);
    }
    assert_eq!(store.put_event("run", event("b", 5, "two")).unwrap(), Stored::New);
}

fn unnumbered(event_id: &str, content: &str) -> UnnumberedEvent {
    let Value::Object(mut object) =
        runseal_receipt::json::parse(&event(event_id, 0, content).text).unwrap()
    else {
        panic!("an event is an object")
    };
    object.remove("seq");
    UnnumberedEvent::check(object).unwrap()
}

pub fn an_event_without_a_number_gets_the_next(store: &impl Store) {
    started(store, "run");
    let append =
        |event_id: &str, content: &str| store.append_event("run", unnumbered(event_id, content));
    let new = |seq| Appended { stored: Stored::New, seq };
    assert_eq!(append("a", "one").unwrap(), new(0));
    assert_eq!(append("b", "two").unwrap(), new(1));
    store.put_event("run", event("c", 7, "three")).unwrap();
    assert_eq!(append("d", "four").unwrap(), new(8));
    // A repetition keeps its number, whoever gave it.
    assert_eq!(append("c", "three").unwrap(), Appended { stored: Stored::Before, seq: 7 });
    assert_eq!(append("b", "two").unwrap(), Appended { stored: Stored::Before, seq: 1 });
    let (run_id, event_id) = ("run".to_owned(), "b".to_owned());
    let differs = Conflict::EventDiffers { run_id, event_id };
    assert_eq!(conflict(append("b", "another")), differs);
    let unknown = Conflict::UnknownRun { run_id: "other".to_owned() };
    assert_eq!(conflict(store.append_event("other", unnumbered("a", "one"))), unknown);
}

fn entry(entry_id: &str) -> EntryDraft {
    EntryDraft {
        entry_id: entry_id.to_owned(),
        agent_id: "agent".to_owned(),
        timestamp: crate::samples::time(9),
        content_type: "run".to_owned(),
        content: [("run_id".to_owned(), Value::from("run"))].into(),
    }
}

pub fn a_run_goes_on_after_a_checkpoint(store: &impl Store) {
    let mut agent = started(store, "run");
    let one = event("a", 0, "one");
    store.put_event("run", one.clone()).unwrap();
    let (run_id, status) = (Some("run".to_owned()), Some(Status::Checkpoint));
    let wish = Wish { run_id, status, events: vec![one.clone()], ..Wish::default() };
    let checkpoint = agent.sign(&wish);
    let digest = checkpoint.columns().leaf.digest;
    assert_eq!(store.finish_run("run", checkpoint, Some(entry("c"))).unwrap(), Stored::New);
    assert!(store.find_receipt(&digest).unwrap().is_some());
    assert_eq!(store.list_entries("agent", 0, 9).unwrap().len(), 1);
    let two = event("b", 1, "two");
    assert_eq!(store.put_event("run", two.clone()).unwrap(), Stored::New);
    let stale = agent.sign(&wish);
    let run_id = "run".to_owned();
    let refused = Conflict::EventCount { run_id, claimed: 1, stored: 2 };
    assert_eq!(conflict(store.finish_run("run", stale, None)), refused);
    let mut agent = Agent::resume(1, store.last_leaf(&agent.address()).unwrap());
    store.finish_run("run", receipt(&mut agent, "run", &[one, two]), None).unwrap();
}

pub fn a_run_and_its_entry_end_together_or_not(store: &impl Store) {
    let mut agent = started(store, "run");
    store.append_entry(&EntryDraft { agent_id: "other".to_owned(), ..entry("taken") }).unwrap();
    let receipt = receipt(&mut agent, "run", &[]);
    let taken = Conflict::IdTaken { kind: "ledger entry", id: "taken".to_owned() };
    assert_eq!(conflict(store.finish_run("run", receipt.clone(), Some(entry("taken")))), taken);
    assert_eq!(store.find_receipt(&receipt.columns().leaf.digest).unwrap(), None);
    assert_eq!(store.list_runs(None, true, None, 9).unwrap().items.len(), 1);
    store.finish_run("run", receipt, Some(entry("free"))).unwrap();
    let entries = store.list_entries("agent", 0, 9).unwrap();
    assert_eq!(entries.iter().map(|it| it.draft.clone()).collect::<Vec<_>>(), [entry("free")]);
    assert!(store.list_runs(None, true, None, 9).unwrap().items.is_empty());
}

pub fn the_latest_runs_come_first(store: &impl Store) {
    let mut agent = Agent::new(1);
    for number in 0..5 {
        store.start_run(&agent.run(&format!("run-{number}"))).unwrap();
    }
    let failed =
        Wish { run_id: Some("run-1".to_owned()), status: Some(Status::Failed), ..Wish::default() };
    store.finish_run("run-1", agent.sign(&failed), None).unwrap();
    store.finish_run("run-3", receipt(&mut agent, "run-3", &[]), None).unwrap();
    let list = |standing, before, limit| {
        let page = store.latest_runs(&RunFilter { standing }, before, limit).unwrap();
        let names = page.items.iter().map(|run| (run.row.run.run_id.clone(), run.standing));
        (names.collect::<Vec<_>>(), page.next)
    };
    let run = |number: u64, standing| (format!("run-{number}"), standing);
    let (completed, failed) = (Standing::Ended(Status::Completed), Standing::Ended(Status::Failed));
    let (first, next) = list(None, None, 3);
    assert_eq!(first, [run(4, Standing::Active), run(3, completed), run(2, Standing::Active)]);
    assert_eq!(list(None, next, 3), (vec![run(1, failed), run(0, Standing::Active)], None));
    assert_eq!(list(Some(failed), None, 3).0, [run(1, failed)]);
    assert_eq!(list(Some(Standing::Active), None, 9).0.len(), 3);
    assert!(list(Some(Standing::Ended(Status::Refused)), None, 9).0.is_empty());
    let counts = store.count_runs().unwrap();
    let counts = counts.iter().map(|it| (it.standing, it.adapter.as_str(), it.count));
    let expected =
        [(Standing::Active, "openclaw", 3), (completed, "openclaw", 1), (failed, "openclaw", 1)];
    assert_eq!(counts.collect::<Vec<_>>(), expected);
}

pub fn a_finished_run_takes_nothing_more(store: &impl Store) {
    let mut agent = started(store, "run");
    let receipt_of_run = receipt(&mut agent, "run", &[]);
    let digest = receipt_of_run.columns().leaf.digest;
    store.finish_run("run", receipt_of_run, None).unwrap();
    let finished = Conflict::RunFinished { run_id: "run".to_owned(), receipt: digest };
    assert_eq!(conflict(store.put_event("run", event("a", 0, "late"))), finished);
    let another = receipt(&mut agent, "run", &[]);
    let digest = another.columns().leaf.digest;
    assert_eq!(conflict(store.finish_run("run", another, None)), finished);
    assert_eq!(store.find_receipt(&digest).unwrap(), None);
}

pub fn a_run_ends_only_with_a_receipt_of_its_own(store: &impl Store) {
    let mut agent = started(store, "run");
    let run_id = || "run".to_owned();
    let of_other_run = receipt(&mut Agent::new(1), "other", &[]);
    let expected = Conflict::OtherRun { expected: run_id(), found: "other".to_owned() };
    assert_eq!(conflict(store.finish_run("run", of_other_run, None)), expected);
    let of_other_agent = receipt(&mut Agent::new(2), "run", &[]);
    let expected = Conflict::RunDiffers { run_id: run_id(), fact: "agent" };
    assert_eq!(conflict(store.finish_run("run", of_other_agent, None)), expected);
    let of_more_events = receipt(&mut Agent::new(1), "run", &[event("a", 0, "one")]);
    let expected = Conflict::EventCount { run_id: run_id(), claimed: 1, stored: 0 };
    assert_eq!(conflict(store.finish_run("run", of_more_events, None)), expected);
    let unknown = Conflict::UnknownRun { run_id: "other".to_owned() };
    let for_unknown = receipt(&mut Agent::new(1), "other", &[]);
    assert_eq!(conflict(store.finish_run("other", for_unknown, None)), unknown);
    assert_eq!(conflict(store.put_event("other", event("a", 0, "one"))), unknown);
    // The receipt's place may be taken, and then the run goes on.
    let fork = Agent::new(1).sign(&Wish { nonce: 1, ..Wish::default() });
    store.put_receipts(vec![fork]).unwrap().remove(0).unwrap();
    let refused = conflict(store.finish_run("run", receipt(&mut agent, "run", &[]), None));
    assert!(matches!(refused, Conflict::PlaceTaken { .. }));
    assert_eq!(store.list_runs(None, true, None, 10).unwrap().items.len(), 1);
    assert_eq!(store.find_receipt(&Digest::ZERO).unwrap(), None);
}

pub fn runs_and_events_are_listed_in_pages(store: &impl Store) {
    for number in 0..7 {
        started(store, &format!("run-{number}"));
    }
    let first = store.list_runs(None, false, None, 4).unwrap();
    let rest = store.list_runs(None, false, first.next, 4).unwrap();
    let names: Vec<String> =
        first.items.into_iter().chain(rest.items).map(|row| row.run.run_id).collect();
    assert_eq!(names, (0..7).map(|number| format!("run-{number}")).collect::<Vec<_>>());
    assert_eq!(rest.next, None);
    for seq in 0..7 {
        store.put_event("run-3", event(&format!("e{seq}"), seq, "text")).unwrap();
    }
    let first = store.list_events("run-3", None, 4).unwrap();
    let rest = store.list_events("run-3", Some(first[3].seq), 4).unwrap();
    let numbers: Vec<u64> = first.iter().chain(&rest).map(|event| event.seq).collect();
    assert_eq!(numbers, (0..7).collect::<Vec<_>>());
    assert_eq!(first[2].text, event("e2", 2, "text").text);
    assert!(store.list_events("run-4", None, 4).unwrap().is_empty());
}
