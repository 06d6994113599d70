use super::{Fields, Read};
use runseal_client::store::MOST_ITEMS;

/// How many a list may have; so many if nobody says.
pub(crate) struct Limit<const DEFAULT: usize>(pub(crate) usize);

impl<const DEFAULT: usize> Read for Limit<DEFAULT> {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.limit("limit", DEFAULT, MOST_ITEMS))
    }
}

/// Of which agent; of all if nobody says.
pub(crate) struct AgentFilter(pub(crate) Option<String>);

impl Read for AgentFilter {
    fn read(fields: &mut Fields<'_>) -> Self {
        Self(fields.find_text("agent_id"))
    }
}
