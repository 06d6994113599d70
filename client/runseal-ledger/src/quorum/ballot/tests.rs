use super::*;

/// Accounts by letters: `"ab"` are two accounts, the first with content a, the second with b; `.` is
/// an account that is not there.
fn reading(slot: u64, contents: &str) -> Reading {
    let accounts = contents.bytes().enumerate().filter(|(_, content)| *content != b'.');
    let account = |(index, content): (usize, u8)| {
        let address = at(index);
        let owner = Address::from([9; 32]);
        (address, RawAccount { address, owner, lamports: slot, data: vec![content] })
    };
    Reading { slot, accounts: accounts.map(account).collect() }
}

fn at(index: usize) -> Address {
    Address::from([u8::try_from(index).unwrap(); 32])
}

fn ballot(said: &[(usize, u64, &str)]) -> Ballot {
    let mut ballot = Ballot::default();
    for (endpoint, slot, contents) in said {
        ballot.count(*endpoint, reading(*slot, contents));
    }
    ballot
}

/// What was said, by whom and of which slot; what 2 agree on as of which slot; who is caught, in
/// which slot and about which accounts; whether endpoints 0 to 2 are all known.
type Case<'a> = (
    &'a str,
    &'a [(usize, u64, &'a str)],
    Option<(u64, &'a str)>,
    &'a [(usize, u64, &'a [usize])],
    bool,
);

const CASES: &[Case<'_>] = &[
    ("nobody says anything", &[], None, &[], false),
    ("all say the same", &[(0, 5, "a"), (1, 5, "a"), (2, 5, "a")], Some((5, "a")), &[], true),
    (
        "the same of other slots",
        &[(0, 5, "a"), (1, 6, "a"), (2, 9, "a")],
        Some((6, "a")),
        &[],
        true,
    ),
    (
        "nothing is there for all",
        &[(0, 5, "."), (1, 5, "."), (2, 5, ".")],
        Some((5, ".")),
        &[],
        true,
    ),
    ("one is not heard", &[(0, 5, "a"), (1, 5, "a")], Some((5, "a")), &[], false),
    ("one alone", &[(0, 5, "a")], None, &[], false),
    ("one alone, often", &[(0, 5, "a"), (0, 6, "a"), (0, 7, "a")], None, &[], false),
    (
        "one lies about a slot",
        &[(0, 5, "ab"), (1, 5, "ab"), (2, 5, "ac")],
        Some((5, "ab")),
        &[(2, 5, &[1])],
        true,
    ),
    (
        "one hides",
        &[(0, 5, "ab"), (1, 5, "ab"), (2, 5, "a.")],
        Some((5, "ab")),
        &[(2, 5, &[1])],
        true,
    ),
    (
        "one invents",
        &[(0, 5, "a."), (1, 5, "a."), (2, 5, "ab")],
        Some((5, "a.")),
        &[(2, 5, &[1])],
        true,
    ),
    (
        "it lies about a slot that only one other spoke of",
        &[(0, 4, "a"), (1, 5, "a"), (2, 5, "b")],
        Some((4, "a")),
        &[(2, 5, &[0])],
        true,
    ),
    (
        "other slots are not compared",
        &[(0, 5, "a"), (1, 5, "a"), (2, 6, "b")],
        Some((5, "a")),
        &[],
        false,
    ),
    (
        "until they are the same",
        &[(0, 5, "a"), (1, 5, "a"), (2, 6, "b"), (0, 6, "a"), (1, 7, "a")],
        Some((6, "a")),
        &[(2, 6, &[0])],
        true,
    ),
    (
        "a change is no lie",
        &[(0, 5, "a"), (1, 5, "a"), (2, 6, "b"), (0, 6, "b"), (1, 6, "b")],
        Some((6, "b")),
        &[],
        true,
    ),
    (
        "what changes in every slot is compared slot by slot",
        &[(0, 5, "a"), (1, 6, "b"), (2, 7, "c"), (0, 7, "c"), (1, 7, "c")],
        Some((7, "c")),
        &[],
        true,
    ),
    (
        "a lie is not forgotten for the truth",
        &[(0, 5, "a"), (1, 5, "a"), (2, 5, "z"), (2, 6, "a")],
        Some((5, "a")),
        &[(2, 5, &[0])],
        true,
    ),
    (
        "who contradicts himself is caught by it",
        &[(0, 4, "a"), (1, 6, "a"), (2, 5, "a"), (2, 5, "b")],
        Some((5, "a")),
        &[(2, 5, &[0])],
        true,
    ),
    (
        "one word against another",
        &[(0, 5, "a"), (1, 5, "b")],
        None,
        &[(0, 5, &[0]), (1, 5, &[0])],
        false,
    ),
    (
        "three words",
        &[(0, 5, "a"), (1, 5, "b"), (2, 5, "c")],
        None,
        &[(0, 5, &[0]), (1, 5, &[0]), (2, 5, &[0])],
        true,
    ),
    (
        "who agrees on one account and lies about another agrees on nothing",
        &[(0, 5, "ab"), (1, 5, "ac"), (2, 5, "db")],
        None,
        &[(0, 5, &[1]), (1, 5, &[1]), (2, 5, &[0])],
        true,
    ),
];

