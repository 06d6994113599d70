use std::fmt::{Display, Write};

/// Numbers in the text format of Prometheus.
#[derive(Debug, Default)]
pub(crate) struct Exposition(String);

/// What kind of number it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// It only grows, until the service is started again.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How many were how large.
    Histogram,
}

impl Exposition {
    /// Begins a family: all its samples follow.
    pub(crate) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// Writes a number.
    pub(crate) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        match labels.is_empty() {
            true => self.line(format_args!("{name} {value}")),
            false => self.line(format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    /// Writes a time in seconds.
    pub(crate) fn seconds(&mut self, name: &str, labels: &[(&str, &str)], microseconds: u64) {
        let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
        self.sample(name, labels, format_args!("{seconds}.{fraction:06}"));
    }

    /// Writes a family of one number.
    pub(crate) fn number(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }

    fn line(&mut self, line: impl Display) {
        // Writing to a text does not fail.
        writeln!(self.0, "{line}").ok();
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
