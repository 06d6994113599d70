use crate::{conflict, samples::time};
use runseal_client::store::{
    AgentName, CheckpointRecord, Conflict, EntryDraft, EntryFilter, Lifecycle, LifecycleStatus,
    Store, Stored, checkpoint_hash, entries_root, entry_hash,
};
use runseal_receipt::json::Value;
use runseal_types::Address;

fn lifecycle(agent_id: &str, status: LifecycleStatus) -> Lifecycle {
    Lifecycle {
        agent_id: agent_id.to_owned(),
        status,
        registered_at: time(1),
        activated_at: Some(time(2)),
        paused_at: None,
        retired_at: None,
        last_heartbeat: Some(time(3)),
        metadata: Some("{}".to_owned()),
    }
}

pub fn a_lifecycle_changes_only_from_what_the_caller_saw(store: &impl Store) {
    use LifecycleStatus::{Active, Paused, Registered};
    assert_eq!(store.find_lifecycle("a").unwrap(), None);
    let agent = lifecycle("a", Registered);
    store.put_lifecycle(&agent, None).unwrap();
    assert_eq!(store.find_lifecycle("a").unwrap(), Some(agent));
    for expected in [None, Some(Active), Some(Paused)] {
        let refused = conflict(store.put_lifecycle(&lifecycle("a", Active), expected));
        let (agent_id, stored) = ("a".to_owned(), Some(Registered));
        assert_eq!(refused, Conflict::LifecycleChanged { agent_id, stored, expected });
    }
    store.put_lifecycle(&lifecycle("a", Active), Some(Registered)).unwrap();
    assert_eq!(store.find_lifecycle("a").unwrap().unwrap().status, Active);
}

pub fn lifecycles_are_listed_by_id(store: &impl Store) {
    for agent_id in ["c", "a", "d", "b"] {
        store.put_lifecycle(&lifecycle(agent_id, LifecycleStatus::Active), None).unwrap();
    }
    let list = |after, limit| {
        let agents = store.list_lifecycles(after, limit).unwrap();
        agents.into_iter().map(|agent| agent.agent_id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, 3), ["a", "b", "c"]);
    assert_eq!(list(Some("c"), 3), ["d"]);
    assert!(list(Some("d"), 3).is_empty());
}

fn draft(agent_id: &str, entry_id: &str) -> EntryDraft {
    EntryDraft {
        entry_id: entry_id.to_owned(),
        agent_id: agent_id.to_owned(),
        timestamp: time(5),
        content_type: "run".to_owned(),
        content: [("run_id".to_owned(), Value::from(entry_id))].into(),
    }
}

pub fn entries_form_a_chain(store: &impl Store) {
    let (mut previous, mut all) = (None, Vec::new());
    for seq in 0..4 {
        let draft = draft("a", &format!("e{seq}"));
        // Another agent's ledger is another chain.
        store
            .append_entry(&EntryDraft {
                agent_id: "b".into(),
                entry_id: format!("b{seq}"),
                ..draft.clone()
            })
            .unwrap();
        let entry = store.append_entry(&draft).unwrap();
        assert_eq!((entry.seq, entry.previous), (seq, previous));
        assert_eq!(entry.hash, entry_hash(&draft, seq, previous));
        previous = Some(entry.hash);
        all.push(entry);
    }
    assert_eq!(store.list_entries("a", 0, 10).unwrap(), all);
    assert_eq!(store.list_entries("a", 2, 1).unwrap(), all[2..3]);
    assert!(store.list_entries("c", 0, 10).unwrap().is_empty());
}

pub fn an_entry_id_is_used_once(store: &impl Store) {
    let entry = store.append_entry(&draft("a", "e")).unwrap();
    assert_eq!(store.append_entry(&draft("a", "e")).unwrap(), entry);
    let taken = Conflict::IdTaken { kind: "ledger entry", id: "e".to_owned() };
    let others = [
        draft("b", "e"),
        EntryDraft { timestamp: time(6), ..draft("a", "e") },
        EntryDraft { content: Default::default(), ..draft("a", "e") },
    ];
    for other in others {
        assert_eq!(conflict(store.append_entry(&other)), taken);
    }
    assert_eq!(store.list_entries("a", 0, 10).unwrap().len(), 1);
}

