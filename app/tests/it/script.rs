//! Scripts of calls and their answers: `> METHOD PATH BODY`, and below `< STATUS ANSWER`.

use crate::{
    client::send,
    matching::{Names, differs},
    service::{Running, settings},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A call that was made: method, path without what stands behind the question mark, and status.
pub(crate) type Call = (String, String, u16);

/// What keeps what a script stores.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Returns all scripts.
pub(crate) fn all() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
    let mut scripts: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.sort();
    scripts
}

/// Runs a script against a service of its own, and returns the calls that it made.
pub(crate) async fn run(path: &Path, kind: Kind) -> BTreeSet<Call> {
    answers(path, kind).await.into_iter().map(|(call, _)| call).collect()
}

/// Runs a script, and returns its calls with what was answered.
pub(crate) async fn answers(path: &Path, kind: Kind) -> Vec<(Call, String)> {
    let engine = match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    };
    let text = std::fs::read_to_string(path).unwrap().replace("<engine>", engine);
    let home = tempfile::tempdir().unwrap();
    let running = match kind {
        Kind::Sqlite => Running::start(home.path(), settings()).await,
        Kind::Postgres => Running::start_on_server(home.path(), settings()).await,
    };
    let (mut names, mut calls) = (Names::new(), Vec::new());
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
    let lines = lines.iter().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<_> = lines.collect();
    for pair in lines.chunks(2) {
        let [(number, request), (_, expected)] = pair else {
            panic!("{}: a call without an answer", path.display())
        };
        let place = format!("{}:{number}: {request}", path.display());
        let request = with_names(request.strip_prefix("> ").expect(&place), &names);
        let expected = expected.strip_prefix("< ").expect(&place);
        let (method, rest) = request.split_once(' ').expect(&place);
        let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
        let answer = send(running.address, method, target, Some(body)).await;
        let (status, expected) = expected.split_once(' ').unwrap_or((expected, ""));
        assert_eq!(answer.status, status.parse::<u16>().unwrap(), "{place}\n{}", answer.body);
        if !expected.is_empty() {
            let expected = serde_json::from_str(expected).expect(&place);
            if let Some(reason) = differs(&expected, &answer.json(), &mut names) {
                panic!("{place}\n{reason}\n{}", answer.body);
            }
        }
        let path = target.split('?').next().unwrap_or_default();
        calls.push(((method.to_owned(), path.to_owned(), answer.status), answer.body));
    }
    running.stop().await;
    calls
}

/// Puts what was remembered in the place of its name.
fn with_names(text: &str, names: &Names) -> String {
    let put =
        |text: String, (name, value): (&String, &String)| text.replace(&format!("<{name}>"), value);
    names.iter().fold(text.to_owned(), put)
}
