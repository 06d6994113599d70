//! Numbers for Prometheus, in its text format.

use crate::{error::ApiError, service::Api};
use axum::{
    Extension, Json,
    http::{HeaderName, header},
};
use std::fmt::Write;

/// What a scraper takes the text for.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text with its type.
type Typed = ([(HeaderName, &'static str); 1], String);

pub(crate) async fn metrics(Extension(service): Api) -> Result<Typed, ApiError> {
    let Json(text) = service
        .work(|service| {
            let mut text = String::from(
                "# HELP runseal_runs Runs by how they stand and what they are seen through.\n\
                 # TYPE runseal_runs gauge\n",
            );
            for run in service.store.count_runs()? {
                let (standing, adapter) = (run.standing.as_str(), escaped(&run.adapter));
                // Writing to a text does not fail.
                let line = format_args!(
                    "runseal_runs{{standing=\"{standing}\",adapter=\"{adapter}\"}} {}",
                    run.count
                );
                writeln!(text, "{line}").ok();
            }
            let (at_work, waiting) = service.load();
            let line = format_args!(
                "# HELP runseal_calls Calls in the store, and those that wait.\n\
                 # TYPE runseal_calls gauge\n\
                 runseal_calls{{state=\"at_work\"}} {at_work}\n\
                 runseal_calls{{state=\"waiting\"}} {waiting}"
            );
            writeln!(text, "{line}").ok();
            Ok(text)
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, TEXT)], text))
}

/// Writes a label's value; control characters are in no adapter's name.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
