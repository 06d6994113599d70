//! Agents' keys that are in no file here: another program has them, and signs when it is asked.

use super::conversation::{Conversation, Fault};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    json::{Object, Value},
    member::{any_text, object_of},
};
use runseal_types::{parse_hex, to_hex};
use solana_address::Address;
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a signer that failed is left alone; who asks meanwhile gets the same answer at once.
const REST: Duration = Duration::from_secs(1);

/// A program that has agents' keys and signs with them (docs/service.md).
#[derive(Debug)]
pub struct SignerCommand {
    words: Vec<String>,
    tenant: Option<String>,
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    conversation: Option<Conversation>,
    failed: Option<(Instant, Fault)>,
}

impl SignerCommand {
    /// A program and its arguments, apart by spaces: no shell reads them. It has so long to answer.
    /// It is started when it is needed first; none if there is no word.
    ///
    /// A tenant is named in every question: the same agent's name means another key there.
    pub fn new(command: &str, tenant: Option<&str>, patience: Duration) -> Option<Self> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let tenant = tenant.map(str::to_owned);
        let command = Self { words, tenant, patience, state: Mutex::default() };
        (!command.words.is_empty()).then_some(command)
    }

    /// Asks for an agent's public key.
    pub(super) fn public_key(&self, agent_id: &str) -> Result<PublicKey, Fault> {
        let question =
            object_of([("ask", Value::from("public_key")), ("agent_id", Value::from(agent_id))]);
        self.ask(question, |answer| {
            let key = bytes::<32>(answer, "public_key")?;
            PublicKey::parse(&key).map_err(|error| Fault::NotUnderstood(error.to_string()))
        })
    }

    /// Has an agent's key sign, and checks that it did.
    fn sign(&self, agent_id: &str, key: &PublicKey, message: &[u8]) -> Result<Signature, Fault> {
        let question = object_of([
            ("ask", Value::from("sign")),
            ("agent_id", Value::from(agent_id)),
            ("public_key", Value::Text(to_hex(key.as_bytes()))),
            ("message", Value::Text(to_hex(message))),
        ]);
        self.ask(question, |answer| {
            let signature = bytes::<64>(answer, "signature")?;
            let checked = runseal_ed25519::verify(key, message, &signature.into());
            checked.map_err(|error| Fault::WrongSignature(error.to_string()))?;
            Ok(signature.into())
        })
    }

    /// Asks, and reads the answer. Who answered wrongly is not asked again.
    fn ask<T>(
        &self,
        mut question: Object,
        read: impl Fn(&Object) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if let Some(tenant) = &self.tenant {
            question.extend(object_of([("tenant", Value::from(tenant.as_str()))]));
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, fault)) = &state.failed
            && at.elapsed() < REST
        {
            return Err(fault.clone());
        }
        state.failed = None;
        let answer = self.answer(&mut state, &question).and_then(|answer| read(&answer));
        if let Err(fault) = &answer
            && !matches!(fault, Fault::Refused(_))
        {
            state.conversation = None;
            state.failed = Some((Instant::now(), fault.clone()));
        }
        answer
    }

    fn answer(&self, state: &mut State, question: &Object) -> Result<Object, Fault> {
        if let Some(conversation) = &mut state.conversation {
            match conversation.ask(question, self.patience) {
                // One that has ended says nothing about the next.
                Err(Fault::Ended) => {}
                answer => return answer,
            }
        }
        let begun = Conversation::begin(&self.words)?;
        state.conversation.insert(begun).ask(question, self.patience)
    }
}

/// Reads a member that is so many bytes in hexadecimal.
fn bytes<const N: usize>(answer: &Object, member: &'static str) -> Result<[u8; N], Fault> {
    let missing = || Fault::NotUnderstood(format!("its answer has no {member}"));
    let text = any_text(member, answer.get(member).ok_or_else(missing)?);
    let text = text.map_err(|error| Fault::NotUnderstood(error.to_string()))?;
    parse_hex(text).map_err(|error| Fault::NotUnderstood(format!("{member}: {error}")))
}

/// An agent's key that the command has.
pub(super) struct RemoteKey {
    pub(super) command: Arc<SignerCommand>,
    pub(super) agent_id: String,
    pub(super) key: PublicKey,
}

impl Signer for RemoteKey {
    fn try_pubkey(&self) -> Result<Address, SignerError> {
        Ok(Address::from(*self.key.as_bytes()))
    }

    fn try_sign_message(&self, message: &[u8]) -> Result<Signature, SignerError> {
        Ok(self.command.sign(&self.agent_id, &self.key, message)?)
    }

    fn is_interactive(&self) -> bool {
        false
    }
}
