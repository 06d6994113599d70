use crate::{build_folder, root};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};
use tempfile::TempDir;

/// The file that says by how many seconds the command's clock is off.
const CLOCK_OFF: &str = "clock-off";
/// The library that tells the command another time, built where it is first needed.
const OTHER_CLOCK: &str = "other_clock.so";

/// The `runseal` command in a folder and a home of its own.
pub struct Runseal {
    folder: TempDir,
    /// The address of its store, where that is not in its home.
    store: Option<String>,
}

/// What a run of the command left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Default for Runseal {
    fn default() -> Self {
        Self::new()
    }
}

impl Runseal {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), store: None }
    }

    /// The same, with the store in a database.
    pub fn with_store(url: &str) -> Self {
        Self { store: Some(url.to_owned()), ..Self::new() }
    }

    /// From now on the command believes that it is so much later, or earlier, than it is. So does one
    /// that runs already, if this was called before it was started.
    pub fn set_clock_off(&self, seconds: i64) {
        fs::write(self.folder().join(CLOCK_OFF), seconds.to_string()).unwrap();
        let library = self.folder().join(OTHER_CLOCK);
        if !library.exists() {
            let source = root().join("tests/support/other_clock.c");
            let mut compiler = Command::new("cc");
            compiler.args(["-shared", "-fPIC", "-o"]).args([&library, &source]);
            assert!(compiler.status().unwrap().success(), "{} was not built", source.display());
        }
    }

    /// The folder that the command runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the command with the words of `line`.
    pub fn run(&self, line: &str) -> Ran {
        let output = self.command(line).output().unwrap();
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the command and returns what it printed; it must succeed.
    pub fn ok(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "runseal {line}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// Runs the command, which must fail with this code and print nothing but `stderr`.
    pub fn fails(&self, line: &str, code: i32, stderr: &str) {
        let ran = self.run(line);
        let failed = (ran.code, ran.stdout.as_str(), ran.stderr.as_str());
        assert_eq!(failed, (Some(code), "", stderr), "runseal {line}");
    }

    /// Runs the command with `input` on stdin; it must succeed.
    pub fn pipe(&self, line: &str, input: &[u8]) -> String {
        let mut child = self.start_with_stdin(line);
        let mut stdin = child.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            // It may answer before it has read everything.
            scope.spawn(move || stdin.write_all(input).unwrap());
            child.wait_with_output().unwrap()
        });
        assert_eq!(output.status.code(), Some(0), "runseal {line}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the command and leaves it running.
    pub fn start(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The same, with a stdin to write to.
    pub fn start_with_stdin(&self, line: &str) -> Child {
        let mut command = self.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(program());
        command.args(line.split_whitespace()).current_dir(self.folder.path());
        // Whoever runs the tests may have a keypair where the Solana command line keeps it.
        command.env("HOME", self.folder.path());
        command.env("RUNSEAL_HOME", "home").env_remove("RUNSEAL_URL").env_remove("RUNSEAL_KEYPAIR");
        let library = self.folder().join(OTHER_CLOCK);
        if library.exists() {
            command.env("LD_PRELOAD", library).env("CLOCK_OFF_FILE", self.folder().join(CLOCK_OFF));
        }
        command.env_remove("RUNSEAL_STORE").env_remove("PGPASSWORD");
        command.env_remove("PGSSLROOTCERT");
        command.envs(self.store.iter().map(|store| ("RUNSEAL_STORE", store)));
        command
    }
}

fn program() -> PathBuf {
    let path = build_folder().join("runseal");
    assert!(path.is_file(), "{} is missing: run `cargo build -p runseal-cli`", path.display());
    path
}
