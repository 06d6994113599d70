//! Writes the inputs that fuzzing starts from: the vector files, in the form that the targets read.
//!
//! The argument is the folder that gets a folder for each target.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_types::Address;
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let folder = env::args_os().nth(1).expect("a folder to write to");
    let seeds = Seeds { to: folder.into() };
    seeds.proofs("inclusion", &["index", "count"], &["leaf", "root"]);
    seeds.proofs("consistency", &["first_count", "second_count"], &["first_root", "second_root"]);
    seeds.proofs("adjacent", &["index", "count"], &["left", "right", "root"]);
    seeds.ranges();
    seeds.absences();
    seeds.canonical();
    seeds.documents();
    seeds.bundles();
    seeds.questions();
    seeds.small();
    seeds.stamps();
}

struct Seeds {
    to: PathBuf,
}

impl Seeds {
    /// Writes one input; the same bytes always have the same name.
    fn write(&self, target: &str, bytes: &[u8]) {
        let folder = self.to.join(target);
        fs::create_dir_all(&folder).expect("the folder can be made");
        let name = runseal_types::Digest::of(&[bytes]).to_string();
        fs::write(folder.join(&name[..16]), bytes).expect("the seed can be written");
    }

    fn proofs(&self, name: &str, numbers: &[&str], hashes: &[&str]) {
        for case in cases(&format!("merkle/{name}.json"), "cases") {
            let proof = if name == "inclusion" { "path" } else { "proof" };
            let parts = [all(&case, numbers, number), all(&case, hashes, hex), list(&case[proof])];
            self.write(&format!("merkle_{name}"), &parts.concat());
        }
    }

    fn ranges(&self) {
        for case in cases("merkle/range.json", "cases") {
            let leaves = list(&case["leaves"]);
            let shown = vec![u8::try_from(leaves.len() / 32).expect("few leaves")];
            let numbers = all(&case, &["from", "to", "count"], number);
            let parts = [numbers, shown, hex(&case["root"]), leaves, list(&case["proof"])];
            self.write("merkle_range", &parts.concat());
        }
    }

    /// Neighbours are gaps, and so are the first leaf and the last.
    fn absences(&self) {
        for case in cases("merkle/adjacent.json", "cases") {
            let numbers = all(&case, &["index", "count"], number);
            let hashes = all(&case, &["left", "right", "root"], hex);
            let parts = [vec![2], numbers, hashes, list(&case["proof"])];
            self.write("merkle_absence", &parts.concat());
        }
        for case in cases("merkle/inclusion.json", "cases") {
            for kind in [1, 3] {
                let numbers = all(&case, &["index", "count"], number);
                let hashes = all(&case, &["leaf", "leaf", "root"], hex);
                let parts = [vec![kind], numbers, hashes, list(&case["path"])];
                self.write("merkle_absence", &parts.concat());
            }
        }
        self.write(
            "merkle_absence",
            &[vec![0; 17 + 64], runseal_merkle::EMPTY_ROOT.into()].concat(),
        );
    }

    fn canonical(&self) {
        for list in ["cases", "refused"] {
            for case in cases("canonical.json", list) {
                let text = case["json"].as_str().unwrap_or_default();
                self.write("json", text.as_bytes());
            }
        }
    }

    fn documents(&self) {
        for case in cases("receipt.json", "cases") {
            self.write("receipt", case["receipt"].to_string().as_bytes());
            self.write("json", case["receipt"].to_string().as_bytes());
            for entry in case["receipt"]["signatures"].as_array().into_iter().flatten() {
                self.write("signature_entry", entry.to_string().as_bytes());
                let addendum = addendum(entry);
                self.write("addendum", addendum.to_string().as_bytes());
            }
        }
        self.write("addendum", vectors("graph.json")["addendum"].to_string().as_bytes());
        for document in vectors("graph.json")["addendum"].as_object().into_iter().flatten() {
            self.write("addendum", document.1.to_string().as_bytes());
        }
        for case in cases("events.json", "cases") {
            let events = case["events"].as_array().expect("a list");
            let lines: Vec<String> = events.iter().map(Value::to_string).collect();
            lines.iter().for_each(|line| self.write("event", line.as_bytes()));
            self.write("event", lines.join("\n").as_bytes());
        }
    }

