//! Where a server is, and what is said of that.

use crate::encryption;
use runseal_types::Digest;
use std::{
    fmt::Write,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A server that does not answer is given up after this long, as is one that goes silent.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// The schema of the store of whoever has a database to himself.
const SCHEMA: &str = "runseal";
/// PostgreSQL cuts off longer names, and then two would be one.
const MOST_NAME_BYTES: usize = 63;

/// A store in a database on a server: `postgres://USER@HOST:PORT/DATABASE`.
#[derive(Clone)]
pub struct Address {
    pub(crate) config: Arc<Config>,
    /// How the way there is encrypted; None where it is not.
    pub(crate) tls: Option<MakeRustlsConnect>,
    /// What it is called in messages: without a password.
    name: String,
    schema: String,
}

/// Why nobody is connected to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is not understood. What it says may be a password, and is not repeated.
    #[error(
        "the store's address is not postgres://USER@HOST:PORT/DATABASE, or asks for something unknown"
    )]
    NotUnderstood,
    /// Who vouches for servers cannot be read.
    #[error("the authorities in {} cannot be used: {reason}", path.display())]
    Authorities {
        /// Where they were looked for.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The library that speaks TLS cannot be used.
    #[error("TLS cannot be spoken: {reason}")]
    NoTls {
        /// Why not.
        reason: String,
    },
    /// The tenant's name is too long for a schema.
    #[error("the tenant's name {name:?} is too long for PostgreSQL")]
    NameTooLong {
        /// The name.
        name: String,
    },
}

impl Address {
    /// Reads an address. A password that it does not have is taken from `password`.
    ///
    /// The way to another machine is encrypted, and so is one where `sslmode` asks for it, unless
    /// `sslmode=disable` says that it is safe as it is.
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, AddressError> {
        let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        let parsed = is_url.then(|| spelled(text).parse::<Config>().ok()).flatten();
        let mut config = parsed.ok_or(AddressError::NotUnderstood)?;
        let tls = match is_encrypted(&config) {
            true => {
                // Never plainly, whatever the server says.
                config.ssl_mode(SslMode::Require);
                Some(encryption::of_public_authorities()?)
            }
            false => {
                config.ssl_mode(SslMode::Disable);
                None
            }
        };
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        config.application_name("runseal");
        let name = name_of(&config);
        Ok(Self { config: Arc::new(config), tls, name, schema: SCHEMA.to_owned() })
    }

    /// Believes the authorities in a PEM file, and no others, where the way is encrypted.
    pub fn trusting(self, authorities: &Path) -> Result<Self, AddressError> {
        let tls = self.tls.as_ref().map(|_| encryption::of_file(authorities)).transpose()?;
        Ok(Self { tls, ..self })
    }

    /// Returns the place of a tenant's store in the same database: a schema of its own.
    pub fn of_tenant(&self, tenant: &str) -> Result<Self, AddressError> {
        let schema = format!("tenant_{tenant}");
        if schema.len() > MOST_NAME_BYTES {
            return Err(AddressError::NameTooLong { name: tenant.to_owned() });
        }
        Ok(Self { name: format!("{} schema {schema}", self.name), schema, ..self.clone() })
    }

    /// Returns what the store is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the schema's name as statements have it.
    pub(crate) fn quoted_schema(&self) -> String {
        format!("\"{}\"", self.schema.replace('"', "\"\""))
    }

    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// Returns the two numbers of the lock that the schema's one writer has.
    pub(crate) fn lock_keys(&self) -> (i32, i32) {
        let [a, b, c, d, e, f, g, h, ..] =
            *Digest::of(&[b"runseal/store-lock/v1", self.schema.as_bytes()]).as_bytes();
        (i32::from_be_bytes([a, b, c, d]), i32::from_be_bytes([e, f, g, h]))
    }
}

/// Says in the library's words what PostgreSQL's own programs say of how a server is checked: here it
/// always is, wholly.
fn spelled(text: &str) -> String {
    let Some((place, options)) = text.split_once('?') else { return text.to_owned() };
    let options = options.split('&').map(|option| match option {
        "sslmode=verify-ca" | "sslmode=verify-full" => "sslmode=require",
        option => option,
    });
    format!("{place}?{}", options.collect::<Vec<_>>().join("&"))
}

