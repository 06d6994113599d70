use super::{Agent, Service};
use crate::{error::ApiError, ids};
use axum::http::StatusCode;
use runseal_client::{
    receipts,
    store::{CheckedAddendum, EntryDraft, EntryFilter, EntryRecord, MOST_ITEMS, StoredReceipt},
};
use runseal_ed25519::PublicKey;
use runseal_receipt::{
    Addendum, Receipt, Role, Statements,
    json::{Object, Value},
};
use runseal_types::{Digest, parse_hex, to_hex};
use solana_signer::Signer;

/// How large the content of an entry may be, so that it is read back.
pub(crate) const MOST_ENTRY_BYTES: usize = 512 << 10;

/// A run that has a receipt, and whose it is.
pub(crate) struct Told {
    pub(crate) receipt: Receipt,
    pub(crate) agent: Agent,
}

impl Service {
    /// Writes into an agent's ledger. The same entry again is the one that is there.
    pub(crate) fn append(
        &self,
        agent_id: &str,
        entry_id: String,
        content_type: &str,
        content: Object,
    ) -> Result<EntryRecord, ApiError> {
        if Value::Object(content.clone()).canonical().len() > MOST_ENTRY_BYTES {
            let detail = format!("more than {MOST_ENTRY_BYTES} bytes are to be kept");
            return Err(ApiError::refused(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        let draft = EntryDraft {
            entry_id,
            agent_id: agent_id.to_owned(),
            timestamp: ids::now()?,
            content_type: content_type.to_owned(),
            content,
        };
        Ok(self.store.append_entry(&draft)?)
    }

    /// Returns at most so many entries.
    pub(crate) fn entries(
        &self,
        filter: &EntryFilter,
        most: usize,
    ) -> Result<Vec<EntryRecord>, ApiError> {
        let (mut entries, mut after) = (Vec::new(), None);
        loop {
            let limit = most.saturating_sub(entries.len()).min(MOST_ITEMS);
            if limit == 0 {
                return Ok(entries);
            }
            let page = self.store.find_entries(filter, after, limit)?;
            entries.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(entries);
            }
        }
    }

    /// Finds a run that has a receipt: one that ended, or was sealed so far.
    pub(crate) fn find_told(&self, run_id: &str) -> Result<Option<Told>, ApiError> {
        self.find_receipt(run_id)?.map(|stored| self.told(&stored)).transpose()
    }

    /// Returns a run that must have a receipt.
    pub(crate) fn load_told(&self, run_id: &str) -> Result<Told, ApiError> {
        let missing = || ApiError::not_found(format!("Run not found: {run_id}"));
        self.find_told(run_id)?.ok_or_else(missing)
    }

    fn told(&self, stored: &StoredReceipt) -> Result<Told, ApiError> {
        let receipt = Receipt::parse(&stored.text)
            .map_err(|_| ApiError::failed("a stored receipt is damaged"))?;
        let agent = self.agent_at(&receipt.facts().agent)?;
        Ok(Told { receipt, agent })
    }

    /// Has the agent say more of its receipt, signed, where the receipt itself cannot change.
    pub(crate) fn add(&self, told: &Told, statements: &Statements) -> Result<(), ApiError> {
        let (agent, now) = (&told.agent, ids::now()?);
        let addendum = Addendum::new(told.receipt.digest(), agent.address, now, statements);
        let mut addendum = addendum.map_err(|error| ApiError::bad_request(error.to_string()))?;
        let digest = addendum.document().digest();
        let signer_id = agent.address.to_string();
        let signature = receipts::signature(&digest, &signer_id, Role::Agent, now, &*agent.key)?;
        addendum.attach(signature).map_err(ApiError::failed)?;
        let text = addendum.document().to_value().canonical();
        let checked = CheckedAddendum::check(text, &agent.public_key()?);
        self.store.put_addendum(&checked.map_err(ApiError::failed)?)?;
        Ok(())
    }
}

impl Agent {
    /// Returns the half of the key that everybody may know.
    pub(crate) fn public_key(&self) -> Result<PublicKey, ApiError> {
        PublicKey::parse(&self.key.try_pubkey()?.to_bytes()).map_err(ApiError::failed)
    }

    /// Signs a hash under a domain, so that the signature means nothing elsewhere. In hexadecimal.
    pub(crate) fn sign(&self, domain: &str, hash: &Digest) -> Result<String, ApiError> {
        let message = [domain.as_bytes(), hash.as_bytes()].concat();
        let signature = self.key.try_sign_message(&message)?;
        let bytes: [u8; 64] = signature.into();
        Ok(to_hex(&bytes))
    }

    /// Checks what [`Agent::sign`] made.
    pub(crate) fn check(&self, domain: &str, hash: &Digest, signature: &str) -> bool {
        let message = [domain.as_bytes(), hash.as_bytes()].concat();
        let (Ok(key), Ok(bytes)) = (self.public_key(), parse_hex::<64>(signature)) else {
            return false;
        };
        runseal_ed25519::verify(&key, &message, &bytes.into()).is_ok()
    }
}

/// Returns the hash of an object under a domain.
pub(crate) fn hash_of(domain: &str, object: Object) -> Digest {
    Digest::of(&[domain.as_bytes(), &Value::Object(object).canonical()])
}

/// Returns what stands for a hash that a caller gave as any text: itself, or the hash of the text.
pub(crate) fn digest_of(text: &str) -> Digest {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    hex.parse().unwrap_or_else(|_| Digest::of(&[b"runseal/opaque-hash/v1", text.as_bytes()]))
}

/// Returns a text of an entry's content.
pub(crate) fn text_of<'a>(content: &'a Object, member: &str) -> &'a str {
    match content.get(member) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}