#[test]
fn what_is_agreed_and_who_is_caught() {
    for (name, said, agreed, lies, is_settled) in CASES {
        let ballot = ballot(said);
        let found = ballot.agreed(2);
        let slot = found.as_ref().map(|reading| reading.slot);
        assert_eq!(slot, agreed.map(|(slot, _)| slot), "{name}");
        if let (Some(found), Some((_, contents))) = (&found, agreed) {
            let expected = reading(0, contents).accounts;
            assert_eq!(differing(&found.accounts, &expected), [], "{name}");
        }
        let expected: BTreeMap<usize, Lie> = lies
            .iter()
            .map(|(endpoint, slot, accounts)| {
                let accounts = accounts.iter().map(|index| at(*index)).collect();
                (*endpoint, Lie { slot: *slot, accounts })
            })
            .collect();
        assert_eq!(ballot.lies(), expected, "{name}");
        assert_eq!(ballot.is_settled(2, &[0, 1, 2]), *is_settled, "{name}");
    }
}

#[test]
fn who_answers_in_which_order_changes_nothing() {
    for (name, said, ..) in CASES {
        let mut backwards = said.to_vec();
        backwards.reverse();
        let (one, other) = (ballot(said), ballot(&backwards));
        let caught = |ballot: &Ballot| -> Vec<(usize, u64)> {
            ballot.lies().into_iter().map(|(endpoint, lie)| (endpoint, lie.slot)).collect()
        };
        assert_eq!(caught(&one), caught(&other), "{name}");
        let slot = |ballot: &Ballot| ballot.agreed(2).map(|reading| reading.slot);
        assert_eq!(slot(&one), slot(&other), "{name}");
    }
}

#[test]
fn every_word_of_everybody_is_in_the_observations() {
    let names = ["one", "two", "liar"].map(str::to_owned);
    let ballot = ballot(&[(0, 5, "ab"), (1, 6, "ab"), (2, 5, "a.")]);
    let observations = ballot.observations(&[at(0), at(1)], &names);
    let said = |index: usize, account: usize, content: Option<u8>, answers: &[(&str, u64)]| {
        let told = &observations[index];
        assert_eq!(told.address, at(account));
        assert_eq!(told.account.as_ref().map(|account| account.data[0]), content);
        let found: Vec<_> =
            told.answers.iter().map(|answer| (answer.endpoint.as_str(), answer.slot)).collect();
        assert_eq!(found, answers);
    };
    assert_eq!(observations.len(), 3);
    said(0, 0, Some(b'a'), &[("one", 5), ("two", 6), ("liar", 5)]);
    said(1, 1, Some(b'b'), &[("one", 5), ("two", 6)]);
    said(2, 1, None, &[("liar", 5)]);
}

#[test]
fn the_few_can_neither_push_nor_hold_what_the_many_reached() {
    let cases: [(usize, &[u64], Option<u64>); 9] = [
        (2, &[], None),
        (2, &[7], None),
        (1, &[7], Some(7)),
        (2, &[7, 7, 7], Some(7)),
        (2, &[5, 6, 7], Some(6)),
        (2, &[5, 6, u64::MAX], Some(6)),
        (2, &[5, 6, 0], Some(5)),
        (3, &[5, 6, 7, u64::MAX, 0], Some(6)),
        (0, &[5], None),
    ];
    for (needed, numbers, expected) in cases {
        assert_eq!(reached(needed, numbers.iter().copied()), expected, "{needed} of {numbers:?}");
    }
}
