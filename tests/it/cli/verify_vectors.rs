//! The committed bundles, and every mutation of them, through `runseal verify`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_tests::{Ran, Runseal, root};
use serde_json::Value;
use std::fs;

fn verify(runseal: &Runseal, bundle: &Value) -> Ran {
    fs::write(runseal.folder().join("bundle.json"), bundle.to_string()).unwrap();
    runseal.run("verify bundle.json --policy policy.json --offline --output json")
}

fn check(file: &str) {
    let text = fs::read(root().join("tests/vectors/bundle").join(file)).unwrap();
    let vectors: Value = serde_json::from_slice(&text).unwrap();
    let runseal = Runseal::new();
    fs::write(runseal.folder().join("policy.json"), vectors["policy"].to_string()).unwrap();
    let good = verify(&runseal, &vectors["bundle"]);
    assert_eq!(good.code, Some(0), "{file}: {}", good.stdout);
    for mutation in vectors["mutations"].as_array().unwrap() {
        let ran = verify(&runseal, &mutate(&vectors["bundle"], mutation));
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let code = if report["verdict"] == "FAILED" { 1 } else { 3 };
        assert_eq!(ran.code, Some(code), "{file}: {mutation}");
        let checks = report["checks"].as_array().unwrap().iter();
        let mut codes = checks
            .filter(|check| check["outcome"] != "pass")
            .map(|check| check["code"].as_str().unwrap());
        let expected = mutation["code"].as_str().unwrap();
        assert!(codes.any(|code| expected.split('|').any(|it| it == code)), "{file}: {mutation}");
    }
}

/// Does to a bundle what a mutation says; `docs/spec/bundle.md` has the words.
fn mutate(original: &Value, mutation: &Value) -> Value {
    let mut bundle = original.clone();
    let (word, what) = mutation
        .as_object()
        .unwrap()
        .iter()
        .find(|(word, _)| !matches!(word.as_str(), "code" | "about"))
        .unwrap();
    match word.as_str() {
        "set" => put(&mut bundle, text(&what[0]), what[1].clone()),
        "remove" => remove(&mut bundle, text(what)),
        "append" => {
            let (list, index) = text(what).rsplit_once('/').unwrap();
            let list = bundle.pointer_mut(list).unwrap().as_array_mut().unwrap();
            list.push(list[index.parse::<usize>().unwrap()].clone());
        }
        "swap" => {
            let one = at(&mut bundle, text(&what[0])).take();
            let other = std::mem::replace(at(&mut bundle, text(&what[1])), one);
            *at(&mut bundle, text(&what[0])) = other;
        }
        "replace" => {
            let place = at(&mut bundle, text(&what[0]));
            *place = text(place).replacen(text(&what[1]), text(&what[2]), 1).into();
        }
        "flip_hash" => {
            let place = at(&mut bundle, text(what));
            let (first, rest) = text(place).split_at(1);
            *place = format!("{}{rest}", if first == "0" { '1' } else { '0' }).into();
        }
        "flip" => {
            let place = at(&mut bundle, text(&what[0]));
            let mut data = STANDARD.decode(text(place)).unwrap();
            data[usize::try_from(what[1].as_u64().unwrap()).unwrap()] ^= 1;
            *place = STANDARD.encode(data).into();
        }
        other => panic!("{other} is no mutation"),
    }
    bundle
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn at<'a>(bundle: &'a mut Value, pointer: &str) -> &'a mut Value {
    bundle.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}"))
}

fn put(bundle: &mut Value, pointer: &str, value: Value) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match at(bundle, holder) {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        holder => holder[key] = value,
    }
}

fn remove(bundle: &mut Value, pointer: &str) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match at(bundle, holder) {
        Value::Array(list) => drop(list.remove(key.parse().unwrap())),
        holder => drop(holder.as_object_mut().unwrap().remove(key)),
    }
}

macro_rules! files {
    ($($name:ident: $file:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            check($file);
        }
    )*};
}

files! {
    absence: "absence.json",
    closed_anchor: "closed-anchor.json",
    ends: "ends.json",
    inclusion: "inclusion.json",
    span: "span.json",
}