/// Whether what travels is for nobody else to read and to change.
fn is_encrypted(config: &Config) -> bool {
    match config.get_ssl_mode() {
        SslMode::Disable => return false,
        SslMode::Prefer => {}
        _ => return true,
    }
    let is_near = |host: &Host| match host {
        Host::Tcp(host) => {
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    match config.get_hostaddrs() {
        [] => !config.get_hosts().iter().all(is_near),
        addresses => !addresses.iter().all(IpAddr::is_loopback),
    }
}

fn name_of(config: &Config) -> String {
    let mut name = "postgres://".to_owned();
    if let Some(user) = config.get_user() {
        name += &format!("{user}@");
    }
    let hosts = config.get_hosts().iter().enumerate().map(|(index, host)| {
        let mut place = match host {
            Host::Tcp(host) => host.clone(),
            Host::Unix(path) => path.display().to_string(),
        };
        let ports = config.get_ports();
        if let Some(port) = ports.get(index).or(ports.first()) {
            // Writing to a text does not fail.
            write!(place, ":{port}").ok();
        }
        place
    });
    name += &hosts.collect::<Vec<_>>().join(",");
    name + "/" + config.get_dbname().or(config.get_user()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_everything_but_the_password() {
        for (url, name) in [
            ("postgres://u:secret@127.0.0.1/db", "postgres://u@127.0.0.1:5432/db"),
            ("postgresql://u:secret@localhost:5433/db", "postgres://u@localhost:5433/db"),
            (
                "postgres://u:secret@%2Frun%2Fpg/db?connect_timeout=3",
                "postgres://u@/run/pg:5432/db",
            ),
            (
                "postgres://u@far.example/db?sslmode=disable&password=secret",
                "postgres://u@far.example:5432/db",
            ),
        ] {
            let address = Address::parse(url, None).unwrap();
            assert_eq!(address.name(), name);
            assert_eq!(address.config.get_password().is_some(), url.contains("secret"));
        }
    }

    #[test]
    fn a_password_that_is_missing_comes_from_beside() {
        let password = |url: &str| {
            let address = Address::parse(url, Some("beside")).unwrap();
            String::from_utf8(address.config.get_password().unwrap().to_vec()).unwrap()
        };
        assert_eq!(password("postgres://u@localhost/db"), "beside");
        assert_eq!(password("postgres://u:own@localhost/db"), "own");
    }

    #[test]
    fn what_is_not_understood_or_not_safe_is_refused_without_repeating_it() {
        let secret = "postgres://u:secret@localhost/db?secret=secret&port=secret";
        for text in ["", "store.db", "host=localhost user=u", "mysql://u@localhost/db", secret] {
            let error = Address::parse(text, None).err().unwrap();
            assert_eq!(error, AddressError::NotUnderstood);
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn the_way_is_encrypted_unless_it_ends_here_or_somebody_says_that_it_is_safe() {
        for (url, is_encrypted) in [
            ("postgres://u@localhost/db", false),
            ("postgres://u@127.0.0.1/db", false),
            ("postgres://u@[::1]/db?sslmode=prefer", false),
            ("postgres://u@%2Frun%2Fpg/db", false),
            ("postgres://u@db.example/db?sslmode=disable", false),
            ("postgres://u@db.example/db?hostaddr=127.0.0.1", false),
            ("postgres://u@db.example/db", true),
            ("postgres://u@db.example/db?sslmode=prefer", true),
            ("postgres://u@10.0.0.1/db", true),
            ("postgres://u@localhost,db.example/db", true),
            ("postgres://u@localhost/db?hostaddr=10.0.0.1", true),
            ("postgres://u@localhost/db?sslmode=require", true),
            ("postgres://u@localhost/db?connect_timeout=3&sslmode=verify-full", true),
            ("postgres://u@localhost/db?sslmode=verify-ca", true),
        ] {
            let address = Address::parse(url, None).unwrap();
            assert_eq!(address.tls.is_some(), is_encrypted, "{url}");
            let expected = if is_encrypted { SslMode::Require } else { SslMode::Disable };
            assert_eq!(address.config.get_ssl_mode(), expected, "{url}");
        }
    }

    #[test]
    fn authorities_that_cannot_be_used_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |url: &str, content: Option<&str>| {
            let path = folder.path().join("roots.pem");
            std::fs::remove_file(&path).ok();
            if let Some(content) = content {
                std::fs::write(&path, content).unwrap();
            }
            Address::parse(url, None).unwrap().trusting(&path).err()
        };
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for content in [None, Some(""), Some("nothing"), Some(broken)] {
            let error = refused("postgres://u@db.example/db", content);
            assert!(matches!(error, Some(AddressError::Authorities { .. })), "{content:?}");
        }
        assert_eq!(refused("postgres://u@localhost/db", None), None, "nobody is asked there");
    }

    #[test]
    fn tenants_have_schemas_and_locks_of_their_own() {
        let address = Address::parse("postgres://u@localhost/db", None).unwrap();
        let [one, two] = ["one", "two"].map(|name| address.of_tenant(name).unwrap());
        assert_eq!(one.quoted_schema(), "\"tenant_one\"");
        assert!(one.lock_keys() != two.lock_keys() && one.lock_keys() != address.lock_keys());
        assert!(address.of_tenant(&"x".repeat(57)).is_err());
    }
}
