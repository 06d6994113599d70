use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What a slash took, in the bond mint's base units, and whose it is now.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharesView {
    slashed_amount: u64,
    claimant_amount: u64,
    treasury_amount: u64,
}

impl SharesView {
    /// Parts a slash as the program does: the claimant's part is rounded down.
    pub(crate) fn new(slashed_amount: u64, claimant_basis_points: u16) -> Self {
        let share = u128::from(slashed_amount) * u128::from(claimant_basis_points) / 10_000;
        let claimant_amount = u64::try_from(share).unwrap_or(slashed_amount);
        let treasury_amount = slashed_amount.saturating_sub(claimant_amount);
        Self { slashed_amount, claimant_amount, treasury_amount }
    }
}

impl Display for SharesView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { slashed_amount, claimant_amount, treasury_amount } = self;
        write!(
            f,
            "Shares     {claimant_amount} to the claimant, {treasury_amount} to the treasury, "
        )?;
        write!(f, "of {slashed_amount} base units slashed")
    }
}

/// Something that was done, and what it took.
#[derive(Serialize)]
pub(crate) struct SlashedView<T> {
    #[serde(flatten)]
    pub(crate) done: T,
    pub(crate) slash: SharesView,
}

impl<T: Display> Display for SlashedView<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.done, self.slash)
    }
}

#[cfg(test)]
mod tests {
    use super::SharesView;

    #[test]
    fn the_parts_of_a_slash_are_all_of_it_and_the_claimant_s_is_rounded_down() {
        for (amount, points, claimant) in
            [(1_000, 5_000, 500), (999, 5_000, 499), (u64::MAX, 5_000, u64::MAX / 2), (7, 0, 0)]
        {
            let expected = SharesView {
                slashed_amount: amount,
                claimant_amount: claimant,
                treasury_amount: amount - claimant,
            };
            assert_eq!(SharesView::new(amount, points), expected);
        }
    }
}
