//! The numbers, read as Prometheus reads them.

use crate::service::{Running, settings};
use std::collections::{BTreeMap, BTreeSet};

/// A line: its name, its labels, its value.
type Sample = (String, BTreeMap<String, String>, f64);

/// Reads the text format strictly: each family is declared before its samples, once, and no sample
/// stands there twice.
fn parse(text: &str) -> Vec<Sample> {
    assert!(text.ends_with('\n'));
    let (mut kinds, mut seen, mut samples) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            assert!(help.split_once(' ').is_some_and(|(_, help)| !help.is_empty()), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(kinds.insert(name.to_owned(), kind.to_owned()), None, "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let (name, labels) = match series.split_once('{') {
                Some((name, labels)) => (name, labels.strip_suffix('}').expect(line)),
                None => (series, ""),
            };
            let family = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| kinds.get_key_value(name.strip_suffix(end)?))
                .or_else(|| kinds.get_key_value(name));
            assert!(family.is_some(), "{line} is of no family");
            assert!(seen.insert(series.to_owned()), "{line} stands there twice");
            samples.push((name.to_owned(), labels_of(labels), value.parse().expect(line)));
        }
    }
    samples
}

fn labels_of(mut text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    while let Some((name, rest)) = text.split_once("=\"") {
        let (mut value, mut letters) = (String::new(), rest.char_indices());
        text = loop {
            match letters.next().expect(rest) {
                (at, '"') => break &rest[at + 1..],
                (_, '\\') => match letters.next().expect(rest).1 {
                    'n' => value.push('\n'),
                    letter => value.push(letter),
                },
                (_, letter) => value.push(letter),
            }
        };
        text = text.strip_prefix(',').unwrap_or(text);
        assert_eq!(labels.insert(name.to_owned(), value), None, "{rest}");
    }
    assert_eq!(text, "");
    labels
}

/// Returns the values of this name whose labels are these, among others.
fn values(samples: &[Sample], name: &str, wanted: &[(&str, &str)]) -> Vec<f64> {
    let fits = |labels: &BTreeMap<String, String>| {
        wanted.iter().all(|(name, value)| labels.get(*name).is_some_and(|found| found == value))
    };
    let found = samples.iter().filter(|(found, labels, _)| found == name && fits(labels));
    found.map(|(_, _, value)| *value).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_is_counted_once_by_what_it_was_and_how_it_ended() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    let start = r#"{"run_id":"r","agent_id":"a","adapter":"a \\ \"b\", c=\"d\"}"}"#;
    running.post("/v1/run/start", start).await.expect(200);
    for number in 0..5 {
        running.get(&format!("/v1/run/nothing-{number}")).await.expect(404);
    }
    running.get("/v1/run/r").await.expect(200);
    for path in ["/v1/secret-place", "/v2/x", "/v1/", "/nowhere"] {
        running.get(path).await;
    }
    let answer = running.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{}", answer.head);
    let samples = parse(&answer.body);
    let count = |route: &str, status: &str| {
        let labels = [("route", route), ("status", status)];
        values(&samples, "runseal_call_seconds_count", &labels)
    };
    assert_eq!(count("/v1/run/start", "2xx"), [1.0]);
    assert_eq!(count("/v1/run/{run_id}", "4xx"), [5.0]);
    assert_eq!(count("/v1/run/{run_id}", "2xx"), [1.0]);
    assert_eq!(count("unknown", "4xx"), [2.0]);
    assert!(!answer.body.contains("nothing-") && !answer.body.contains("secret-place"));
    let adapter = [("standing", "active"), ("adapter", r#"a \ "b", c="d"}"#)];
    assert_eq!(values(&samples, "runseal_runs", &adapter), [1.0]);
    // The call that counts is at work itself.
    assert_eq!(values(&samples, "runseal_calls", &[("state", "at_work")]), [1.0]);
    assert_eq!(values(&samples, "runseal_ledger_up", &[]), [0.0]);
    let (groups, writes) = (
        values(&samples, "runseal_store_commits_total", &[])[0],
        values(&samples, "runseal_store_writes_total", &[])[0],
    );
    assert!(groups >= 1.0 && writes >= groups, "{groups} {writes}");
    assert!(values(&samples, "process_start_time_seconds", &[])[0] > 1.7e9);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_histogram_s_buckets_grow_up_to_its_count() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path(), settings()).await;
    for _ in 0..20 {
        running.get("/v1/runs").await.expect(200);
    }
    let samples = parse(&running.get("/metrics").await.body);
    let of_runs = [("route", "/v1/runs"), ("method", "GET"), ("status", "2xx")];
    let buckets = values(&samples, "runseal_call_seconds_bucket", &of_runs);
    assert!(buckets.len() > 10 && buckets.is_sorted(), "{buckets:?}");
    assert_eq!(buckets.last(), Some(&20.0));
    assert!(values(&samples, "runseal_call_seconds_sum", &of_runs)[0] > 0.0);
    running.stop().await;
}
