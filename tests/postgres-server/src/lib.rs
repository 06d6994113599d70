//! A PostgreSQL server for tests, from Debian's package: real, durable, and gone when the test is.
//!
//! It listens on a socket in a folder of its own, and nowhere else unless a test wants it reached through
//! TLS. A shell watches over it that ends when the test's process does, however that ends, and takes server
//! and folder with it.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    /// Where it listens on the loopback address; its socket is called after it too.
    port: u16,
    watch: Child,
    /// The watch ends the server when this is closed.
    /// None while it ends.
    leash: Option<ChildStdin>,
}

/// Starts the server for each line that it reads. When there are no more, it ends the server, as a crash
/// would where nothing more is wanted of it, and removes the folder.
const WATCH: &str = r#"
trap '' INT TERM HUP
while read -r _; do
    "$@" -D "$FOLDER/data" -k "$FOLDER" -c fsync=on -c max_connections=60 \
        -c shared_buffers=32MB -c recovery_init_sync_method=syncfs 2>>"$FOLDER/log" </dev/null &
done
PID=$(head -n 1 "$FOLDER/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$PID" 2>/dev/null
wait
rm -rf "$FOLDER"
"#;

/// How long a server may take to answer on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    /// Makes a cluster and starts its server.
    pub fn start() -> Self {
        Self::start_in(folder(), 5432, &["-h", ""].map(str::to_owned))
    }

    /// Makes one that is reached at a port of the loopback address too, where it shows a certificate, from a
    /// file beside its key's, if it has one.
    pub fn start_listening(certificate: Option<(&Path, &Path)>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = folder();
        let mut words = ["-h", "127.0.0.1"].map(str::to_owned).to_vec();
        if let Some((certificate, key)) = certificate {
            words.extend(["-c", "ssl=on"].map(str::to_owned));
            for (setting, from) in [("ssl_cert_file", certificate), ("ssl_key_file", key)] {
                let to = folder.join(setting);
                // PostgreSQL insists on whose they are.
                let text = fs::read(from).unwrap();
                let mut keep = as_server_user(Path::new("sh"));
                keep.args(["-c", "umask 077 && cat > \"$0\""]).arg(&to).stdin(Stdio::piped());
                let mut keep = keep.current_dir("/").spawn().unwrap();
                keep.stdin.take().unwrap().write_all(&text).unwrap();
                assert!(keep.wait().unwrap().success());
                words.extend(["-c".to_owned(), format!("{setting}={}", to.display())]);
            }
        }
        Self::start_in(folder, port, &words)
    }

    fn start_in(folder: PathBuf, port: u16, words: &[String]) -> Self {
        let initdb = ["--no-sync", "--auth=trust", "--username=runseal", "--encoding=UTF8"];
        let mut command = as_server_user(&program("initdb"));
        command.args(initdb).arg("--locale=C").arg("-D").arg(folder.join("data"));
        let made = command.current_dir("/").output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        Self::on(folder, port, words)
    }

    /// Starts the server of a cluster that is there.
    fn on(folder: PathBuf, port: u16, words: &[String]) -> Self {
        let server = as_server_user(&program("postgres"));
        let mut watch = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .arg(server.get_program())
            .args(server.get_args())
            .args(words)
            .args(["-p", &port.to_string()])
            .env("FOLDER", &folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let leash = watch.stdin.take();
        let mut server = Self { folder, port, watch, leash };
        server.restart();
        server
    }

    /// Starts the server, again where it was ended, and waits until it answers.
    pub fn restart(&mut self) {
        let began = Instant::now();
        loop {
            // Processes of one that was killed may still hold its memory, and then it ends at once.
            self.leash.as_mut().unwrap().write_all(b"start\n").unwrap();
            for _ in 0..20 {
                if self.try_sql("postgres", "SELECT 1").is_ok() {
                    return;
                }
                thread::sleep(Duration::from_millis(100));
            }
            assert!(began.elapsed() < PATIENCE, "no answer: {}", self.log());
        }
    }

    /// Returns what the server wrote down.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Returns the folder with its data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Returns the address of a database.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://runseal@{folder}:{}/{database}", self.port)
    }

    /// Returns the port of the loopback address at which it is reached, if it is.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes a database and returns its address.
    pub fn database(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let name = format!("d{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// Runs statements as whoever may do everything, and returns what they return.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        self.try_sql(database, statements).unwrap_or_else(|error| panic!("{statements}: {error}"))
    }

    /// Runs statements in the database of an address.
    pub fn sql_at(&self, url: &str, statements: &str) -> String {
        self.sql(url.rsplit('/').next().unwrap(), statements)
    }

    /// Runs statements; fails with what `psql` says.
    pub fn try_sql(&self, database: &str, statements: &str) -> Result<String, String> {
        let mut command = Command::new(program("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "runseal"]);
        command.arg("-h").arg(&self.folder).args(["-p", &self.port.to_string()]);
        command.args(["-d", database, "-c", statements]);
        let output = command.env_remove("PGPASSWORD").current_dir("/").output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Ends the server's processes with a signal that they cannot know of, and waits until they are gone.
    ///
    /// Those that serve connections notice that the first one is gone only when they have nothing to do.
    pub fn crash(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().trim();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        let pids: Vec<&str> = std::iter::once(pid).chain(children.split_whitespace()).collect();
        let killed = Command::new("kill").arg("-KILL").args(&pids).output().unwrap();
        assert!(!is_running(pid) || killed.status.success(), "{killed:?}");
        while pids.iter().any(|pid| is_running(pid)) {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Whether a process is there and does something; one that has ended waits as a zombie to be asked.
fn is_running(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| !matches!(rest.trim().chars().next(), None | Some('Z' | 'X')))
}

/// The one server of a test's process.
pub fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.leash.take());
        self.watch.wait().ok();
    }
}

/// Makes a folder that the server's user may write to.
fn folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("runseal-pg-").tempdir().unwrap().keep();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    folder
}

/// Finds a program of the newest server that Debian has installed.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    folders.sort();
    let found = folders.into_iter().rev().map(|(_, folder)| folder.join("bin").join(name));
    let found = found.into_iter().find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is missing: install Debian's package postgresql"))
}

/// Prepares a command that is not root's: PostgreSQL refuses to be.
fn as_server_user(program: &Path) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt;
        own.uid() == 0
    });
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}
