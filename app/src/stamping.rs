//! An authority that puts times under hashes (RFC 3161), as the service knows it.

use runseal_timestamp::Roots;
use std::{fmt, pin::Pin};

/// What an authority answered, or why it did not, in words.
type Answered = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send>>;

/// Who is asked for time stamps, and whom the service believes.
pub struct TimestampAuthority {
    pub(crate) roots: Roots,
    pub(crate) ask: Option<Ask>,
}

/// How an authority is asked.
pub(crate) struct Ask {
    /// Where it is; everybody may know.
    pub(crate) url: String,
    pub(crate) post: Box<dyn Fn(Vec<u8>) -> Answered + Send + Sync>,
}

impl TimestampAuthority {
    /// Believes tokens whose certificates lead to one of these roots, and asks nobody for one.
    pub fn new(roots: Roots) -> Self {
        Self { roots, ask: None }
    }

    /// Asks this authority: `post` sends a request to it and returns its answer.
    #[must_use]
    pub fn at<F>(mut self, url: &str, post: impl Fn(Vec<u8>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<u8>, String>> + Send + 'static,
    {
        let post = Box::new(move |request| Box::pin(post(request)) as Answered);
        self.ask = Some(Ask { url: url.to_owned(), post });
        self
    }
}

impl fmt::Debug for TimestampAuthority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.ask.as_ref().map(|ask| &ask.url);
        formatter.debug_struct("TimestampAuthority").field("url", &url).finish_non_exhaustive()
    }
}
