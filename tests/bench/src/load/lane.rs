//! One run after the other: start, events, end. Many lanes together are the load.

use super::{
    line::{Answer, Line},
    times::Times,
};
use anyhow::{Result, anyhow, bail};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::time::{sleep, sleep_until};

/// When a lane's calls are due.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) address: SocketAddr,
    pub(crate) events: u32,
    /// From one call to the next.
    pub(crate) slot: Duration,
    pub(crate) begin: Instant,
    pub(crate) length: Duration,
}

/// A run that was acknowledged to have ended, with this receipt.
pub(crate) struct Ended {
    pub(crate) run_id: String,
    pub(crate) root_hash: String,
}

/// What a lane was told.
#[derive(Default)]
pub(crate) struct Lane {
    pub(crate) ended: Vec<Ended>,
    events: u64,
    repeated: u64,
}

/// How long a call is made again before the service is taken for gone.
const PATIENCE: Duration = Duration::from_secs(60);

impl Lane {
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    pub(crate) fn runs(&self) -> u64 {
        u64::try_from(self.ended.len()).unwrap_or(u64::MAX)
    }

    pub(crate) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Makes every call when it is due, or, if an earlier one of the same run is not answered yet, as
    /// soon as it is; the time counts from when it was due.
    pub(crate) async fn drive(number: u32, plan: Plan, times: Arc<Mutex<Times>>) -> Result<Self> {
        let mut lane = Self::default();
        let mut line = None;
        let mut due = plan.begin;
        let end = plan.begin + plan.length;
        let add = |what, due: Instant| {
            if let Ok(mut times) = times.lock() {
                times.add(what, due.elapsed());
            }
        };
        for run in 0u32.. {
            if due >= end {
                break;
            }
            let run_id = format!("l{number}-{run}");
            sleep_until(due.into()).await;
            let start = format!(r#"{{"run_id":"{run_id}","agent_id":"agent-{number}"}}"#);
            lane.call(&mut line, plan.address, "/v1/run/start", &start).await?;
            add("start", due);
            for event in 0..plan.events {
                due += plan.slot;
                sleep_until(due.into()).await;
                let body = event_of(&run_id, event);
                lane.call(&mut line, plan.address, "/v1/run/event", &body).await?;
                add("event", due);
                lane.events += 1;
            }
            due += plan.slot;
            sleep_until(due.into()).await;
            let body = format!(r#"{{"run_id":"{run_id}"}}"#);
            let answer = lane.call(&mut line, plan.address, "/v1/run/end", &body).await?;
            add("end", due);
            let root_hash = text(&answer, "root_hash")?;
            let path = format!("/v1/runproof/{run_id}");
            lane.fetch(&mut line, plan.address, &path).await?;
            add("end until the receipt is had", due);
            lane.ended.push(Ended { run_id, root_hash });
            due += plan.slot;
        }
        Ok(lane)
    }

    /// Posts until there is an answer, as a client does that must not lose anything.
    async fn call(
        &mut self,
        line: &mut Option<Line>,
        address: SocketAddr,
        path: &str,
        body: &str,
    ) -> Result<Answer> {
        let begun = Instant::now();
        loop {
            match once(line, address, "POST", path, body).await {
                Ok(answer) if answer.status == 200 => return Ok(answer),
                // It says itself that it is to be asked again.
                Ok(answer) if [429, 503].contains(&answer.status) => {}
                Ok(answer) => {
                    bail!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body))
                }
                Err(error) if begun.elapsed() > PATIENCE => return Err(error),
                Err(_) => *line = None,
            }
            self.repeated += 1;
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn fetch(
        &mut self,
        line: &mut Option<Line>,
        address: SocketAddr,
        path: &str,
    ) -> Result<()> {
        let begun = Instant::now();
        loop {
            match once(line, address, "GET", path, "").await {
                Ok(answer) if answer.status == 200 => return Ok(()),
                Ok(answer) if begun.elapsed() > PATIENCE => bail!("{path}: {}", answer.status),
                Err(error) if begun.elapsed() > PATIENCE => return Err(error),
                Ok(_) => {}
                Err(_) => *line = None,
            }
            self.repeated += 1;
            sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn once(
    line: &mut Option<Line>,
    address: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
) -> Result<Answer> {
    if line.is_none() {
        *line = Some(Line::open(address).await?);
    }
    let line = line.as_mut().ok_or_else(|| anyhow!("no connection"))?;
    line.call(method, path, body).await
}

fn event_of(run_id: &str, number: u32) -> String {
    let filling = "a part of what a tool answered ".repeat(20);
    format!(
        r#"{{"run_id":"{run_id}","event_id":"e{number}","type":"tool.result","timestamp":"2026-03-17T00:00:00Z","source":"load","seq":{number},"data":{{"tool":"search","content":"{filling}"}}}}"#
    )
}

fn text(answer: &Answer, member: &str) -> Result<String> {
    let body: Value = serde_json::from_slice(&answer.body)?;
    let text = body[member].as_str().map(str::to_owned);
    text.ok_or_else(|| anyhow!("{member} is missing: {body}"))
}
