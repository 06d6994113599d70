//! What a mirror fetches, keeps, refuses and cosigns.

use runseal_tests::{Audited, LeafServer, Manners, listed};
use runseal_types::{Address, Digest, Leaf, Sequence};
use serde_json::{Value, json};
use std::{fs, thread, time::Duration};

/// The states of all periods of a mirror's report.
fn states(report: &Value) -> Vec<&str> {
    let periods = report["periods"].as_array().unwrap();
    periods.iter().map(|period| period["state"].as_str().unwrap()).collect()
}

/// Leaves that nobody else has.
fn leaves(count: u64) -> Vec<Leaf> {
    let leaf = |number: u64| Leaf {
        agent: Address::new([7; 32]),
        sequence: Sequence(number),
        digest: Digest::of(&[b"mirror", &number.to_le_bytes()]),
    };
    (0..count).map(leaf).collect()
}

#[tokio::test]
async fn a_log_is_mirrored_from_a_folder_and_from_a_server_and_cosigned() {
    let audited = Audited::new(0);
    let lists = [leaves(3), Vec::new(), leaves(70)];
    for list in &lists {
        audited.anchor_list(list).await;
    }
    let (log, published) = (&audited.stage.log, audited.story.path("published"));
    fs::rename(audited.published(2), audited.story.path("2.leaves")).unwrap();
    let (code, report) = audited.mirror("published");
    assert_eq!((code, states(&report)), (Some(3), vec!["ok", "ok", "missing"]));
    fs::rename(audited.story.path("2.leaves"), audited.published(2)).unwrap();
    let refused = audited.run(&format!("cosign --log {log} --period 2"));
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));

    let server = LeafServer::start(published, Manners::Good);
    let (code, report) = audited.mirror(&server.url);
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"; 3]));
    assert_eq!(server.requests(), ["/lists/2.leaves"], "what is kept is not fetched again");
    for (period, list) in lists.iter().enumerate() {
        let kept = fs::read(audited.mirrored(&format!("{period}.leaves"))).unwrap();
        assert_eq!(kept, listed(list));
    }
    let (code, report) = audited.json(&format!("mirror {log} --from {} --period 3", server.url));
    assert_eq!((code, states(&report)), (Some(3), vec!["not anchored"]));

    let nobody = audited.run(&format!("cosign --log {log}"));
    assert_eq!(nobody.code, Some(1), "{nobody:?}");
    let key = audited.story.key("auditor");
    audited.story.done(&format!("-k vendor.json auditor register {key} --organisation a.example"));
    // What is mirrored is checked at the moment of cosigning, not believed.
    let kept = audited.mirrored("0.leaves");
    let right = fs::read(&kept).unwrap();
    fs::write(&kept, &right[72..]).unwrap();
    let (code, report) = audited.json(&format!("cosign --log {log}"));
    let rows = report.as_array().unwrap().iter();
    let states: Vec<_> = rows.map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!((code, states), (Some(1), vec!["differs", "cosigned", "cosigned"]));
    let refused = audited.run(&format!("cosign --log {log} --period 0"));
    assert!(refused.code == Some(1) && refused.stderr.contains("differs"), "{refused:?}");
    fs::write(&kept, &right).unwrap();
    for state in ["cosigned", "cosigned before"] {
        let (code, report) = audited.json(&format!("cosign --log {log} --period 0"));
        assert_eq!((code, &report[0]["state"]), (Some(0), &json!(state)));
    }
}

#[tokio::test]
async fn a_list_that_is_not_what_was_anchored_is_put_aside_and_never_lost() {
    let audited = Audited::new(0);
    let right = leaves(5);
    audited.anchor_list(&leaves(4)).await;
    audited.anchor_list(&right).await;
    let bytes = listed(&right);
    let with = |change: fn(&mut Vec<Leaf>)| {
        let mut leaves = right.clone();
        change(&mut leaves);
        listed(&leaves)
    };
    let mut flipped = bytes.clone();
    flipped[100] ^= 1;
    let wrongs = [
        ("nothing", Vec::new(), "0 leaves, the anchor says 5"),
        ("a byte is missing", bytes[..359].to_vec(), "359 bytes are not a number of leaves"),
        ("a leaf is missing at the end", bytes[..288].to_vec(), "4 leaves, the anchor says 5"),
        (
            "a leaf is missing",
            with(|it| it.retain(|leaf| leaf.sequence.0 != 2)),
            "4 leaves, the anchor says 5",
        ),
        ("a bit of a leaf", flipped, "leaf 1 does not stand behind the one before it"),
        ("a digest", with(|it| it[4].digest = Digest::ZERO), "the leaves lead to "),
        ("two exchanged", with(|it| it.swap(1, 2)), "leaf 2 does not stand behind"),
        ("a leaf twice", with(|it| it[3] = it[2]), "leaf 3 does not stand behind"),
        ("of another period", listed(&leaves(4)), "4 leaves, the anchor says 5"),
        ("a byte more", [bytes.as_slice(), &[0]].concat(), "longer than the 5 leaves"),
        ("a leaf more", listed(&leaves(6)), "longer than the 5 leaves"),
    ];
    let mut aside = Vec::new();
    for (name, wrong, reason) in wrongs {
        fs::write(audited.published(1), &wrong).unwrap();
        let (code, report) = audited.mirror("published");
        assert_eq!((code, states(&report)), (Some(1), vec!["ok", "differs"]), "{name}");
        let (period, kept_as) = (&report["periods"][1], report["periods"][1]["keptAs"].as_str());
        assert!(period["reason"].as_str().unwrap().contains(reason), "{name}: {period}");
        assert!(!audited.mirrored("1.leaves").exists(), "{name}");
        aside.push((name, kept_as.unwrap().to_owned(), wrong));
    }
    // The same list again is the same evidence.
    let (_, report) = audited.mirror("published");
    assert_eq!(report["periods"][1]["keptAs"], json!(aside.last().unwrap().1));
    fs::write(audited.published(1), &bytes).unwrap();
    let (code, report) = audited.mirror("published");
    assert_eq!((code, states(&report)), (Some(0), vec!["ok", "ok"]));
    for (name, kept_as, wrong) in &aside {
        assert_eq!(&fs::read(audited.story.path(kept_as)).unwrap(), wrong, "{name}");
    }
}

