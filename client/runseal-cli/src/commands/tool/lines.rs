//! Lines, as they come together out of pieces of a stream.

use runseal_tool::{MOST_QUESTION_BYTES, Refusal};

/// A line without its end, if it was not too long.
pub(super) type Line = Result<Vec<u8>, TooLong>;

/// A line that was too long to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// So many are checked together at least as fast as any more.
const MOST_LINES: usize = 8_192;
const MOST_BYTES: usize = 8 << 20;

impl From<TooLong> for Refusal {
    fn from(TooLong: TooLong) -> Self {
        Self::new("LineTooLong", format!("a line has at most {MOST_QUESTION_BYTES} bytes"))
    }
}

/// Whole lines, and the beginning of the next.
#[derive(Default)]
pub(super) struct Lines {
    whole: Vec<Line>,
    whole_bytes: usize,
    begun: Option<Line>,
}

impl Lines {
    /// Takes the next piece of the stream.
    pub(super) fn push(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(end) => {
                    self.extend(end);
                    self.end();
                }
                None => self.extend(part),
            }
        }
    }

    /// Takes the end of a line, or of the stream: what was begun is whole.
    pub(super) fn end(&mut self) {
        if let Some(line) = self.begun.take() {
            self.whole_bytes += line.as_ref().map_or(0, Vec::len);
            self.whole.push(line);
        }
    }

    /// Says whether there is so much that it should be answered before more is taken.
    pub(super) fn is_full(&self) -> bool {
        self.whole.len() >= MOST_LINES || self.whole_bytes >= MOST_BYTES
    }

    /// Hands out the whole lines.
    pub(super) fn take(&mut self) -> Vec<Line> {
        self.whole_bytes = 0;
        std::mem::take(&mut self.whole)
    }

    fn extend(&mut self, part: &[u8]) {
        let begun = self.begun.get_or_insert_with(|| Ok(Vec::new()));
        match begun {
            Ok(line) if line.len() + part.len() <= MOST_QUESTION_BYTES => {
                line.extend_from_slice(part)
            }
            _ => *begun = Err(TooLong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Lines, MOST_QUESTION_BYTES, TooLong};

    fn lines(pieces: &[&[u8]]) -> Vec<Line> {
        let mut lines = Lines::default();
        pieces.iter().for_each(|piece| lines.push(piece));
        lines.end();
        lines.take()
    }

    #[test]
    fn lines_do_not_depend_on_how_the_stream_is_cut() {
        let text = b"one\n\ntwo\r\nthree";
        let expected = ["one", "", "two\r", "three"].map(|line| Ok(line.into()));
        for at in 0..=text.len() {
            let (one, other) = text.split_at(at);
            assert_eq!(lines(&[one, other]), expected, "cut at {at}");
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(lines(&bytes), expected);
    }

    #[test]
    fn a_stream_that_ends_with_a_line_has_none_behind_it() {
        assert_eq!(lines(&[]), []);
        assert_eq!(lines(&[b"\n"]), [Ok(Vec::new())]);
        assert_eq!(lines(&[b"one\n"]), [Ok(b"one".to_vec())]);
    }

    #[test]
    fn a_line_that_is_too_long_is_one_line_and_is_not_kept() {
        let long = vec![b'a'; MOST_QUESTION_BYTES];
        let found = lines(&[&long, b"\n", &long, b"b", b"c\nnext\n"]);
        assert_eq!(found, [Ok(long), Err(TooLong), Ok(b"next".to_vec())]);
    }
}
