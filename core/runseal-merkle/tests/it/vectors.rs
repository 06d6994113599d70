//! The vector files: made here from the reference alone, compared with what is committed, and put to
//! the crate. `RUNSEAL_WRITE_VECTORS=1` writes them again.

use crate::{
    mutations::mutations,
    reference::{Hash, Leaves, root_by_pair, root_by_path, root_by_range, roots_by_consistency},
};
use runseal_merkle::{adjacent, consistency, inclusion, range};
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const LEAST_FAILING: usize = 10;

/// One line of a file. Names are those of the fields; proofs are the last list.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) numbers: Vec<(&'static str, u64)>,
    pub(crate) hashes: Vec<(&'static str, Hash)>,
    pub(crate) lists: Vec<(&'static str, Vec<Hash>)>,
}

impl Case {
    pub(crate) fn last_list(&self) -> &[Hash] {
        self.lists.last().map_or(&[], |(_, list)| list)
    }

    fn to_json(&self, must_pass: bool) -> Value {
        let mut fields = Map::from_iter([("name".to_owned(), json!(self.name))]);
        fields.extend(self.numbers.iter().map(|(name, number)| ((*name).into(), json!(number))));
        fields.extend(self.hashes.iter().map(|(name, hash)| ((*name).into(), json!(hex(hash)))));
        let lists = self
            .lists
            .iter()
            .map(|(name, list)| ((*name).into(), list.iter().map(hex).collect::<Vec<_>>().into()));
        fields.extend(lists);
        fields.insert("must_pass".to_owned(), json!(must_pass));
        Value::Object(fields)
    }
}

/// Makes a file's cases, asks the reference which of them hold, and the crate for the same answer.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) passing: Vec<Case>,
    pub(crate) holds: fn(&Case) -> bool,
    pub(crate) verified: fn(&Value) -> bool,
}

impl File {
    pub(crate) fn check(&self) {
        let text = self.text();
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/merkle");
        let path = path.join(self.name);
        write_if_asked(&path, &text);
        let committed = committed(&path);
        assert!(committed == text, "{} is not what it is made of", self.name);
        let file: Value = serde_json::from_str(&committed).unwrap();
        for case in file["cases"].as_array().unwrap() {
            assert_eq!((self.verified)(case), case["must_pass"] == true, "{}", case["name"]);
        }
    }

    fn text(&self) -> String {
        let mut lines = Vec::new();
        for case in &self.passing {
            assert!((self.holds)(case), "{}", case.name);
            lines.push(case.to_json(true).to_string());
            // What says the same, or what no verifier can tell from it, is not listed.
            let failing: Vec<Case> =
                mutations(case).into_iter().filter(|case| !(self.holds)(case)).collect();
            assert!(failing.len() >= LEAST_FAILING, "{}: {}", case.name, failing.len());
            lines.extend(failing.iter().map(|case| case.to_json(false).to_string()));
        }
        let about = json!(self.about);
        format!("{{\"about\": {about},\n\"cases\": [\n{}\n]}}\n", lines.join(",\n"))
    }
}

#[expect(clippy::disallowed_methods, reason = "a test that reads files")]
fn committed(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test that writes files, when somebody asks it to")]
fn write_if_asked(path: &Path, text: &str) {
    if std::env::var("RUNSEAL_WRITE_VECTORS").is_ok() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn inclusion_vectors() {
    let trees = [
        (0, 1),
        (0, 2),
        (1, 2),
        (2, 3),
        (0, 5),
        (4, 5),
        (5, 8),
        (6, 7),
        (9, 13),
        (15, 16),
        (16, 17),
        (700, 1_000),
    ];
    let case = |(index, count)| {
        let leaves = Leaves::numbered(count);
        Case {
            name: format!("leaf {index} of {count}"),
            numbers: vec![("index", index), ("count", count)],
            hashes: vec![
                ("leaf", leaves.hashes(index, index + 1)[0]),
                ("root", leaves.root(0, count)),
            ],
            lists: vec![("path", leaves.path(index, 0, count))],
        }
    };
    let file = File {
        name: "inclusion.json",
        about: "That `leaf` (a leaf's hash) stands at `index` of the tree of `count` leaves under `root`. \
                docs/spec/merkle.md has the format; leaf i of a tree is the eight bytes of i, the lowest first.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [index, count] = [0, 1].map(|at| case.numbers[at].1);
            let root = root_by_path(case.hashes[0].1, index, count, case.last_list());
            root == Some(case.hashes[1].1)
        },
        verified: |case| {
            let (leaf, root) = (hash(&case["leaf"]), hash(&case["root"]));
            let [index, count] = ["index", "count"].map(|name| number(&case[name]));
            inclusion::verify(&leaf, index, count, &hashes(&case["path"]), &root).is_ok()
        },
    };
    file.check();
}

#[test]
fn consistency_vectors() {
    let trees = [
        (1, 1),
        (1, 2),
        (2, 3),
        (3, 3),
        (3, 4),
        (3, 7),
        (4, 7),
        (6, 8),
        (8, 8),
        (7, 13),
        (12, 33),
        (32, 33),
        (600, 1_000),
    ];
    let case = |(first, second)| {
        let leaves = Leaves::numbered(second);
        let roots = [leaves.root(0, first), leaves.root(0, second)];
        Case {
            name: format!("{first} of {second}"),
            numbers: vec![("first_count", first), ("second_count", second)],
            hashes: vec![("first_root", roots[0]), ("second_root", roots[1])],
            lists: vec![("proof", leaves.consistency(first, second))],
        }
    };
    let file = File {
        name: "consistency.json",
        about: "That the tree of `first_count` leaves under `first_root` is the beginning of the tree of \
                `second_count` leaves under `second_root`. docs/spec/merkle.md has the format; leaf i of \
                a tree is the eight bytes of i, the lowest first.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [first, second] = [0, 1].map(|at| case.numbers[at].1);
            let [first_root, second_root] = [0, 1].map(|at| case.hashes[at].1);
            let roots = roots_by_consistency((first, first_root), second, case.last_list(), true);
            roots == Some((first_root, second_root))
        },
        verified: |case| {
            let [first_root, second_root] =
                ["first_root", "second_root"].map(|name| hash(&case[name]));
            let [first, second] = ["first_count", "second_count"].map(|name| number(&case[name]));
            let proof = hashes(&case["proof"]);
            consistency::verify((first, &first_root), (second, &second_root), &proof).is_ok()
        },
    };
    file.check();
}

