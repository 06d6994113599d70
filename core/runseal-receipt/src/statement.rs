//! What is said about a receipt: what it follows from, which states it changed, which policies held.

use crate::{
    graph::Link,
    json::{Object, Value},
    member::{MemberError, Members},
    policy::PolicyBinding,
    state::{StateProof, StateStep},
};
use runseal_types::{Address, Digest};

/// How many links, states or policies a document may have each.
pub const MOST_STATEMENTS: usize = 64;

/// The statements of a receipt, or of an addendum to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    /// Which receipts this one follows from, and how.
    pub links: Vec<Link>,
    /// Which states the run changed.
    pub states: Vec<StateStep>,
    /// Which policies the run was under, and whether it kept to them.
    pub policies: Vec<PolicyBinding>,
}

impl Statements {
    /// Says whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.links.is_empty() && self.states.is_empty() && self.policies.is_empty()
    }

    /// Binds the changes of states to the receipt that they are said of.
    pub(crate) fn state_proofs(
        &self,
        agent: Address,
        receipt: Digest,
    ) -> impl Iterator<Item = StateProof> {
        self.states.iter().map(move |&step| StateProof { agent, receipt, step })
    }

    /// Reads the three lists out of an object; one that is not there is empty.
    pub fn read(members: Members<'_>) -> Result<Self, MemberError> {
        Ok(Self {
            links: read(members, "links", Link::from_object)?,
            states: read(members, "states", StateStep::from_object)?,
            policies: read(members, "policies", PolicyBinding::from_object)?,
        })
    }

    /// Adds the lists to an object that becomes a document.
    pub(crate) fn write(&self, object: &mut Object) {
        let lists: [(&str, Value); 3] = [
            ("links", self.links.iter().map(Link::to_object).collect()),
            ("states", self.states.iter().map(StateStep::to_object).collect()),
            ("policies", self.policies.iter().map(PolicyBinding::to_object).collect()),
        ];
        object.extend(lists.map(|(key, list)| (key.to_owned(), list)));
    }
}

fn read<T>(
    members: Members<'_>,
    member: &'static str,
    read: fn(&Object) -> Result<T, MemberError>,
) -> Result<Vec<T>, MemberError> {
    let objects = members.objects(member, MOST_STATEMENTS)?;
    objects.into_iter().map(read).collect()
}
