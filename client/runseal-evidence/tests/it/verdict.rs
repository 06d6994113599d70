//! Every reason for which a check can come out as it does, each brought about once at least.

use crate::support::{Scene, Town};
use runseal_engine::{Check, Outcome, Policy, Reason, Verdict, verify_text};
use runseal_evidence::Registry;
use runseal_types::{Address, Digest};
use std::collections::BTreeSet;

use crate::{of_chain, of_receipts, of_registry, scenes::*};

fn cases() -> impl Iterator<Item = &'static (Reason, Make)> {
    [of_receipts::CASES, of_registry::CASES, of_chain::CASES].into_iter().flatten()
}

#[test]
fn every_reason_comes_about_where_it_should() {
    for (index, (reason, make)) in cases().enumerate() {
        let report = make().report();
        let found = report.find(reason.check()).unwrap();
        assert_eq!(found.reason, *reason, "case {index}: {:#?}", report.checks);
        let verdict = report.verdict();
        match reason.outcome() {
            Outcome::Pass => {}
            Outcome::Fail => assert_eq!(verdict, Verdict::Failed, "case {index}: {reason:?}"),
            Outcome::Unknown => assert_ne!(verdict, Verdict::Verified, "case {index}"),
        }
    }
}

#[test]
fn there_is_a_case_for_every_reason() {
    let covered: BTreeSet<&str> = cases().map(|(reason, _)| reason.code()).collect();
    let missing: Vec<_> = Reason::ALL
        .iter()
        .map(|reason| reason.code())
        .filter(|code| !covered.contains(code))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len(), "a code stands for one reason");
}

#[test]
fn the_page_on_verdicts_has_every_reason() {
    let page = include_str!("../../../../docs/spec/verdict.md");
    for reason in Reason::ALL {
        let (check, outcome) = (reason.check().as_str(), reason.outcome().as_str());
        let line = format!("| {check} | {outcome} | `{}` | {} |", reason.code(), reason.sentence());
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn what_is_good_is_verified() {
    for (kind, parts) in [
        ("inclusion", Town::inclusion as fn(&Town) -> _),
        ("absence", Town::absence),
        ("ends", Town::ends),
        ("span", Town::span),
    ] {
        let report = Scene::new(parts).report();
        assert_eq!(report.verdict(), Verdict::Verified, "{kind}: {:#?}", report.checks);
        let are_asked = report.checks.iter().any(|checked| checked.check == Check::Events);
        assert_eq!(are_asked, kind == "inclusion", "only one receipt comes with its events");
    }
    assert_eq!(own_answers(|_| {}).report().verdict(), Verdict::Verified);
    assert_eq!(closed(|_| {}).report().verdict(), Verdict::Verified);
}

#[test]
fn a_caller_who_says_nothing_but_whom_he_trusts_gets_the_strict_policy() {
    let text = format!(
        r#"{{"version":"runseal/policy/v1","genesis_hash":"{}","program":"{}"}}"#,
        Address::new(crate::support::GENESIS),
        crate::support::program(),
    );
    let parsed = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(
        parsed,
        Policy::strict(Digest::new(crate::support::GENESIS), crate::support::program())
    );
    assert_eq!(Policy::parse(&parsed.to_value().canonical()), Ok(parsed));
    let full = own_answers(|_| {}).policy;
    assert_eq!(Policy::parse(&full.to_value().canonical()), Ok(full));
}

#[test]
fn policies_that_ask_for_nothing_real_are_refused() {
    let text = |more: &str| {
        let (genesis, program) = (Address::new(crate::support::GENESIS), crate::support::program());
        format!(
            r#"{{"version":"runseal/policy/v1","genesis_hash":"{genesis}","program":"{program}"{more}}}"#
        )
    };
    let cases = [
        r#","quorum":0"#,
        r#","quorum":33"#,
        r#","quorum":-1"#,
        r#","minimum_stage":6"#,
        r#","minimum_stage":"A""#,
        r#","cosigners":1.5"#,
        r#","recorded_answers":"yes""#,
        r#","not_required":["everything"]"#,
        r#","logs":["x"]"#,
        r#","required_policies":["00"]"#,
        r#","unknown":1"#,
        r#","accounts":[{}]"#,
        r#","version":"runseal/policy/v1""#,
        "}",
    ];
    for case in cases {
        assert!(Policy::parse(text(case).as_bytes()).is_err(), "{case}");
    }
    assert!(Policy::parse(text("").as_bytes()).is_ok());
    assert!(Policy::parse(text("").replace("policy/v1", "policy/v2").as_bytes()).is_err());
    assert!(Policy::parse(b"{}").is_err());
    assert!(Policy::parse(b"[]").is_err());
}

#[test]
fn another_chain_is_refused_by_name_even_where_all_else_is_good() {
    let scene = with(|scene| {
        scene.policy.genesis_hash = Digest::new([9; 32]);
        scene.policy.not_required = Check::ALL.iter().copied().collect();
    });
    let bundle = runseal_engine::Bundle::new(scene.finish()).unwrap();
    let report = verify_text(&bundle.to_bytes(), &scene.policy, &Registry);
    let failed: Vec<_> =
        report.checks.iter().filter(|check| check.reason.outcome() == Outcome::Fail).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].reason.code(), "foreign-genesis");
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn a_report_reads_the_same_for_everybody() {
    let scene = with(|scene| scene.hide(scene.town.cosignature.0));
    let bundle = runseal_engine::Bundle::new(scene.finish()).unwrap().to_bytes();
    let policy = scene.policy.to_value().canonical();
    let text = runseal_evidence::verify_texts(&bundle, &policy).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(report["version"], "runseal/report/v1");
    assert_eq!(report["verdict"], "INCOMPLETE");
    assert_eq!(report["subject"]["kind"], "inclusion");
    assert_eq!(report["subject"]["from"], 3);
    let checks = report["checks"].as_array().unwrap();
    assert_eq!(checks.len(), Check::ALL.len());
    let cosigners = checks.iter().find(|check| check["check"] == "cosigners").unwrap();
    assert_eq!(cosigners["outcome"], "unknown");
    assert_eq!(cosigners["code"], "cosigners-undecided");
    assert_eq!(cosigners["facts"]["expected"], 1);
    assert_eq!(cosigners["required"], true);
    assert!(runseal_evidence::verify_texts(&bundle, b"{}").is_err());
}