#[test]
fn adjacent_vectors() {
    let trees = [
        (0, 2),
        (0, 3),
        (1, 3),
        (2, 4),
        (1, 4),
        (3, 5),
        (6, 8),
        (5, 7),
        (7, 9),
        (3, 13),
        (11, 13),
        (15, 17),
        (511, 1_000),
    ];
    let case = |(index, count)| {
        let leaves = Leaves::numbered(count);
        let pair = leaves.hashes(index, index + 2);
        Case {
            name: format!("leaves {index} and {} of {count}", index + 1),
            numbers: vec![("index", index), ("count", count)],
            hashes: vec![("left", pair[0]), ("right", pair[1]), ("root", leaves.root(0, count))],
            lists: vec![("proof", leaves.pair(index, 0, count))],
        }
    };
    let file = File {
        name: "adjacent.json",
        about: "That `left` and `right` (leaves' hashes) stand at `index` and the next place of the tree \
                of `count` leaves under `root`. docs/spec/merkle.md has the format; leaf i of a tree is \
                the eight bytes of i, the lowest first.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [index, count] = [0, 1].map(|at| case.numbers[at].1);
            let [left, right, root] = [0, 1, 2].map(|at| case.hashes[at].1);
            root_by_pair((left, right), index, count, case.last_list()) == Some(root)
        },
        verified: |case| {
            let [left, right, root] = ["left", "right", "root"].map(|name| hash(&case[name]));
            let [index, count] = ["index", "count"].map(|name| number(&case[name]));
            adjacent::verify(&left, &right, index, count, &hashes(&case["proof"]), &root).is_ok()
        },
    };
    file.check();
}

#[test]
fn range_vectors() {
    let trees = [
        (0, 1, 1),
        (0, 1, 2),
        (1, 2, 2),
        (0, 3, 3),
        (1, 3, 5),
        (4, 5, 5),
        (2, 6, 8),
        (0, 4, 7),
        (3, 4, 7),
        (5, 11, 13),
        (500, 509, 1_000),
    ];
    let case = |(from, to, count)| {
        let leaves = Leaves::numbered(count);
        Case {
            name: format!("leaves {from} to before {to} of {count}"),
            numbers: vec![("from", from), ("to", to), ("count", count)],
            hashes: vec![("root", leaves.root(0, count))],
            lists: vec![
                ("leaves", leaves.hashes(from, to)),
                ("proof", leaves.range((from, to), 0, count)),
            ],
        }
    };
    let file = File {
        name: "range.json",
        about: "That `leaves` (leaves' hashes) are those at `from` and on, before `to`, of the tree of \
                `count` leaves under `root`, and that none is missing. docs/spec/merkle.md has the format; \
                leaf i of a tree is the eight bytes of i, the lowest first.",
        passing: trees.map(case).into(),
        holds: |case| {
            let [from, to, count] = [0, 1, 2].map(|at| case.numbers[at].1);
            let root = root_by_range(&case.lists[0].1, (from, to), count, case.last_list());
            root == Some(case.hashes[0].1)
        },
        verified: |case| {
            let [from, to, count] = ["from", "to", "count"].map(|name| number(&case[name]));
            let (leaves, proof) = (hashes(&case["leaves"]), hashes(&case["proof"]));
            range::verify(leaves, from..to, count, &proof, &hash(&case["root"])).is_ok()
        },
    };
    file.check();
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

pub(crate) fn hash(value: &Value) -> Hash {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), 64);
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
}

pub(crate) fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hash).collect()
}