    fn bundles(&self) {
        for kind in ["inclusion", "absence", "ends", "span", "closed-anchor"] {
            let vector = vectors(&format!("bundle/{kind}.json"));
            self.write("bundle", vector["bundle"].to_string().as_bytes());
            self.write("policy", vector["policy"].to_string().as_bytes());
            for account in vector["bundle"]["accounts"].as_array().into_iter().flatten() {
                let address = |member: &str| -> Address {
                    account[member].as_str().and_then(|text| text.parse().ok()).expect("an address")
                };
                let data = account["data"].as_str().expect("base64");
                let data = STANDARD.decode(data).expect("base64");
                let (owner, address) = (address("owner"), address("address"));
                let parts = [owner.as_bytes(), address.as_bytes(), &data[..]];
                self.write("account", &parts.concat());
            }
        }
    }

    /// The first byte says which tool is asked.
    fn questions(&self) {
        let zeros = "00".repeat(32);
        let questions = [
            json!({"index": 0, "count": 1, "leaf_hash": zeros, "root": zeros, "proof": []}),
            json!({"old_count": 1, "new_count": "2", "old_root": zeros, "new_root": zeros, "proof": [zeros]}),
            json!({"from": 0, "to": 1, "count": 1, "leaf_hashes": [zeros], "root": zeros, "proof": []}),
            json!({"count": 2, "root": zeros, "proof": [], "left_hash": zeros, "right_hash": zeros, "index": 0}),
            json!({"public_key": zeros, "message": "00", "signature": zeros.repeat(2)}),
            json!({"json": "{\"a\":[1.0,null]}"}),
        ];
        for (tool, question) in (0u8..).zip(questions) {
            self.write("tool", &[&[tool], question.to_string().as_bytes()].concat());
        }
    }

    fn small(&self) {
        self.write("graph", &[5, 1, 0, 0, 2, 0, 1, 3, 1, 2, 3, 2, 3, 4, 3, 4]);
        self.write("graph", &[3, 1, 0, 0, 2, 1, 0, 0, 2, 0]);
        self.write("state", &[0, 0, 1, 0, 1, 1, 2, 0, 2, 2, 3, 2]);
        self.write("ed25519_verify", &[1]);
        self.write("ed25519_verify", &[&[1][..], &[0; 96], b"a message"].concat());
        self.write("ed25519_verify_all", &[200, 5, 0, 96, 1, 9, 0, 40, 1, 10, 0, 200, 2]);
        self.write("ed25519_verify_all", &[255]);
        self.write("merkle_tree", &[&[200, 3], &[7; 48][..]].concat());
        let texts: [(u8, &[u8]); 3] = [
            (1, b"CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8"),
            (2, b"0505050505050505050505050505050505050505050505050505050505050505"),
            (3, b"2026-03-17T00:00:08.5Z"),
        ];
        texts.iter().for_each(|(kind, text)| self.write("types", &[&[*kind], *text].concat()));
        self.write("types", &[0; 145]);
    }

    fn stamps(&self) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/timestamp");
        for name in ["token.der", "answer.der", "root.pem"] {
            self.write("timestamp", &fs::read(folder.join(name)).expect("a vector"));
        }
    }
}

const ADDRESS: &str = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";

/// An addendum that carries this signature, whether it is its own or not.
fn addendum(entry: &Value) -> Value {
    json!({
        "version": "runseal/addendum/v1",
        "receipt": "05".repeat(32),
        "agent": ADDRESS,
        "made_at": "2026-03-17T00:00:00Z",
        "links": [{"relation": "retry", "parent": "06".repeat(32)}],
        "states": [{"state_type": "memory", "sequence": 0, "previous": null, "next": "07".repeat(32)}],
        "policies": [{
            "policy_type": "constraint", "policy_id": "p", "policy_hash": "08".repeat(32),
            "status": "bypassed", "approval": "09".repeat(32), "result": {"allowed": true},
        }],
        "signatures": [entry],
    })
}

fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(name);
    let text = fs::read(path).expect("the vectors can be read");
    serde_json::from_slice(&text).expect("vectors are JSON")
}

fn cases(name: &str, list: &str) -> Vec<Value> {
    vectors(name)[list].as_array().expect("a list of cases").clone()
}

/// These members of a case, one behind the other.
fn all(case: &Value, names: &[&str], bytes: fn(&Value) -> Vec<u8>) -> Vec<u8> {
    names.iter().flat_map(|name| bytes(&case[*name])).collect()
}

fn list(value: &Value) -> Vec<u8> {
    value.as_array().expect("a list of hashes").iter().flat_map(hex).collect()
}

fn number(value: &Value) -> Vec<u8> {
    value.as_u64().expect("a number").to_le_bytes().into()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("a hash");
    runseal_types::parse_hex::<32>(text).expect("a hash").into()
}
