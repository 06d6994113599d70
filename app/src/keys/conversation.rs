//! A child that is asked a line and answers a line.

use runseal_receipt::json::{Object, Value, parse};
use runseal_receipt::member::{integer, object_of};
use solana_signer::SignerError;
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

/// How long a line of an answer may be.
const MOST_LINE_BYTES: u64 = 16 << 10;

/// Why a signer did not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The program cannot be started.
    #[error("the signer cannot be started: {0}")]
    NotStarted(String),
    /// It has ended.
    #[error("the signer has ended")]
    Ended,
    /// It took too long to answer.
    #[error("the signer does not answer within {0:?}")]
    Silent(Duration),
    /// It answered something else.
    #[error("the signer's answer is not understood: {0}")]
    NotUnderstood(String),
    /// It said no.
    #[error("the signer refuses: {0}")]
    Refused(String),
    /// What it signed does not verify.
    #[error("the signer's signature does not verify: {0}")]
    WrongSignature(String),
}

impl From<Fault> for SignerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotStarted(_) | Fault::Ended | Fault::Silent(_) => {
                Self::Connection(fault.to_string())
            }
            Fault::Refused(_) => Self::UserCancel(fault.to_string()),
            Fault::NotUnderstood(_) | Fault::WrongSignature(_) => Self::Protocol(fault.to_string()),
        }
    }
}

/// A program that runs and is asked one question after the other.
#[derive(Debug)]
pub(super) struct Conversation {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<Vec<u8>>,
    asked: u64,
}

impl Conversation {
    pub(super) fn begin(words: &[String]) -> Result<Self, Fault> {
        let not_started = |reason: String| Fault::NotStarted(reason);
        let (program, arguments) =
            words.split_first().ok_or_else(|| not_started("it has no name".to_owned()))?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C is for the service: it still needs signatures to finish what it has begun.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|error| not_started(error.to_string()))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(not_started("it has no stdin or stdout".to_owned()));
        };
        let (said, lines) = sync_channel(1);
        thread::spawn(move || listen(stdout, &said));
        Ok(Self { child, stdin, lines, asked: 0 })
    }

    /// Asks, and waits for the answer to just this question.
    pub(super) fn ask(&mut self, question: &Object, patience: Duration) -> Result<Object, Fault> {
        self.asked = self.asked.saturating_add(1);
        let mut question = question.clone();
        question.extend(object_of([("id", integer(self.asked))]));
        let mut line = Value::Object(question).canonical();
        line.push(b'\n');
        // What waits in a pipe is less than it holds: the answer to the last question was read.
        let written = self.stdin.write_all(&line).and_then(|()| self.stdin.flush());
        written.map_err(|_| Fault::Ended)?;
        let answer = self.lines.recv_timeout(patience).map_err(|error| match error {
            RecvTimeoutError::Timeout => Fault::Silent(patience),
            RecvTimeoutError::Disconnected => Fault::Ended,
        })?;
        let not_understood = |reason: String| Fault::NotUnderstood(reason);
        let Some(answer) = answer.strip_suffix(b"\n") else {
            return Err(not_understood(format!("a line has at most {MOST_LINE_BYTES} bytes")));
        };
        let answer = match parse(answer) {
            Ok(Value::Object(answer)) => answer,
            Ok(_) => return Err(not_understood("it is no object".to_owned())),
            Err(error) => return Err(not_understood(error.to_string())),
        };
        if answer.get("id") != Some(&integer(self.asked)) {
            return Err(not_understood("it answers another question".to_owned()));
        }
        match answer.get("error") {
            None | Some(Value::Null) => Ok(answer),
            Some(Value::Text(reason)) => Err(Fault::Refused(reason.clone())),
            Some(_) => Err(not_understood("its error is no text".to_owned())),
        }
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Passes on every line, until there is none or nobody listens.
fn listen(stdout: ChildStdout, said: &SyncSender<Vec<u8>>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        match stdout.by_ref().take(MOST_LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(1..) if said.send(line).is_ok() => {}
            _ => return,
        }
    }
}
