//! Many runs at once: a run a line, an answer a line.

use super::{
    draft::{Draft, DraftError},
    seal::Sealer,
};
use crate::{error::CliError, exit::Exit, output, progress, views::SealedReceiptView};
use runseal_client::StoreError;
use serde::Serialize;
use std::{io::Write, thread};

/// How many runs are stored side by side, so that they share the waiting for the disk.
const THREADS: usize = 32;

/// What became of a line.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Sealed(Box<SealedReceiptView>),
    Refused { line: usize, reason: String },
}

/// Seals every run; what is wrong with one stops none of the others. A store that fails stops all.
pub(super) fn seal(sealer: &Sealer<'_>, text: &[u8]) -> Result<Exit, CliError> {
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let is_blank = |line: &[u8]| line.trim_ascii().is_empty();
    let numbered = (1..).zip(lines).filter(|(_, line)| !is_blank(line));
    let runs: Vec<(usize, Result<Draft, DraftError>)> =
        numbered.map(|(number, line)| (number, sealer.read(line))).collect();
    let begun = begin_all(sealer, &runs)?;
    let bar = progress::count("receipts");
    let (mut stream, mut exit) = (output::stream(), Exit::Done);
    for ((line, run), begun) in runs.iter().zip(begun) {
        let refused = |reason: String| Answer::Refused { line: *line, reason };
        let answer = match (run, begun) {
            (Err(reason), _) => refused(reason.to_string()),
            (_, Err(conflict)) => refused(conflict),
            (Ok(draft), Ok(())) => Answer::Sealed(Box::new(sealer.finish(draft)?)),
        };
        if matches!(answer, Answer::Refused { .. }) {
            exit = Exit::Failed;
        }
        bar.inc(1);
        let written = serde_json::to_writer(&mut stream, &answer).map_err(std::io::Error::from);
        let written = written.and_then(|()| stream.write_all(b"\n"));
        written.map_err(|error| output::unanswered(&error))?;
    }
    stream.flush().map_err(|error| output::unanswered(&error))?;
    bar.finish_and_clear();
    Ok(exit)
}

/// Stores runs and events; a conflict is that run's own.
fn begin_all(
    sealer: &Sealer<'_>,
    runs: &[(usize, Result<Draft, DraftError>)],
) -> Result<Vec<Result<(), String>>, StoreError> {
    let begin = |(_, run): &(usize, Result<Draft, DraftError>)| match run {
        Ok(draft) => match sealer.begin(draft) {
            Err(StoreError::Conflict(conflict)) => Ok(Err(conflict.to_string())),
            begun => begun.map(Ok),
        },
        Err(_) => Ok(Ok(())),
    };
    let share = runs.len().div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = runs
            .chunks(share)
            .map(|some| scope.spawn(move || some.iter().map(begin).collect::<Result<Vec<_>, _>>()))
            .collect();
        let mut begun = Vec::with_capacity(runs.len());
        for worker in workers {
            match worker.join() {
                Ok(some) => begun.extend(some?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(begun)
    })
}
