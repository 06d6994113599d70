use super::{Page, Position, StoreError, Stored};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Addendum, AddendumError, Role, SignatureError, graph::Edge, policy::PolicyBinding,
    state::StateProof,
};
use runseal_types::{Address, Digest};

/// An addendum that its agent signed, with the text that it came as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedAddendum {
    addendum: Addendum,
    text: Vec<u8>,
}

/// Why a text is not an addendum that its agent signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddendumRefusal {
    /// It is none.
    #[error(transparent)]
    Addendum(#[from] AddendumError),
    /// The agent did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl CheckedAddendum {
    /// Parses a text and checks that the owner of `key` signed it as the agent.
    pub fn check(text: Vec<u8>, key: &PublicKey) -> Result<Self, AddendumRefusal> {
        let addendum = Addendum::parse(&text)?;
        addendum.document().check_signed_as(Role::Agent, key)?;
        Ok(Self { addendum, text })
    }

    /// Returns what it says.
    pub fn addendum(&self) -> &Addendum {
        &self.addendum
    }

    /// Returns the text that it came as.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// Which way edges are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To what the receipt follows from.
    Parents,
    /// To what follows from it.
    Children,
}

/// A change of a state, and where it stands among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateRow {
    /// Where.
    pub position: Position,
    /// The change, bound to the receipt that tells it.
    pub proof: StateProof,
}

/// A binding to a policy, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// Where it stands among all bindings.
    pub position: Position,
    /// The receipt.
    pub receipt: Digest,
    /// The binding.
    pub binding: PolicyBinding,
}

/// What receipts and addenda say of each other, of states and of policies.
///
/// All of it comes out of receipts and addenda when these are stored; only addenda are stored here.
pub trait Relations {
    /// Stores an addendum to a stored receipt of the same agent.
    fn put_addendum(&self, addendum: &CheckedAddendum) -> Result<Stored, StoreError>;

    /// Lists the texts of the addenda to a receipt in the order in which they were stored.
    fn list_addenda(
        &self,
        receipt: &Digest,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Vec<u8>>, StoreError>;

    /// Lists a receipt's edges in the order in which they were stored.
    fn list_edges(
        &self,
        receipt: &Digest,
        direction: Direction,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Edge>, StoreError>;

    /// Lists the changes of an agent's state by their numbers, those behind `after`; forks are all
    /// there.
    fn list_states(
        &self,
        agent: &Address,
        state_type: runseal_receipt::state::StateType,
        after: Option<&StateRow>,
        limit: usize,
    ) -> Result<Vec<StateRow>, StoreError>;

    /// Lists the bindings to a policy in the order in which they were stored.
    fn list_policies(
        &self,
        policy_id: &str,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<PolicyRow>, StoreError>;
}
