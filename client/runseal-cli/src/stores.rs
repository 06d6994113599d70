//! Where stores are: a file in Runseal's folder, or a database on a server.

use crate::{error::CliError, exit::Exit};
use runseal_client::{
    StoreError,
    sql::{Database, Failure, Sql, fsck},
    store::{Committed, Vitals},
};
use runseal_store::SqliteStore;
use runseal_store_postgres::{Address, AddressError, PostgresStore};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the store is called in its folder.
const FILE: &str = "store.db";

/// A store of either kind.
pub(crate) enum AnyStore {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

macro_rules! each {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Self::Sqlite($store) => $call,
            Self::Postgres($store) => $call,
        }
    };
}

impl AnyStore {
    /// Returns the word for its kind.
    pub(crate) fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl Database for AnyStore {
    fn read<T>(&self, work: impl FnOnce(&dyn Sql) -> Result<T, Failure>) -> Result<T, StoreError> {
        each!(self, store => store.read(work))
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Sql) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        each!(self, store => store.write(work))
    }

    fn check_tables(&self, sql: &dyn Sql, report: &mut fsck::Report<'_>) -> Result<(), Failure> {
        each!(self, store => store.check_tables(sql, report))
    }
}

impl Vitals for AnyStore {
    fn check_writable(&self) -> Result<(), StoreError> {
        each!(self, store => store.check_writable())
    }

    fn committed(&self) -> Option<Committed> {
        each!(self, store => store.committed())
    }
}

/// Where a store is, or will be.
pub(crate) enum Place {
    /// In a file in this folder.
    Folder(PathBuf),
    /// On a server.
    Server(Address),
}

impl Place {
    /// Reads what was named on the command line; nothing stands for the folder.
    pub(crate) fn new(named: Option<&str>, folder: &Path) -> Result<Self, CliError> {
        match named.filter(|named| !named.is_empty()) {
            None => Ok(Self::Folder(folder.to_owned())),
            Some(named) => {
                let password = std::env::var("PGPASSWORD").ok();
                let address = Address::parse(named, password.as_deref())?;
                // As PostgreSQL's own programs have it.
                Ok(Self::Server(match std::env::var_os("PGSSLROOTCERT") {
                    Some(authorities) => address.trusting(Path::new(&authorities))?,
                    None => address,
                }))
            }
        }
    }

    /// Returns where a tenant's store is, whose other data are in this folder.
    pub(crate) fn of_tenant(&self, tenant: &str, folder: &Path) -> Result<Self, CliError> {
        match self {
            Self::Folder(_) => Ok(Self::Folder(folder.to_owned())),
            Self::Server(address) => Ok(Self::Server(address.of_tenant(tenant)?)),
        }
    }

    /// Returns what it is called in messages; no password is in it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.join(FILE).display().to_string(),
            Self::Server(address) => address.name().to_owned(),
        }
    }

    /// Opens the store to write to it, and makes it if there is none.
    pub(crate) fn open(&self) -> Result<AnyStore, CliError> {
        let folder = match self {
            Self::Folder(folder) => folder,
            Self::Server(address) => return Ok(AnyStore::Postgres(PostgresStore::open(address)?)),
        };
        fs::create_dir_all(folder).map_err(|error| {
            CliError::new(format!("{} cannot be made: {error}", folder.display()))
                .with_exit(Exit::Unavailable)
        })?;
        let options = runseal_store::Options::default();
        Ok(AnyStore::Sqlite(SqliteStore::open(&folder.join(FILE), options)?))
    }

    /// Says whether there is a store.
    pub(crate) fn exists(&self) -> Result<bool, CliError> {
        match self {
            Self::Folder(folder) => folder.join(FILE).try_exists().map_err(|error| {
                CliError::new(format!("{} cannot be looked for: {error}", self.name()))
                    .with_exit(Exit::Unavailable)
                    .with_hint("check the permissions there")
            }),
            Self::Server(address) => Ok(PostgresStore::exists(address)?),
        }
    }

    /// Opens the store to read it, also while another process writes to it.
    pub(crate) fn open_to_read(&self) -> Result<AnyStore, CliError> {
        if !self.exists()? {
            return Err(CliError::new(format!("there is no store at {} yet", self.name()))
                .with_exit(Exit::Unavailable)
                .with_hint("`runseal receipt seal` and `receipt import` make one"));
        }
        Ok(match self {
            Self::Folder(folder) => {
                AnyStore::Sqlite(SqliteStore::open_read_only(&folder.join(FILE))?)
            }
            Self::Server(address) => AnyStore::Postgres(PostgresStore::open_read_only(address)?),
        })
    }
}

impl From<AddressError> for CliError {
    fn from(error: AddressError) -> Self {
        let hint = match &error {
            AddressError::NotUnderstood => {
                "a password need not be in it: PGPASSWORD is read from the environment"
            }
            AddressError::Authorities { .. } => {
                "PGSSLROOTCERT names a file with certificates, each between BEGIN CERTIFICATE and END CERTIFICATE"
            }
            AddressError::NoTls { .. } => "reach it through a tunnel, and say ?sslmode=disable",
            AddressError::NameTooLong { .. } => "give the tenant a shorter name",
        };
        Self::usage(error.to_string()).with_hint(hint)
    }
}
