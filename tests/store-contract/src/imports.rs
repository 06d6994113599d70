use crate::samples::{Agent, Wish, key_of};
use runseal_client::{
    import::{Answer, ImportError, Limits, LineError, import},
    store::{Conflict, ReceiptFilter, Store, Stored},
};
use runseal_receipt::{BatchError, ReceiptError, SignatureError};
use std::io::{self, BufReader, Read};

fn run(store: &impl Store, lines: &[u8], limits: Limits) -> Vec<Answer> {
    let mut answers = Vec::new();
    import(store, lines, &key_of, limits, &mut |answer| answers.push(answer)).unwrap();
    answers
}

fn lines(texts: &[Vec<u8>]) -> Vec<u8> {
    texts.iter().flat_map(|text| [text.as_slice(), b"\n"].concat()).collect()
}

fn texts(count: usize) -> Vec<Vec<u8>> {
    let mut agent = Agent::new(1);
    (0..count).map(|_| agent.text(&Wish::default())).collect()
}

const SMALL: Limits = Limits { threads: 3, batch_lines: 7, batch_bytes: 1 << 20 };

pub fn every_line_gets_its_answer_in_order(store: &impl Store) {
    let answers = run(store, &lines(&texts(100)), SMALL);
    let sequences: Vec<u64> =
        answers.iter().map(|answer| answer.outcome.as_ref().unwrap().leaf.sequence.0).collect();
    assert_eq!(sequences, (0..100).collect::<Vec<_>>());
    assert!(answers.iter().map(|answer| answer.line).eq(1..=100));
    assert!(answers.iter().all(|answer| answer.outcome.as_ref().unwrap().stored == Stored::New));
    let all = store.list_receipts(&ReceiptFilter::default(), None, 1_000).unwrap();
    assert_eq!(all.items.len(), 100);
}

pub fn bad_lines_are_named_and_stop_nothing(store: &impl Store) {
    let mut texts = texts(3);
    let text = |receipt: &[u8]| String::from_utf8(receipt.to_vec()).unwrap();
    let one = text(&texts[1]);
    let wrong_hex = one.replace("\"root\":\"00", "\"root\":\"0G").into_bytes();
    let changed = one.replace("openclaw", "openclam").into_bytes();
    let unsigned = format!(
        "{}\"signatures\":[]{}",
        &one[..one.find("\"signatures\"").unwrap()],
        &one[one.find("],\"started_at\"").unwrap() + 1..]
    );
    let other_signature = {
        let (start, mut bytes) =
            (one.find("\"signature\":\"").unwrap() + 20, one.clone().into_bytes());
        bytes[start] = if bytes[start] == b'A' { b'B' } else { b'A' };
        bytes
    };
    let bad: [Vec<u8>; 7] = [
        one.as_bytes()[..one.len() / 2].to_vec(),
        wrong_hex,
        changed,
        unsigned.into_bytes(),
        other_signature,
        b"[]".to_vec(),
        vec![b'x'; (1 << 20) + 7],
    ];
    texts.splice(1..1, bad);
    let answers = run(store, &lines(&texts), SMALL);
    assert_eq!(answers.len(), 10);
    let good: Vec<bool> = answers.iter().map(|answer| answer.outcome.is_ok()).collect();
    let expected = [true, false, false, false, false, false, false, false, true, true];
    assert_eq!(good, expected);
    let error = |index: usize| answers[index].outcome.clone().unwrap_err();
    for index in [1, 2, 6] {
        let refused = matches!(
            error(index),
            LineError::Refused(BatchError::Receipt(ReceiptError::Document(_)))
        );
        assert!(refused, "{:?}", error(index));
    }
    let is_fingerprint = matches!(
        error(3),
        LineError::Refused(BatchError::Receipt(ReceiptError::FingerprintMismatch { .. }))
    );
    assert!(is_fingerprint, "{:?}", error(3));
    assert_eq!(error(4), LineError::Refused(BatchError::Signature(SignatureError::Unsigned)));
    let is_wrong =
        matches!(error(5), LineError::Refused(BatchError::Signature(SignatureError::Wrong { .. })));
    assert!(is_wrong, "{:?}", error(5));
    assert_eq!(error(7), LineError::TooLong { most_bytes: 1 << 20 });
}

pub fn a_line_that_is_cut_off_is_named_so(store: &impl Store) {
    let texts = texts(2);
    let mut bytes = lines(&texts);
    // Only the line feed is missing: the receipt is whole.
    bytes.pop();
    assert!(run(store, &bytes, SMALL).iter().all(|answer| answer.outcome.is_ok()));
    bytes.truncate(bytes.len() - 100);
    let answers = run(store, &bytes, SMALL);
    assert_eq!(answers[0].outcome.as_ref().unwrap().stored, Stored::Before);
    assert!(matches!(answers[1].outcome, Err(LineError::CutOff { .. })));
}

pub fn duplicate_lines_are_stored_once(store: &impl Store) {
    let texts = texts(5);
    let twice: Vec<Vec<u8>> = texts.iter().chain(&texts).cloned().collect();
    let answers = run(store, &lines(&twice), Limits { threads: 1, ..SMALL });
    let stored: Vec<Stored> =
        answers.iter().map(|answer| answer.outcome.as_ref().unwrap().stored).collect();
    assert_eq!(stored, [[Stored::New; 5], [Stored::Before; 5]].concat());
    // A fork is no duplicate.
    let fork = Agent::new(1).text(&Wish { nonce: 1, ..Wish::default() });
    let answers = run(store, &lines(&[fork]), SMALL);
    let error = answers[0].outcome.clone().unwrap_err();
    assert!(matches!(error, LineError::Conflict(Conflict::PlaceTaken { .. })));
}

pub fn small_batches_answer_like_large_ones(store: &impl Store) {
    let mut bytes = lines(&texts(20));
    bytes.splice(0..0, b"\n  \r\n{\n".iter().copied());
    let large = run(store, &bytes, Limits::default());
    assert_eq!(large.first().map(|answer| answer.line), Some(3));
    assert_eq!(large.len(), 21);
    for limits in [
        Limits { threads: 1, batch_lines: 1, batch_bytes: 1 },
        Limits { threads: 4, batch_lines: 3, batch_bytes: 2_000 },
        Limits { threads: 0, batch_lines: 0, batch_bytes: 100 },
    ] {
        let small = run(store, &bytes, limits);
        let lines = |answers: &[Answer]| -> Vec<(u64, bool)> {
            answers.iter().map(|answer| (answer.line, answer.outcome.is_ok())).collect()
        };
        assert_eq!(lines(&small), lines(&large), "{limits:?}");
    }
}

/// Gives some bytes and then fails.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

pub fn an_unreadable_source_is_an_error_behind_what_was_read(store: &impl Store) {
    let bytes = lines(&texts(14));
    let mut answers = Vec::new();
    let source = BufReader::new(Broken(&bytes));
    let outcome = import(store, source, &key_of, SMALL, &mut |answer| answers.push(answer));
    assert!(matches!(outcome, Err(ImportError::Unreadable { line: 15, .. })), "{outcome:?}");
    assert_eq!(answers.len(), 14);
}
