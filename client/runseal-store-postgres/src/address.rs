//! Where a server is, and what is said of that.

use runseal_types::Digest;
use std::{fmt::Write, net::IpAddr, sync::Arc, time::Duration};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

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
    /// It asks for TLS.
    #[error("sslmode=require: Runseal does not speak TLS with PostgreSQL yet")]
    NoTls,
    /// What is stored would travel for others to read and to change.
    #[error(
        "the way to {host} is not encrypted, and Runseal does not speak TLS with PostgreSQL yet"
    )]
    Unencrypted {
        /// Where to.
        host: String,
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
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, AddressError> {
        let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        let parsed = is_url.then(|| text.parse::<Config>().ok()).flatten();
        let mut config = parsed.ok_or(AddressError::NotUnderstood)?;
        check_way(&config)?;
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
        Ok(Self { config: Arc::new(config), name, schema: SCHEMA.to_owned() })
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

/// Refuses what would be less safe than it looks.
fn check_way(config: &Config) -> Result<(), AddressError> {
    match config.get_ssl_mode() {
        SslMode::Disable => return Ok(()),
        SslMode::Prefer => {}
        _ => return Err(AddressError::NoTls),
    }
    let far = config.get_hostaddrs().iter().find(|address| !address.is_loopback());
    if let Some(address) = far {
        return Err(AddressError::Unencrypted { host: address.to_string() });
    }
    let is_near = |host: &Host| match host {
        Host::Tcp(host) => {
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    match config.get_hosts().iter().find(|host| !is_near(host)) {
        Some(Host::Tcp(host)) if config.get_hostaddrs().is_empty() => {
            Err(AddressError::Unencrypted { host: host.clone() })
        }
        _ => Ok(()),
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
        let refused = |text| Address::parse(text, None).err();
        assert_eq!(refused("postgres://u@localhost/db?sslmode=require"), Some(AddressError::NoTls));
        for url in [
            "postgres://u@db.example/db",
            "postgres://u@10.0.0.1/db",
            "postgres://u@localhost,db.example/db",
            "postgres://u@localhost/db?hostaddr=10.0.0.1",
        ] {
            assert!(matches!(refused(url), Some(AddressError::Unencrypted { .. })), "{url}");
        }
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
