//! The keys that the service signs with: its own, and one for each agent, each in a file of its own or
//! with a program that signs.

mod conversation;
mod signer;

pub use conversation::Fault as SignerFault;
pub use signer::SignerCommand;

use signer::RemoteKey;
use solana_keypair::{Keypair, read_keypair, write_keypair_file};
use solana_signer::Signer;
use std::{
    collections::HashMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

const SERVICE_KEY: &str = "service-key.json";
const AGENT_KEYS: &str = "keys";

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Nobody gave the agent a key.
    #[error("there is no key for agent {agent_id:?}")]
    Unknown {
        /// Which agent.
        agent_id: String,
    },
    /// Others may read the file.
    #[error("key file {path} can be read by others: its permissions are {mode:o}, not 600")]
    Open {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file holds something else.
    #[error("{path} is not a keypair file")]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("key file {path}: {reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The program that has the keys does not say which.
    #[error(transparent)]
    Signer(#[from] SignerFault),
}

/// A key that signs for an agent, wherever it is.
pub(crate) type AgentKey = Arc<dyn Signer + Send + Sync>;

/// Where agents' keys are.
enum Source {
    Files { folder: PathBuf, create: bool },
    Command(Arc<SignerCommand>),
}

/// The agents' keys. One that was found once is kept.
pub(crate) struct Keys {
    source: Source,
    agents: Mutex<HashMap<String, AgentKey>>,
}

impl Keys {
    /// Asks `command`, if there is one. Otherwise uses the keys in `home/keys`, and makes those that
    /// are missing if `create` says so.
    pub(crate) fn new(home: &Path, create: bool, command: Option<Arc<SignerCommand>>) -> Self {
        let source = match command {
            Some(command) => Source::Command(command),
            None => Source::Files { folder: home.join(AGENT_KEYS), create },
        };
        Self { source, agents: Mutex::default() }
    }

    /// Returns an agent's key, and makes it if that is what keys are for here.
    pub(crate) fn agent(&self, agent_id: &str) -> Result<AgentKey, KeyError> {
        self.get(agent_id, true)
    }

    /// Returns an agent's key, if it has one already.
    pub(crate) fn existing(&self, agent_id: &str) -> Result<AgentKey, KeyError> {
        self.get(agent_id, false)
    }

    fn get(&self, agent_id: &str, may_create: bool) -> Result<AgentKey, KeyError> {
        let lock = || self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.source {
            // Nobody waits for another agent's signer to say which key it has.
            Source::Command(command) => {
                if let Some(key) = lock().get(agent_id) {
                    return Ok(Arc::clone(key));
                }
                let key = remote(command, agent_id)?;
                Ok(Arc::clone(lock().entry(agent_id.to_owned()).or_insert(key)))
            }
            // A file is read, or made, once.
            Source::Files { folder, create } => {
                let mut agents = lock();
                if let Some(key) = agents.get(agent_id) {
                    return Ok(Arc::clone(key));
                }
                let make = *create && may_create;
                let key: AgentKey = Arc::new(in_file(folder, make, agent_id)?);
                agents.insert(agent_id.to_owned(), Arc::clone(&key));
                Ok(key)
            }
        }
    }
}

fn in_file(folder: &Path, make: bool, agent_id: &str) -> Result<Keypair, KeyError> {
    let path = folder.join(file_name(agent_id));
    match read(&path)? {
        Some(key) => Ok(key),
        None if make => create(&path),
        None => Err(KeyError::Unknown { agent_id: agent_id.to_owned() }),
    }
}

fn remote(command: &Arc<SignerCommand>, agent_id: &str) -> Result<AgentKey, KeyError> {
    let key = match command.public_key(agent_id) {
        // Whom it does not know has no key here.
        Err(SignerFault::Refused(_)) => {
            return Err(KeyError::Unknown { agent_id: agent_id.to_owned() });
        }
        key => key?,
    };
    let command = Arc::clone(command);
    Ok(Arc::new(RemoteKey { command, agent_id: agent_id.to_owned(), key }))
}

/// Reads the service's own key, and makes it the first time.
pub(crate) fn service_key(home: &Path) -> Result<Keypair, KeyError> {
    let path = home.join(SERVICE_KEY);
    match read(&path)? {
        Some(key) => Ok(key),
        None => create(&path),
    }
}

/// Reads a key that must be there, and that its owner alone may read.
pub fn read_key(path: &Path) -> Result<Keypair, KeyError> {
    let missing = || KeyError::Unreadable {
        path: path.to_owned(),
        reason: "there is no such file".to_owned(),
    };
    read(path)?.ok_or_else(missing)
}

/// Returns the name of an agent's key file: whatever is not a plain character stands in hexadecimal,
/// so that no name leads anywhere else and no two are one.
fn file_name(agent_id: &str) -> String {
    let mut name = String::new();
    for byte in agent_id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            byte => name.push_str(&format!("%{byte:02x}")),
        }
    }
    // A file's name has at most 255 bytes; a longer one stands for itself by its hash.
    if name.len() > 200 {
        name = format!("%{}", runseal_types::Digest::of(&[agent_id.as_bytes()]));
    }
    name + ".json"
}

fn read(path: &Path) -> Result<Option<Keypair>, KeyError> {
    let unreadable = |error: io::Error| KeyError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    check_mode(path, &file.metadata().map_err(unreadable)?)?;
    let key = read_keypair(&mut file);
    key.map(Some).map_err(|_| KeyError::NotAKey { path: path.to_owned() })
}

#[cfg(unix)]
fn check_mode(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyError::Open { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &Path, _: &fs::Metadata) -> Result<(), KeyError> {
    Ok(())
}

/// Makes a key that is readable by its owner only, whole and synced before it has its name.
fn create(path: &Path) -> Result<Keypair, KeyError> {
    let unwritable = |error: &dyn std::fmt::Display| KeyError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
    let draft = path.with_extension("new");
    let key = Keypair::new();
    write_keypair_file(&key, &draft).map_err(|error| unwritable(&error))?;
    let sync = || {
        File::open(&draft)?.sync_all()?;
        fs::rename(&draft, path)?;
        File::open(folder)?.sync_all()
    };
    sync().map_err(|error| unwritable(&error))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_agent_id_leads_out_of_the_folder_and_no_two_are_one_file() {
        for (agent_id, name) in [
            ("agent-1", "agent-1.json"),
            ("../up", "%2e%2e%2fup.json"),
            ("/root", "%2froot.json"),
            (".", "%2e.json"),
            ("a%2fb", "a%252fb.json"),
            ("a/b", "a%2fb.json"),
            ("é", "%c3%a9.json"),
        ] {
            assert_eq!(file_name(agent_id), name);
        }
        let (long, longer) = ("x".repeat(250), "x".repeat(251));
        assert!(file_name(&long).len() < 100);
        assert_ne!(file_name(&long), file_name(&longer));
    }
}
