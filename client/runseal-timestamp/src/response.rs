use crate::{
    MOST_BYTES, TokenError,
    der::{Der, tag},
};

/// The statuses with which a token comes.
const GRANTED: u8 = 1;

/// Takes the token out of an authority's answer.
pub fn token_of(answer: &[u8]) -> Result<&[u8], TokenError> {
    if answer.len() > MOST_BYTES {
        return Err(TokenError::TooLarge { size_bytes: answer.len() });
    }
    let mut all = Der(answer);
    let mut answer = all.take(tag::SEQUENCE)?;
    all.end()?;
    // What it says in words, and why it failed, helps nobody to believe it.
    let status = answer.take(tag::SEQUENCE)?.integer()?;
    let status = match status {
        [status] => *status,
        _ => u8::MAX,
    };
    if status > GRANTED {
        return Err(TokenError::Refused { status });
    }
    let (token, _) = answer.take_whole(tag::SEQUENCE)?;
    answer.end()?;
    Ok(token)
}
