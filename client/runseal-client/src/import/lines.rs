use super::ImportError;
use runseal_receipt::json::MOST_BYTES;
use std::io::{self, BufRead};

/// Some lines that are checked and stored together.
pub(super) struct Batch {
    /// Which batch, from 0.
    pub(super) number: u64,
    pub(super) lines: Vec<Line>,
}

/// A line that is not blank.
pub(super) enum Line {
    /// It may be a receipt.
    Text {
        number: u64,
        bytes: Vec<u8>,
        /// Whether it ended with a line feed.
        is_whole: bool,
    },
    /// It was skipped without being kept.
    TooLong { number: u64, most_bytes: usize },
}

/// Reads lines in batches and never holds more than one line beyond a batch.
pub(super) struct Lines<R> {
    from: R,
    batch_lines: usize,
    batch_bytes: usize,
    batch_count: u64,
    line_count: u64,
    is_over: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R, batch_lines: usize, batch_bytes: usize) -> Self {
        Self { from, batch_lines, batch_bytes, batch_count: 0, line_count: 0, is_over: false }
    }

    /// Reads the next batch; none at the end. With an error comes the batch that it belongs to.
    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>, (u64, ImportError)> {
        let number = self.batch_count;
        let (mut lines, mut bytes) = (Vec::new(), 0usize);
        while lines.len() < self.batch_lines.max(1) && bytes < self.batch_bytes && !self.is_over {
            match self.next_line() {
                Ok(Some(line)) => {
                    bytes = bytes.saturating_add(line.size());
                    lines.push(line);
                }
                Ok(None) => {}
                Err(reason) => {
                    self.is_over = true;
                    let line = self.line_count.saturating_add(1);
                    return Err((number, ImportError::Unreadable { line, reason }));
                }
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        self.batch_count = number.saturating_add(1);
        Ok(Some(Batch { number, lines }))
    }

    /// Reads one line; none if it is blank.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(2);
        let mut bytes = Vec::new();
        let read = io::Read::take(&mut self.from, most).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            self.is_over = true;
            return Ok(None);
        }
        self.line_count = self.line_count.saturating_add(1);
        let number = self.line_count;
        let is_whole = bytes.last() == Some(&b'\n');
        let kept = bytes.trim_ascii_end().len();
        let goes_on = !is_whole && u64::try_from(read).is_ok_and(|read| read == most);
        if goes_on {
            self.skip_line()?;
        }
        if goes_on || kept > MOST_BYTES {
            return Ok(Some(Line::TooLong { number, most_bytes: MOST_BYTES }));
        }
        bytes.truncate(kept);
        Ok((kept > 0).then_some(Line::Text { number, bytes, is_whole }))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let (skipped, is_end) = match self.from.fill_buf()? {
                [] => return Ok(()),
                buffer => match buffer.iter().position(|byte| *byte == b'\n') {
                    Some(end) => (end.saturating_add(1), true),
                    None => (buffer.len(), false),
                },
            };
            self.from.consume(skipped);
            if is_end {
                return Ok(());
            }
        }
    }
}

impl Line {
    fn size(&self) -> usize {
        match self {
            Self::Text { bytes, .. } => bytes.len(),
            Self::TooLong { .. } => 0,
        }
    }
}
