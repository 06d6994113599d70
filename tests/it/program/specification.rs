//! That docs/spec/program.md says of accounts, instructions and errors what the program has.

use runseal_tests::root;
use serde_json::Value;
use std::{collections::BTreeSet, fs};

fn page() -> String {
    fs::read_to_string(root().join("docs/spec/program.md")).unwrap()
}

fn idl() -> Value {
    serde_json::from_str(runseal_registry::IDL).unwrap()
}

/// The page's sections of the third level: the headline and what stands below it.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n### ").skip(1);
    parts
        .map(|part| {
            let (headline, body) = part.split_once('\n').unwrap();
            (headline, body.split("\n## ").next().unwrap())
        })
        .collect()
}

/// The cells of a section's table rows that begin with a number.
fn rows(body: &str) -> Vec<Vec<&str>> {
    let lines = body.lines().filter(|line| line.starts_with("| "));
    let cells = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect());
    cells.filter(|cells: &Vec<&str>| cells[0].parse::<u64>().is_ok()).collect()
}

#[test]
fn every_field_lies_where_the_page_says() {
    let golden = fs::read_to_string(root().join("tests/vectors/layout.json")).unwrap();
    let golden: Value = serde_json::from_str(&golden).unwrap();
    let page = page();
    let mut left: BTreeSet<&str> =
        golden["accounts"].as_object().unwrap().keys().map(String::as_str).collect();
    for (headline, body) in sections(&page) {
        let Some((name, rest)) = headline.split_once(": seeds ") else { continue };
        let account = &golden["accounts"][name];
        assert!(rest.ends_with(&format!(" {} bytes", account["bytes"])), "{headline}");
        let mut unnamed = 0;
        for row in rows(body) {
            match account["fields"].get(row[1]) {
                Some(field) => assert_eq!(row[0], field[0].to_string(), "{name}.{}", row[1]),
                None => unnamed += 1,
            }
        }
        // The parts of the metrics and of a leaf have rows of their own.
        let parts = match name {
            "Attestation" => 6,
            "Claim" => 3,
            _ => 0,
        };
        assert_eq!(unnamed, parts, "{name} has other fields than the page");
        assert!(left.remove(name), "{name} twice");
    }
    assert!(left.is_empty(), "not on the page: {left:?}");
}

/// Name, signs, writable of each account.
type Parts = Vec<(String, bool, bool)>;

fn declared(instruction: &Value) -> Parts {
    let flag = |account: &Value, name: &str| account.get(name) == Some(&Value::Bool(true));
    let accounts = instruction["accounts"].as_array().unwrap().iter();
    accounts
        .map(|account| {
            let name = account["name"].as_str().unwrap().to_owned();
            (name, flag(account, "signer"), flag(account, "writable"))
        })
        .collect()
}

fn described(body: &str) -> Parts {
    // Behind the table of accounts come "Arguments" or "No arguments", and perhaps other tables.
    let rows = rows(body.split("rguments").next().unwrap()).into_iter();
    rows.map(|row| (row[1].to_owned(), row[2].contains("signs"), row[2].contains("writable")))
        .collect()
}

#[test]
fn every_instruction_has_the_accounts_that_the_page_says() {
    let (page, idl) = (page(), idl());
    let sections = sections(&page);
    let of = |name: &str| {
        let found = sections.iter().find(|(line, _)| line.split(", ").any(|word| word == name));
        described(found.unwrap_or_else(|| panic!("{name} is not on the page")).1)
    };
    for instruction in idl["instructions"].as_array().unwrap() {
        let name = instruction["name"].as_str().unwrap();
        let mut described = of(name);
        if name == "prove_disorder" {
            // Behind the first as accounts 0 to 7 of settle_challenge.
            described.extend(of("settle_challenge"));
        }
        assert_eq!(described, declared(instruction), "{name}");
    }
}

#[test]
fn every_error_has_the_numbers_that_the_page_says() {
    let (page, idl) = (page(), idl());
    let numbers = page.split(|character: char| !character.is_ascii_alphanumeric());
    let numbers = numbers.filter(|word| word.len() == 4).filter_map(|word| word.parse().ok());
    let mut named: BTreeSet<u64> =
        numbers.filter(|number| (6_000..7_000).contains(number)).collect();
    // What no check of an instruction finds: an account that a later program wrote.
    named.insert(runseal_registry::RegistryError::UnknownLayoutVersion as u64);
    let errors = idl["errors"].as_array().unwrap().iter();
    let known: BTreeSet<u64> = errors.map(|error| error["code"].as_u64().unwrap()).collect();
    assert_eq!(named, known);
}
