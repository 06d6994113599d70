//! Lines in, answers out: read ahead in a thread, answered in batches, never held up.
//!
//! Whoever writes a line and waits gets its answer; whoever writes many gets them in batches. Memory
//! is bounded: lines have a largest size, batches too, and reading waits when answering does.

use super::lines::{Line, Lines};
use crate::{error::CliError, output};
use runseal_tool::{Answer, Tool, to_json};
use std::{
    io::{self, Read, Write},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

const PIECE_BYTES: usize = 64 << 10;
const MOST_PIECES_AHEAD: usize = 64;

/// A piece of the input; an empty one is its end.
type Piece = io::Result<Vec<u8>>;

/// Answers stdin, a line a question.
pub(super) fn answer(tool: Tool) -> Result<(), CliError> {
    let (sender, pieces) = sync_channel(MOST_PIECES_AHEAD);
    // Not joined: where an answer cannot be written, nobody waits for the rest of the questions.
    thread::spawn(move || read(&mut io::stdin().lock(), &sender));
    let mut out = output::stream();
    let mut lines = Lines::default();
    let mut has_ended = false;
    while !has_ended {
        has_ended = gather(&mut lines, &pieces).map_err(|error| cannot("read stdin", &error))?;
        let written = write(&mut out, &answers(tool, &lines.take()));
        written.map_err(|error| cannot("write the answers", &error))?;
    }
    Ok(())
}

fn answers(tool: Tool, lines: &[Line]) -> Vec<Answer> {
    tool.answers(lines.iter().map(|line| Ok(line.as_deref().map_err(|too_long| *too_long)?)))
}

fn read(input: &mut impl Read, sender: &SyncSender<Piece>) {
    loop {
        let piece = read_piece(input);
        let is_last = piece.as_ref().map_or(true, Vec::is_empty);
        if sender.send(piece).is_err() || is_last {
            return;
        }
    }
}

fn read_piece(input: &mut impl Read) -> Piece {
    let mut piece = vec![0; PIECE_BYTES];
    let size = loop {
        match input.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    piece.truncate(size);
    Ok(piece)
}

/// Waits for input and takes as much as is there; says whether that was all.
fn gather(lines: &mut Lines, pieces: &Receiver<Piece>) -> io::Result<bool> {
    let gone = |_| io::Error::other("the thread that reads is gone");
    let mut next = Some(pieces.recv().map_err(gone)?);
    while let Some(piece) = next {
        let piece = piece?;
        if piece.is_empty() {
            lines.end();
            return Ok(true);
        }
        lines.push(&piece);
        next = if lines.is_full() { None } else { pieces.try_recv().ok() };
    }
    Ok(false)
}

fn write(out: &mut impl Write, answers: &[Answer]) -> io::Result<()> {
    for answer in answers {
        out.write_all(&to_json(answer))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn cannot(what: &str, error: &io::Error) -> CliError {
    CliError::new(format!("cannot {what}: {error}"))
}
