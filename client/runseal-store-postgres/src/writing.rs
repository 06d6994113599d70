//! The connection that writes, the lock that it holds, and what becomes of both when it is lost.

use crate::{
    address::Address, connection::Connection, driver::wait, failed::commit_failed, migrations,
};
use runseal_client::{
    StoreError,
    sql::{Failure, Session, Sql},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a writer waits for the lock of one that just ended: its server may not have noticed.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// The oldest server that is known to do what is asked.
const OLDEST_SERVER: i64 = 140_000;

/// The connection that writes.
pub(crate) struct Writing {
    address: Address,
    connection: Connection,
    /// Whether something went wrong after which the connection is not used again.
    is_spoilt: bool,
}

impl Writing {
    pub(crate) fn open(address: &Address) -> Result<Self, Failure> {
        let connection = connect(address)?;
        Ok(Self { address: address.clone(), connection, is_spoilt: false })
    }
}

/// Connects as the one writer, and brings the tables up to date.
fn connect(address: &Address) -> Result<Connection, Failure> {
    let connection = Connection::open(address)?;
    check_server(&connection)?;
    lock(&connection, address)?;
    migrations::make_schema(&connection, address)?;
    migrations::check_kind(&connection, address.name())?;
    migrations::apply(&connection)?;
    migrations::check(&connection, address.name())?;
    Ok(connection)
}

/// Sees to it that what the server acknowledges is on its disk.
fn check_server(connection: &Connection) -> Result<(), Failure> {
    let query = "SELECT current_setting('synchronous_commit'), current_setting('fsync'),
        current_setting('full_page_writes'), current_setting('server_encoding'),
        pg_is_in_recovery()::text, current_setting('server_version_num')";
    let mut facts = Vec::new();
    connection.each(query, &[], &mut |row| {
        for index in 0..6 {
            facts.push(row.text(index)?.unwrap_or_default().to_owned());
        }
        Ok(())
    })?;
    let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
    let [synchronous_commit, fsync, full_page_writes, encoding, is_standby, version] = facts[..]
    else {
        return Err(Failure::Unavailable("the server does not say how it is set up".to_owned()));
    };
    let refusal = if fsync != "on" || full_page_writes != "on" {
        "the server has fsync or full_page_writes off, and would lose what it acknowledged"
    } else if encoding != "UTF8" {
        "the database's encoding is not UTF8"
    } else if is_standby != "false" {
        "the server is a standby"
    } else if version.parse::<i64>().is_ok_and(|version| version < OLDEST_SERVER) {
        "the server is older than PostgreSQL 14"
    } else {
        // A role or a database may have it off by default.
        return match synchronous_commit {
            "off" => connection.run("SET synchronous_commit TO on"),
            _ => Ok(()),
        };
    };
    Err(Failure::NotWritable(refusal.to_owned()))
}

/// Takes the lock that goes with the connection.
fn lock(connection: &Connection, address: &Address) -> Result<(), Failure> {
    let (one, two) = address.lock_keys();
    let query = format!("SELECT pg_try_advisory_lock({one}, {two})::text");
    let began = Instant::now();
    loop {
        let mut is_ours = false;
        connection.each(&query, &[], &mut |row| {
            is_ours = row.text(0)? == Some("true");
            Ok(())
        })?;
        if is_ours {
            return Ok(());
        }
        if began.elapsed() > LOCK_PATIENCE {
            return Err(StoreError::Locked { store: address.name().to_owned() }.into());
        }
        thread::sleep(LOCK_PAUSE);
    }
}

impl Session for Writing {
    fn sql(&self) -> &dyn Sql {
        &self.connection
    }

    fn begin(&mut self) -> Result<(), Failure> {
        if !self.is_spoilt && !self.connection.is_lost() && self.connection.run("BEGIN").is_ok() {
            return Ok(());
        }
        // Whoever wrote meanwhile is seen: nothing is remembered but what the server says. A connection
        // that still lives must not keep the lock from the next one.
        self.is_spoilt = true;
        self.unlock();
        self.connection = connect(&self.address)?;
        self.connection.run("BEGIN")?;
        self.is_spoilt = false;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Failure> {
        let committed = wait(self.connection.client().batch_execute("COMMIT"));
        committed.map_err(commit_failed)
    }

    fn roll_back(&mut self) {
        self.is_spoilt |= self.connection.run("ROLLBACK").is_err();
    }

    fn is_in_transaction(&self) -> bool {
        !self.connection.is_lost()
    }
}

impl Writing {
    /// Gives the lock back, if the server still answers. Nothing is committed after this.
    fn unlock(&self) {
        let (one, two) = self.address.lock_keys();
        self.connection.run(&format!("ROLLBACK; SELECT pg_advisory_unlock({one}, {two})")).ok();
    }
}

impl Drop for Writing {
    /// The next writer need not wait until the server has noticed that the connection ended.
    fn drop(&mut self) {
        self.unlock();
    }
}
