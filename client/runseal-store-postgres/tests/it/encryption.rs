//! Servers that are reached through TLS, and those that must not be believed.

use crate::open;
use runseal_client::{StoreError, store::Receipts};
use runseal_postgres_server::Server;
use runseal_store_contract::samples::Agent;
use runseal_store_postgres::{Address, PostgresStore};
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// An authority, and a server's certificate of it.
struct Authority(TempDir);

impl Authority {
    /// Vouches for a server of this name.
    fn for_name(name: &str) -> Self {
        let authority = Self(tempfile::tempdir().unwrap());
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        let root =
            "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign";
        authority.openssl(&format!(
            "req -x509 {key} -subj /CN=Root {root} -keyout root.key -out root.pem"
        ));
        let leaf = format!(
            "-subj /CN=server -addext subjectAltName={name} -addext basicConstraints=CA:FALSE"
        );
        let by = "-CA root.pem -CAkey root.key";
        authority
            .openssl(&format!("req -x509 {key} {leaf} {by} -keyout server.key -out server.pem"));
        authority
    }

    fn openssl(&self, words: &str) {
        let mut command = Command::new("openssl");
        let made = command.args(words.split(' ')).current_dir(&self.0).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn server(&self) -> Server {
        Server::start_listening(Some((&self.file("server.pem"), &self.file("server.key"))))
    }
}

/// The server's address, by this name.
fn address(server: &Server, host: &str, mode: &str, roots: Option<&Path>) -> Address {
    let url = format!("postgres://runseal@{host}:{}/postgres?sslmode={mode}", server.port());
    let address = Address::parse(&url, None).unwrap();
    roots.map_or(address.clone(), |roots| address.trusting(roots).unwrap())
}

fn why_not(address: &Address) -> String {
    match PostgresStore::open(address) {
        Err(StoreError::Unavailable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_its_authority_vouches_for_is_spoken_with_in_secret() {
    let authority = Authority::for_name("DNS:localhost");
    let server = authority.server();
    for mode in ["require", "verify-ca", "verify-full"] {
        let store = open(&address(&server, "localhost", mode, Some(&authority.file("root.pem"))));
        let mut agent = Agent::new(1);
        store.put_receipts(agent.sign_many(3)).unwrap();
        let seen =
            "SELECT count(*), bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                    WHERE application_name = 'runseal'";
        let (count, encrypted) = server
            .sql("postgres", seen)
            .split_once('|')
            .map(|(n, e)| (n.to_owned(), e.to_owned()))
            .unwrap();
        assert!(count.parse::<u32>().unwrap() > 0);
        assert_eq!(encrypted, "t", "{mode}");
    }
}

#[test]
fn nobody_is_spoken_with_who_may_be_somebody_else() {
    let [authority, stranger] = ["DNS:localhost", "DNS:localhost"].map(Authority::for_name);
    let server = authority.server();
    let root = authority.file("root.pem");
    let known = Some(root.as_path());
    let strangers = stranger.file("root.pem");
    for (host, roots, said) in [
        ("localhost", None, "UnknownIssuer"),
        ("localhost", Some(strangers.as_path()), "BadSignature"),
        ("127.0.0.1", known, "not valid for"),
    ] {
        let reason = why_not(&address(&server, host, "verify-full", roots));
        assert!(reason.contains(said), "{host}: {reason}");
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_told_nothing() {
    let server = Server::start_listening(None);
    let reason = why_not(&address(&server, "localhost", "require", None));
    assert!(reason.contains("TLS"), "{reason}");
    // Where nobody asks for it, the loopback address is as good as a socket.
    drop(open(&address(&server, "localhost", "prefer", None)));
}
