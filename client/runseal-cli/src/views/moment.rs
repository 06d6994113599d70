use runseal_registry::state::Moment;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// A moment of the chain.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MomentView {
    pub(super) slot: u64,
    unix_seconds: i64,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        Self { slot: moment.slot, unix_seconds: moment.unix_seconds }
    }
}

impl Display for MomentView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "slot {} (Unix time {})", self.slot, self.unix_seconds)
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
