//! A call for each route, from a script that the tests run (app/assets/examples.txt).

use serde_json::Value;

const SCRIPT: &str = include_str!("../../assets/examples.txt");

/// A call that was made, and that was answered.
pub(super) struct Example {
    method: String,
    target: String,
    pub(super) body: Option<Value>,
}

impl Example {
    /// Returns the calls of the script.
    pub(super) fn all() -> Vec<Self> {
        let calls = SCRIPT.lines().filter_map(|line| line.strip_prefix("> "));
        let call = |line: &str| {
            let (method, rest) = line.split_once(' ')?;
            let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
            let (method, target) = (method.to_owned(), readable(target));
            let body = serde_json::from_str(&readable(body)).ok();
            Some(Self { method, target, body })
        };
        calls.filter_map(call).collect()
    }

    /// Says whether it is a call of this route.
    pub(super) fn is_of(&self, method: &str, path: &str) -> bool {
        self.method == method && self.names(path).is_some()
    }

    /// Finds what stands in place of a name.
    pub(super) fn parameter(&self, path: &str, place: &str, name: &str) -> Option<String> {
        if place == "path" {
            let found = self.names(path)?.into_iter().find(|(found, _)| *found == name);
            return found.map(|(_, value)| value.to_owned());
        }
        let (_, query) = self.target.split_once('?')?;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(found, _)| *found == name);
        found.next().map(|(_, value)| value.to_owned())
    }

    fn names<'a>(&'a self, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let asked = self.target.split('?').next()?;
        if asked.split('/').count() != path.split('/').count() {
            return None;
        }
        let mut names = Vec::new();
        for (part, found) in path.split('/').zip(asked.split('/')) {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) => names.push((name, found)),
                None if part == found => {}
                None => return None,
            }
        }
        Some(names)
    }
}

/// What the script remembers has a name in it, which stands for itself here: `<anchor>` is `ANCHOR`.
fn readable(text: &str) -> String {
    let mut parts = text.split('<');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('>') {
            Some((name, rest)) => whole.extend([&name.to_uppercase(), rest]),
            None => whole.extend(["<", part]),
        }
    }
    whole
}
