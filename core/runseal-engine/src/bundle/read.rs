use super::{
    BUNDLE_VERSION, BundleError, BundleParts, LogPath, MOST_ACCOUNTS, MOST_BUNDLE_BYTES,
    MOST_ELEMENTS, Statement, observation::read_observations, proof::read_statement,
};
use crate::seal::Place;
use runseal_receipt::{
    MemberError,
    json::{Object, Value, parse_within},
    member::{Members, any_text},
};
use runseal_types::{Address, AnchorFacts, Digest, Leaf, Period, PeriodContext};

const MEMBERS: &[&str] = &[
    "version",
    "genesis_hash",
    "program",
    "log",
    "period",
    "proof",
    "receipts",
    "previous",
    "events",
    "addenda",
    "approvals",
    "policies",
    "anchor",
    "log_path",
    "accounts",
];

/// Reads what stands in a file; the documents in it are read later.
pub(super) fn read(bytes: &[u8]) -> Result<BundleParts, BundleError> {
    let Value::Object(object) = parse_within(bytes, MOST_BUNDLE_BYTES)? else {
        return Err(BundleError::NotAnObject);
    };
    let members = Members(&object);
    let place = "the bundle";
    let found = members.text("version").map_err(at(place))?;
    if found != BUNDLE_VERSION {
        let found = found.to_owned();
        return Err(BundleError::OtherVersion { found, expected: BUNDLE_VERSION });
    }
    refuse_unknown(place, &object, MEMBERS)?;
    let texts = |member, most| read_texts(members, member, most).map_err(at(place));
    let receipts = texts("receipts", MOST_ELEMENTS)?;
    let (leaf_count, statement) = read_proof(members, &receipts)?;
    Ok(BundleParts {
        program: members.address("program").map_err(at(place))?,
        place: read_place(members).map_err(at(place))?,
        leaf_count,
        statement,
        receipts,
        previous: read_long_text(members, "previous").map_err(at(place))?,
        events: match members.find("events") {
            Some(_) => Some(texts("events", MOST_ELEMENTS)?),
            None => None,
        },
        addenda: texts("addenda", MOST_ACCOUNTS)?,
        approvals: texts("approvals", MOST_ACCOUNTS)?,
        policies: texts("policies", MOST_ACCOUNTS)?,
        anchor: object_of(members, "anchor", read_anchor)?,
        log_path: object_of(members, "log_path", read_log_path)?,
        accounts: read_observations(members, "accounts")?,
    })
}

/// Says in which object a member is wrong.
pub(super) fn at(place: &'static str) -> impl Fn(MemberError) -> BundleError {
    move |reason| BundleError::Member { place, reason }
}

/// Refuses members that nothing is known of: whoever wrote them meant something.
pub(crate) fn refuse_unknown(
    place: &'static str,
    object: &Object,
    known: &[&str],
) -> Result<(), BundleError> {
    match object.keys().find(|member| !known.contains(&member.as_str())) {
        Some(member) => Err(BundleError::UnknownMember { place, member: member.clone() }),
        None => Ok(()),
    }
}

fn object_of<T>(
    members: Members<'_>,
    member: &'static str,
    read: fn(&Object) -> Result<T, BundleError>,
) -> Result<Option<T>, BundleError> {
    let object = members.optional(member, Members::object).map_err(at("the bundle"))?;
    object.map(read).transpose()
}

fn read_place(members: Members<'_>) -> Result<Place, MemberError> {
    Ok(Place {
        // A chain's genesis hash is written like an address everywhere.
        genesis_hash: Digest::new(*members.address("genesis_hash")?.as_bytes()),
        log: members.address("log")?,
        period: Period(members.integer("period")?),
    })
}

fn read_proof(members: Members<'_>, receipts: &[String]) -> Result<(u64, Statement), BundleError> {
    let object = members.object("proof").map_err(at("the bundle"))?;
    read_statement(object, || one_leaf(receipts))
}

/// The leaf of an inclusion is its receipt's.
fn one_leaf(receipts: &[String]) -> Result<Leaf, BundleError> {
    let [text] = receipts else {
        return Err(BundleError::NotOneReceipt { found: receipts.len() });
    };
    Ok(super::read_one("receipts", 0, text)?.document.leaf())
}

fn read_texts(
    members: Members<'_>,
    member: &'static str,
    most: usize,
) -> Result<Vec<String>, MemberError> {
    let list = members.list(member, most)?;
    list.iter().map(|value| any_text(member, value).map(str::to_owned)).collect()
}

fn read_long_text(
    members: Members<'_>,
    member: &'static str,
) -> Result<Option<String>, MemberError> {
    let text = members.find(member).map(|value| any_text(member, value));
    Ok(text.transpose()?.map(str::to_owned))
}

pub(super) fn read_path(
    members: Members<'_>,
    member: &'static str,
) -> Result<Vec<Digest>, MemberError> {
    // No proof is longer than that of a pair of leaves or of a range.
    let list = members.list(member, 126)?;
    let digest = |value| {
        any_text(member, value)?.parse().map_err(|reason| MemberError::BadDigest { member, reason })
    };
    list.iter().map(digest).collect()
}

/// How many bytes what an anchor says may have, by itself.
const MOST_ANCHOR_BYTES: usize = 4 << 10;

/// Reads what an anchor says, as it stands in a bundle and by itself in a file of its own.
///
/// # Errors
///
/// If the bytes are not such an object, and nothing else.
pub fn parse_anchor(bytes: &[u8]) -> Result<AnchorFacts, BundleError> {
    match parse_within(bytes, MOST_ANCHOR_BYTES)? {
        Value::Object(object) => read_anchor(&object),
        _ => Err(BundleError::NotAnObject),
    }
}

fn read_anchor(object: &Object) -> Result<AnchorFacts, BundleError> {
    let place = "the anchor";
    refuse_unknown(
        place,
        object,
        &[
            "context",
            "root",
            "leaf_count",
            "cumulative_leaf_count",
            "previous_anchor_hash",
            "start_seconds",
            "end_seconds",
            "posted_slot",
            "posted_unix_seconds",
        ],
    )?;
    let members = Members(object);
    let read = || {
        let seconds = |member| read_seconds(members, member);
        Ok(AnchorFacts {
            context: PeriodContext::from_digest(members.digest("context")?),
            root: members.digest("root")?,
            leaf_count: members.integer("leaf_count")?,
            cumulative_leaf_count: members.integer("cumulative_leaf_count")?,
            previous_anchor_hash: members.digest("previous_anchor_hash")?,
            start_seconds: seconds("start_seconds")?,
            end_seconds: seconds("end_seconds")?,
            posted_slot: members.integer("posted_slot")?,
            posted_unix_seconds: seconds("posted_unix_seconds")?,
        })
    };
    read().map_err(at(place))
}

/// Times of anchors are behind 1970 in every chain that there is.
fn read_seconds(members: Members<'_>, member: &'static str) -> Result<i64, MemberError> {
    i64::try_from(members.integer(member)?).map_err(|_| MemberError::BadInteger { member })
}

fn read_log_path(object: &Object) -> Result<LogPath, BundleError> {
    let place = "the log path";
    refuse_unknown(place, object, &["count", "path"])?;
    let members = Members(object);
    Ok(LogPath {
        count: members.integer("count").map_err(at(place))?,
        path: read_path(members, "path").map_err(at(place))?,
    })
}

pub(super) fn read_address(
    members: Members<'_>,
    member: &'static str,
) -> Result<Address, BundleError> {
    members.address(member).map_err(at("an account"))
}
