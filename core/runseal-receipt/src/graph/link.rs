use crate::{
    json::{Object, Value},
    member::{MemberError, Members, object_of},
    word::words,
};
use runseal_types::Digest;

words! {
    /// How a receipt follows from another.
    Relation {
        /// The other allowed what was done here.
        Approval = "approval",
        /// The other was gone on from in another way.
        Branch = "branch",
        /// The other gave this work away.
        Delegation = "delegation",
        /// What the other produced was needed here.
        Dependency = "dependency",
        /// The other is one of several that came together here.
        Merge = "merge",
        /// The other was tried again.
        Retry = "retry",
    }
}

/// That a receipt follows from another, as its own side tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// How.
    pub relation: Relation,
    /// The digest of the receipt that it follows from.
    pub parent: Digest,
}

impl Link {
    /// Reads it from an element of a document's list.
    pub fn from_object(object: &Object) -> Result<Self, MemberError> {
        let members = Members(object);
        Ok(Self {
            relation: members.word("relation", Relation::find)?,
            parent: members.digest("parent")?,
        })
    }

    /// Returns it as a document has it.
    #[must_use]
    pub fn to_object(&self) -> Object {
        object_of([
            ("relation", Value::from(self.relation.as_str())),
            ("parent", Value::from(self.parent)),
        ])
    }
}

/// A link with both its ends; ordered by child, parent and relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The receipt that follows.
    pub child: Digest,
    /// The receipt that it follows from.
    pub parent: Digest,
    /// How.
    pub relation: Relation,
}

impl Edge {
    pub(crate) fn to_object(self) -> Object {
        object_of([
            ("child", Value::from(self.child)),
            ("parent", Value::from(self.parent)),
            ("relation", Value::from(self.relation.as_str())),
        ])
    }
}
