//! Accounts and who said what they hold, as they stand in a bundle and in a policy.

use super::{
    BundleError, MOST_ACCOUNTS, MOST_ANSWERS,
    read::{at, read_address, refuse_unknown},
};
use crate::{
    account::RawAccount,
    answer::{Answer, Commitment, Observation},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_receipt::{
    MemberError,
    json::{Object, Value},
    member::{Members, any_text, integer, object_of},
};

const PLACE: &str = "an account";

/// Reads a list of accounts.
pub(crate) fn read_observations(
    members: Members<'_>,
    member: &'static str,
) -> Result<Vec<Observation>, BundleError> {
    let list = members.objects(member, MOST_ACCOUNTS).map_err(at("the list of accounts"))?;
    list.into_iter().map(read_observation).collect()
}

/// Writes a list of accounts.
pub(crate) fn write_observations(observations: &[Observation]) -> Value {
    observations.iter().map(write_observation).collect()
}

fn read_observation(object: &Object) -> Result<Observation, BundleError> {
    refuse_unknown(PLACE, object, &["address", "owner", "lamports", "data", "answers"])?;
    let members = Members(object);
    let account = RawAccount {
        address: read_address(members, "address")?,
        owner: read_address(members, "owner")?,
        lamports: members.integer("lamports").map_err(at(PLACE))?,
        data: read_data(members).map_err(at(PLACE))?,
    };
    let answers = members.objects("answers", MOST_ANSWERS).map_err(at(PLACE))?;
    let answers = answers.into_iter().map(read_answer).collect::<Result<_, _>>()?;
    Ok(Observation { account, answers })
}

fn read_data(members: Members<'_>) -> Result<Vec<u8>, MemberError> {
    let member = "data";
    let text = any_text(member, members.required(member)?)?;
    let expected = "base64 with padding";
    STANDARD.decode(text).map_err(|_| MemberError::WrongType { member, expected })
}

fn read_answer(object: &Object) -> Result<Answer, BundleError> {
    let place = "an answer";
    refuse_unknown(place, object, &["endpoint", "slot", "commitment"])?;
    let members = Members(object);
    let read = || {
        Ok(Answer {
            endpoint: members.text("endpoint")?.to_owned(),
            slot: members.integer("slot")?,
            commitment: members.word("commitment", Commitment::find)?,
        })
    };
    read().map_err(at(place))
}

fn write_observation(observation: &Observation) -> Object {
    let RawAccount { address, owner, lamports, data } = &observation.account;
    object_of([
        ("address", Value::from(*address)),
        ("owner", Value::from(*owner)),
        ("lamports", integer(*lamports)),
        ("data", Value::Text(STANDARD.encode(data))),
        ("answers", observation.answers.iter().map(write_answer).collect()),
    ])
}

fn write_answer(answer: &Answer) -> Object {
    object_of([
        ("endpoint", Value::from(answer.endpoint.as_str())),
        ("slot", integer(answer.slot)),
        ("commitment", Value::from(answer.commitment.as_str())),
    ])
}
