//! A store that somebody else keeps from writing: real, and as slow as one likes.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Another process that writes to the store and does not come to an end.
pub(crate) struct Held(Child);

const HOLD: &str = "import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
connection.execute('ROLLBACK')";

impl Held {
    /// Nobody else writes to the store in this folder from here on.
    pub(crate) fn begin(home: &Path) -> Self {
        let mut command = Command::new("python3");
        command.args(["-c", HOLD]).arg(home.join("store.db"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "held\n");
        Self(child)
    }

    /// Lets the others write again.
    pub(crate) fn end(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}
