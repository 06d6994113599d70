//! The store in a database: what is said of it, and what is not.

use runseal_postgres_server::shared;
use runseal_tests::Runseal;

#[test]
fn no_password_is_ever_repeated() {
    let url = shared().database().replace("runseal@", "runseal:secret@");
    let runseal = Runseal::with_store(&url);
    let said = |line: &str| {
        let ran = runseal.run(line);
        ran.stdout + &ran.stderr
    };
    for line in ["--help", "-v anchor list", "-v fsck --offline", "receipt --help"] {
        let said = said(line);
        assert!(!said.contains("secret") && !said.contains("runseal:"), "{line}: {said}");
    }
    assert!(said("-v anchor list").contains("store postgres://runseal@/"));
    assert!(said("anchor list").contains("there is no store at postgres://runseal@/"));
    for store in [
        "postgres://u:secret@127.0.0.1:1/db",
        "postgres://u:secret@127.0.0.1:1/db?sslmode=verify-full",
        "postgres://u:secret@localhost/db?sslmode=require",
        "postgres://u:secret@localhost/db?port=secret",
        "secret",
    ] {
        let ran = Runseal::with_store(store).run("-v fsck --offline");
        assert!(!(ran.stdout + &ran.stderr).contains("secret"), "{store}");
    }
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_do() {
    let refused = |store: &str, code: i32, said: &str| {
        Runseal::with_store(store).fails("fsck --offline", code, said);
    };
    refused(
        "store.db",
        2,
        "error: the store's address is not postgres://USER@HOST:PORT/DATABASE, or asks for something unknown
hint: a password need not be in it: PGPASSWORD is read from the environment
",
    );
    let options = "postgres://u@localhost/db?sslmode=perhaps";
    refused(
        options,
        2,
        "error: the store's address is not postgres://USER@HOST:PORT/DATABASE, or asks for something unknown
hint: a password need not be in it: PGPASSWORD is read from the environment
",
    );
}
