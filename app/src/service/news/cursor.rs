use runseal_client::store::{AnchorRecord, ReceiptRow, SealedPeriod};
use runseal_engine::SignedPromise;
use runseal_types::Period;
use std::{fmt, str::FromStr};

/// How far somebody was told: a place in each of the store's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The last receipt.
    pub(crate) receipts: u64,
    /// The last receipt of which it is certain that its promise was told, if it ever has one.
    pub(crate) promises: u64,
    /// How many sealed periods.
    pub(crate) sealed: u64,
    /// How many periods of which a transaction was sent.
    pub(crate) posted: u64,
    /// How many finalized anchors.
    pub(crate) finalized: u64,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// A receipt was stored.
    Receipt(ReceiptRow),
    /// The log promised a receipt.
    Promise(SignedPromise),
    /// A period was sealed.
    Sealed(SealedPeriod),
    /// A period's anchor was sent to the chain, in the transaction with this signature.
    Posted(Period, [u8; 64]),
    /// A period's anchor is on chain for good.
    Finalized(AnchorRecord),
}

/// That a text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotACursor;

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { receipts, promises, sealed, posted, finalized } = self;
        write!(formatter, "{receipts}-{promises}-{sealed}-{posted}-{finalized}")
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let numbers = text.split('-').map(|part| {
            let is_plain = part.bytes().all(|digit| digit.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| is_plain).and_then(|it| u64::try_from(it).ok())
        });
        let numbers: Option<Vec<u64>> = numbers.collect();
        match numbers.as_deref() {
            Some(&[receipts, promises, sealed, posted, finalized]) => {
                Ok(Self { receipts, promises, sealed, posted, finalized })
            }
            _ => Err(NotACursor),
        }
    }
}

impl Cursor {
    /// Says whether somebody can have been told so far in a store that is here by now.
    pub(crate) fn is_within(&self, now: &Self) -> bool {
        self.receipts <= now.receipts
            && self.promises <= self.receipts
            && self.sealed <= now.sealed
            && self.posted <= self.sealed
            && self.finalized <= self.posted
            && self.finalized <= now.finalized
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_in_one_way_or_not_at_all() {
        let cursor = Cursor { receipts: 12, promises: 7, sealed: 3, posted: 2, finalized: 1 };
        assert_eq!((cursor.to_string().as_str(), "12-7-3-2-1".parse()), ("12-7-3-2-1", Ok(cursor)));
        for wrong in [
            "",
            "1",
            "1-2-3-4",
            "1-2-3-4-5-6",
            "1-2-3-4-",
            "1-2-3--4",
            "+1-2-3-4-5",
            " 1-2-3-4-5",
            "1-2-3-4-x",
            "9223372036854775808-0-0-0-0",
            "1.0-2-3-4-5",
        ] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }
}