#[tokio::test]
async fn a_server_s_manners_change_nothing_but_when_a_list_is_there() {
    let audited = Audited::new(0);
    let list = leaves(50);
    audited.anchor_list(&list).await;
    let bytes = listed(&list);
    let published = || audited.story.path("published");
    let part = audited.mirrored("0.leaves.part");
    let fresh = |begun: &[u8]| {
        drop(fs::remove_file(audited.mirrored("0.leaves")));
        fs::create_dir_all(part.parent().unwrap()).unwrap();
        fs::write(&part, begun).unwrap();
    };
    let begun = &bytes[..1_000];
    let other = vec![9; 1_000];
    let again = ["/lists/0.leaves from 1000", "/lists/0.leaves"];
    let cases: [(&str, Manners, &[u8], &[&str]); 7] = [
        ("goes on", Manners::Good, begun, &again[..1]),
        ("goes on from what another list began", Manners::Good, &other, &again),
        ("cannot go on", Manners::NoRanges, begun, &again[..1]),
        ("answers another part", Manners::WrongRange, begun, &again),
        ("has everything", Manners::Good, &bytes, &[]),
        (
            "breaks off",
            Manners::BreaksOff(2_000),
            &[],
            &["/lists/0.leaves", "/lists/0.leaves from 2000"],
        ),
        ("has more than was anchored", Manners::Good, &[bytes.as_slice(), &[1]].concat(), &[]),
    ];
    for (name, manners, begun, expected) in cases {
        let server = LeafServer::start(published(), manners);
        fresh(begun);
        let (code, report) = audited.mirror(&server.url);
        assert_eq!((code, states(&report)), (Some(0), vec!["ok"]), "{name}: {report}");
        assert_eq!(fs::read(audited.mirrored("0.leaves")).unwrap(), bytes, "{name}");
        let asked = server.requests();
        assert!(asked == expected || name == "has more than was anchored", "{name}: {asked:?}");
        assert!(!part.exists(), "{name}");
    }
    let server = LeafServer::start(published(), Manners::Endless);
    fresh(&[]);
    let (code, report) = audited.mirror(&server.url);
    assert_eq!((code, states(&report)), (Some(1), vec!["differs"]));
    let size = fs::metadata(audited.mirrored("0.leaves.differs")).unwrap().len();
    assert_eq!(size, 51 * 72, "no more than a leaf is read of what does not end");

    let server = LeafServer::start(published(), Manners::Fails);
    let (code, report) = audited.mirror(&server.url);
    assert_eq!((code, states(&report)), (Some(4), vec!["unavailable"]));
    let nowhere = audited.run(&format!("mirror {} --from nowhere", audited.stage.log));
    assert_eq!((nowhere.code, nowhere.stdout.as_str()), (Some(2), ""));
}

#[tokio::test]
async fn a_mirror_that_is_killed_goes_on_where_it_was() {
    let audited = Audited::new(0);
    let list = leaves(20_000);
    audited.anchor_list(&list).await;
    let log = &audited.stage.log;
    let slow = LeafServer::start(audited.story.path("published"), Manners::Stalls(1_200_000));
    let line = format!("--home auditor mirror {log} --from {}", slow.url);
    let mut child = audited.story.runseal.start(&line);
    let part = audited.mirrored("0.leaves.part");
    let written = || fs::metadata(&part).map_or(0, |part| part.len());
    for _ in 0..600 {
        if written() >= 1 << 20 {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let begun = written();
    assert!((1 << 20..=1_200_000).contains(&begun), "{begun}");

    let good = LeafServer::start(audited.story.path("published"), Manners::Good);
    let (code, report) = audited.mirror(&good.url);
    assert_eq!((code, states(&report)), (Some(0), vec!["ok"]));
    assert_eq!(good.requests(), [format!("/lists/0.leaves from {begun}")]);
    assert_eq!(fs::read(audited.mirrored("0.leaves")).unwrap(), listed(&list));
}
