//! The whole story, shown with the commands that a user would type.

mod cast;
mod tampering;

use crate::{shell, workspace};
use anyhow::{Context, Result, ensure};
use cast::Cast;
use std::{fs, time::Instant};

/// Runs that are sealed in each of the two periods.
const RUNS: usize = 500;

/// Runs the demo on an embedded ledger in a folder of its own.
pub(crate) fn run() -> Result<()> {
    shell::step(
        "build the runseal command (the first time: a few minutes)",
        shell::cargo().args(["build", "--quiet", "--locked", "--package", "runseal-cli"]),
    )?;
    let home = tempfile::tempdir()?;
    let started = Instant::now();
    let mut cast = Cast::new(home.path());
    let agent = vendor(&mut cast)?;
    certifier(&mut cast, &agent)?;
    let log = operator(&mut cast)?;
    periods(&mut cast, &log)?;
    auditor(&cast)?;
    broken_promise(&mut cast, &agent, &log)?;
    println!("\n# What it cost");
    print!("{}", cast.costs());
    println!(
        "\nAll of this ran on the real program, in a virtual machine inside the command, in {:.1} s.",
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// A vendor registers an agent, publishes a version and puts it to use.
fn vendor(cast: &mut Cast) -> Result<String> {
    fs::copy(
        workspace::root().join("migrations/program/0001_config.toml"),
        cast.path("config.toml"),
    )?;
    for name in ["manifest.json", "code.tar", "evidence.txt"] {
        fs::write(cast.path(name), format!("{name} of the demo\n"))?;
    }
    say("A vendor has a key, and lamports to pay with. It configures the program, once.");
    cast.new_key("vendor")?;
    cast.show("-k vendor.json config init config.toml")?;
    cast.note_cost("configuring the program, once", "vendor")?;
    say("Its agent gets a key of its own, and both keys sign the registration.");
    cast.show("keygen agent.json")?;
    let agent = cast
        .address("-k vendor.json agent register --identity agent.json --manifest manifest.json")?;
    let version = "--semver 1.0.0 --manifest manifest.json --code code.tar";
    cast.address(&format!("-k vendor.json agent publish {agent} {version}"))?;
    cast.show(&format!("-k vendor.json agent activate {agent}"))?;
    cast.note_cost("registering an agent, its version, and putting it to use", "vendor")?;
    Ok(agent)
}

/// A certifier attests the stages A to C.
fn certifier(cast: &mut Cast, agent: &str) -> Result<()> {
    say("A certifier is accredited, and attests the version stage by stage.");
    let key = cast.new_key("certifier")?;
    cast.show(&format!(
        "-k vendor.json certifier accredit {key} --organisation certifier.example --stages ABC"
    ))?;
    let version = cast.json(&format!("agent show {agent}"))?["versions"][0]["address"].clone();
    let version = version.as_str().context("the agent has no version")?;
    for stage in ["A", "B", "C"] {
        let evidence = format!("--stage {stage} --evidence evidence.txt");
        cast.show(&format!("-k certifier.json certify attest {version} {evidence}"))?;
    }
    cast.note_cost("attesting three stages", "certifier")?;
    Ok(())
}

/// An operator opens a log and puts a bond behind it.
fn operator(cast: &mut Cast) -> Result<String> {
    say("An operator opens a log with periods of an hour, and puts a bond behind it.");
    cast.new_key("operator")?;
    let (anchoring, promise) = (cast.new_key("anchoring")?, cast.new_key("promise")?);
    let keys = format!("--anchoring-key {anchoring} --promise-key {promise}");
    let times = "--cadence 1h --grace 10m --answer-window 1h --challenge-window 1d";
    let log = cast.address(&format!("-k operator.json log open demo {keys} {times}"))?;
    cast.note_cost("opening a log", "operator")?;
    cast.show("-k operator.json bond account --wrap 2000000000")?;
    cast.show(&format!("-k operator.json bond deposit {log} 2000000000"))?;
    Ok(log)
}

/// A thousand receipts in two periods.
fn periods(cast: &mut Cast, log: &str) -> Result<()> {
    for period in 0..2 {
        say(&format!("{RUNS} runs get their receipts; period {period} ends, and is anchored."));
        let runs: Vec<String> =
            (0..RUNS).map(|run| a_run(&format!("run-{period}-{run}"))).collect();
        fs::write(cast.path("runs.jsonl"), runs.join("\n"))?;
        let sealed = cast.quiet("-k agent.json receipt seal runs.jsonl --lines")?;
        println!("{} receipts", sealed.lines().count());
        fs::write(cast.path(&format!("receipts-{period}.jsonl")), sealed)?;
        cast.show("warp 1h")?;
        cast.show(&format!("-k anchoring.json anchor post --log {log}"))?;
        cast.note_cost(&format!("anchoring a period of {RUNS} receipts"), "anchoring")?;
    }
    Ok(())
}

/// An auditor proves and verifies.
fn auditor(cast: &Cast) -> Result<()> {
    say("One receipt is proved, and anybody verifies it.");
    let digest = cast.first_digest("receipts-1.jsonl")?;
    cast.show(&format!("prove {digest} -o bundle.json"))?;
    ensure!(cast.show_code("verify bundle.json --min-stage C")? == Some(0), "not VERIFIED");
    say("One word of it is changed.");
    tampering::tamper(&cast.path("bundle.json"), &cast.path("tampered.json"))?;
    ensure!(cast.show_code("verify tampered.json")? == Some(1), "not FAILED");
    Ok(())
}

/// An operator promises a receipt, leaves it out, and pays.
fn broken_promise(cast: &mut Cast, agent: &str, log: &str) -> Result<()> {
    say("The operator promises one more receipt, and then puts back the store from before.");
    fs::write(cast.path("run.json"), a_run("run-left-out"))?;
    let kept = cast.copy_store("store.kept")?;
    let seal =
        format!("-k agent.json receipt seal run.json --promise-key promise.json --log {log}");
    let sealed = cast.json(&seal)?;
    fs::write(cast.path("promise.json.txt"), sealed["promise"].to_string())?;
    fs::write(cast.path("held.jsonl"), format!("{}\n", sealed["receipt"]))?;
    cast.restore_store(&kept)?;
    cast.show("warp 1h")?;
    cast.show("-k anchoring.json anchor post")?;
    cast.show("period export -o published")?;

    say("An auditor who holds receipt and promise mirrors the log and sees that it is missing.");
    cast.move_auditor_in()?;
    cast.show(&format!("mirror {log} --from published"))?;
    cast.show("receipt import held.jsonl")?;
    let number = sealed["sequence"].to_string();
    let audit = format!(
        "audit --agent {agent} --log {log} --from {number} --to {number} --promise promise.json.txt"
    );
    ensure!(cast.show_code(&audit)? == Some(1), "not OMITTED");

    say("It challenges the promise; nobody can answer, and the bond pays.");
    cast.new_key("auditor")?;
    let claim = cast.address("-k auditor.json claim challenge promise.json.txt")?;
    cast.note_cost("opening a challenge, deposit included", "auditor")?;
    cast.show("-k auditor.json bond account")?;
    cast.show("-k vendor.json bond account")?;
    cast.show("warp 2h")?;
    cast.show(&format!("-k auditor.json claim settle {claim}"))?;
    cast.note_cost("settling it: less than nothing, for the deposit comes back", "auditor")?;
    cast.show(&format!("log show {log}"))?;
    Ok(())
}

fn a_run(run_id: &str) -> String {
    format!(
        r#"{{"run_id":"{run_id}","events":[{{"event_id":"{run_id}-0","type":"message.received","seq":0,"source":"demo","timestamp":"2026-01-01T00:00:00Z","data":{{"text":"a question"}}}}]}}"#
    )
}

fn say(sentence: &str) {
    println!("\n# {sentence}");
}