pub fn checkpoints_cover_a_ledger_without_gaps(store: &impl Store) {
    let nothing = Conflict::NothingToCheckpoint { agent_id: "a".to_owned() };
    assert_eq!(conflict(store.put_checkpoint("a", "c0", time(9))), nothing);
    let mut hashes = Vec::new();
    let mut append = |count: u64| {
        for _ in 0..count {
            let entry_id = format!("e{}", hashes.len());
            hashes.push(store.append_entry(&draft("a", &entry_id)).unwrap().hash);
        }
        hashes.clone()
    };
    let root = entries_root(append(3));
    let first = store.put_checkpoint("a", "c0", time(9)).unwrap();
    assert_eq!((first.from_seq, first.entry_count, first.root), (0, 3, root));
    assert_eq!(store.put_checkpoint("a", "c0", time(9)).unwrap(), first);
    assert_eq!(conflict(store.put_checkpoint("a", "c1", time(9))), nothing);
    let taken = Conflict::IdTaken { kind: "checkpoint", id: "c0".to_owned() };
    let root = entries_root(append(2)[3..].to_vec());
    assert_eq!(conflict(store.put_checkpoint("a", "c0", time(10))), taken);
    let second = store.put_checkpoint("a", "c1", time(10)).unwrap();
    let expected = CheckpointRecord {
        checkpoint_id: "c1".to_owned(),
        agent_id: "a".to_owned(),
        timestamp: time(10),
        from_seq: 3,
        entry_count: 2,
        root,
        previous: Some(first.hash),
        hash: second.hash,
    };
    assert_eq!(second, expected);
    assert_eq!(second.hash, checkpoint_hash(&expected));
    assert_eq!(store.find_checkpoint("c1").unwrap().as_ref(), Some(&second));
    assert_eq!(store.find_checkpoint("c2").unwrap(), None);
    assert_eq!(store.list_checkpoints("a", 0, 10).unwrap(), [first.clone(), second.clone()]);
    assert_eq!(
        store.list_checkpoints("a", 1, 10).unwrap().as_slice(),
        std::slice::from_ref(&second)
    );
    let before = |seq, limit| store.list_checkpoints_before("a", seq, limit).unwrap();
    assert_eq!(before(u64::MAX, 10), [second.clone(), first.clone()]);
    assert_eq!(before(u64::MAX, 1), [second]);
    assert_eq!(before(3, 10), [first]);
    assert_eq!(before(0, 10), []);
    assert_eq!(store.list_checkpoints_before("b", u64::MAX, 10).unwrap(), []);
}

pub fn a_name_is_one_agents_for_good(store: &impl Store) {
    let name = |agent_id: &str, agent: u8| AgentName {
        agent_id: agent_id.to_owned(),
        agent: Address::new([agent; 32]),
    };
    assert_eq!(store.find_agent("a").unwrap(), None);
    assert_eq!(store.name_agent(&name("a", 1)).unwrap(), Stored::New);
    assert_eq!(store.name_agent(&name("a", 1)).unwrap(), Stored::Before);
    assert_eq!(store.name_agent(&name("A", 2)).unwrap(), Stored::New);
    for (other, stored) in [
        (name("a", 2), Address::new([1; 32]).to_string()),
        (name("a", 3), Address::new([1; 32]).to_string()),
        (name("b", 1), "a".to_owned()),
    ] {
        let (agent_id, offered) = (other.agent_id.clone(), other.agent);
        let differs = Conflict::AgentDiffers { agent_id, stored, offered };
        assert_eq!(conflict(store.name_agent(&other)), differs);
    }
    assert_eq!(store.find_agent("a").unwrap(), Some(name("a", 1)));
    assert_eq!(store.find_agent_name(&Address::new([2; 32])).unwrap(), Some(name("A", 2)));
    assert_eq!(store.find_agent_name(&Address::new([3; 32])).unwrap(), None);
}

pub fn entries_are_found_by_what_they_are_about(store: &impl Store) {
    let entry = |agent: &str, id: &str, content_type: &str, about: Option<&str>| EntryDraft {
        content_type: content_type.to_owned(),
        content: about.map(|it| ("about".to_owned(), Value::from(it))).into_iter().collect(),
        ..draft(agent, id)
    };
    for entry in [
        entry("a", "1", "x", Some("one")),
        entry("b", "2", "x", Some("one")),
        entry("a", "3", "y", Some("one")),
        entry("a", "4", "x", None),
        entry("a", "5", "x", Some("two")),
        // Without `about` an entry is about its run.
        draft("a", "6"),
    ] {
        store.append_entry(&entry).unwrap();
    }
    let find = |content_type: &str, agent_id: Option<&str>, about: Option<&str>, newest_first| {
        let (agent_id, about) = (agent_id.map(str::to_owned), about.map(str::to_owned));
        let filter =
            EntryFilter { content_type: content_type.to_owned(), agent_id, about, newest_first };
        // One at a time, so that pages are joined.
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.find_entries(&filter, after, 1).unwrap();
            found.extend(page.items.into_iter().map(|entry| entry.draft.entry_id));
            after = page.next;
            if after.is_none() {
                return found.concat();
            }
        }
    };
    assert_eq!(find("x", None, None, false), "1245");
    assert_eq!(find("x", None, None, true), "5421");
    assert_eq!(find("x", Some("a"), None, false), "145");
    assert_eq!(find("x", None, Some("one"), true), "21");
    assert_eq!(find("x", Some("b"), Some("one"), false), "2");
    assert_eq!(find("run", None, Some("6"), false), "6");
    assert_eq!(find("z", None, None, false), "");
    assert_eq!(find("x", Some("c"), None, false), "");
    assert_eq!(store.find_entry("3").unwrap().unwrap().draft.content_type, "y");
    assert_eq!(store.find_entry("7").unwrap(), None);
    assert_eq!(store.last_entry("a").unwrap().unwrap().draft.entry_id, "6");
    assert_eq!(store.last_entry("c").unwrap(), None);
}
