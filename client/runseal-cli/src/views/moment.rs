use runseal_client::utc::Utc;
use runseal_registry::state::Moment;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A moment of the chain.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MomentView {
    pub(super) slot: u64,
    pub(super) unix_seconds: i64,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        Self { slot: moment.slot, unix_seconds: moment.unix_seconds }
    }
}

impl MomentView {
    /// A moment that may not have come yet: the program writes zeros until then.
    pub(super) fn set(moment: Moment) -> Option<Self> {
        Some(moment).filter(|moment| *moment != Moment::default()).map(Self::from)
    }
}

impl Display for MomentView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "slot {} ({})", self.slot, Utc(self.unix_seconds))
    }
}

/// What the chain's clock says.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct ClockView(MomentView);

impl From<Moment> for ClockView {
    fn from(moment: Moment) -> Self {
        Self(moment.into())
    }
}

impl Display for ClockView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "It is {}", self.0)
    }
}
