//! Whether everything that was acknowledged is there.

use super::{
    lane::{Ended, Lane},
    line::Line,
    server::command,
};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::{net::SocketAddr, path::Path};

/// Looks up every run that was acknowledged to have ended: its receipt is the one that was told, and
/// has every event.
pub(crate) async fn check(address: SocketAddr, lanes: &[Lane], events: u32) -> Result<u64> {
    let mut line = Line::open(address).await?;
    let mut checked = 0;
    for Ended { run_id, root_hash } in lanes.iter().flat_map(|lane| &lane.ended) {
        let answer = line.call("GET", &format!("/v1/runproof/{run_id}"), "").await?;
        ensure!(answer.status == 200, "{run_id} is gone: {}", answer.status);
        let proof: Value = serde_json::from_slice(&answer.body)?;
        ensure!(proof["root_hash"] == **root_hash, "{run_id} has another receipt");
        ensure!(proof["hashes"]["chain_valid"] == true, "{run_id} does not hang together");
        let ids: Vec<&str> = proof["events"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|event| event["event_id"].as_str())
            .collect();
        let expected: Vec<String> = (0..events).map(|number| format!("e{number}")).collect();
        ensure!(ids == expected, "{run_id} has other events: {ids:?}");
        checked += 1;
    }
    Ok(checked)
}

/// How many writes shared a sync, if the store counts.
pub(crate) async fn writes_a_sync(address: SocketAddr) -> Result<Option<f64>> {
    let answer = Line::open(address).await?.call("GET", "/metrics", "").await?;
    let text = String::from_utf8(answer.body)?;
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|value| value.trim().parse::<f64>().ok())
    };
    let (writes, syncs) =
        (number("runseal_store_writes_total "), number("runseal_store_commits_total "));
    Ok(writes.zip(syncs).filter(|(_, syncs)| *syncs > 0.0).map(|(writes, syncs)| writes / syncs))
}

/// Has everything in the store computed again.
pub(crate) fn fsck(program: &Path, home: &Path) -> Result<()> {
    let output = command(program, home).args(["fsck", "--offline"]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}
