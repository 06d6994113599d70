//! What clients must know to speak to the service: its words, and its key.

use crate::{
    error::ApiError,
    service::{Api, Service},
    wire::{AgentFilter, Answer, Params},
};
use axum::{Extension, Json};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use runseal_ed25519::PublicKey;
use runseal_receipt::event::{CanonicalType, EventType, VOCABULARY_VERSION};
use serde::Serialize;
use solana_signer::Signer;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Vocabulary {
    mapping: BTreeMap<&'static str, &'static str>,
    canonical_types: Vec<&'static str>,
    description: &'static str,
    version: &'static str,
}

pub(crate) async fn vocabulary() -> Json<Vocabulary> {
    let mut canonical_types: Vec<_> =
        CanonicalType::ALL.iter().map(|canonical| canonical.as_str()).collect();
    canonical_types.sort_unstable();
    let mapping = EventType::vocabulary().map(|(raw, canonical)| (raw, canonical.as_str()));
    Json(Vocabulary {
        mapping: mapping.collect(),
        canonical_types,
        description: "What the types of events mean, whatever adapters call them",
        version: VOCABULARY_VERSION,
    })
}

/// A key, and the keys that signed here.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyAnswer {
    #[serde(flatten)]
    key: KeyView,
    keys: Vec<KeyView>,
}

#[derive(Clone, Serialize, ToSchema)]
struct KeyView {
    key_id: String,
    algorithm: &'static str,
    public_key: String,
}

/// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo.
const SPKI_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

impl KeyView {
    fn new(key: &PublicKey) -> Self {
        let bytes: Vec<u8> = SPKI_HEAD.iter().chain(key.as_bytes()).copied().collect();
        let body = STANDARD.encode(bytes);
        Self {
            key_id: key.id().to_string(),
            algorithm: "ed25519",
            public_key: format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"),
        }
    }
}

pub(crate) async fn public_key(
    Extension(service): Api,
    Params(AgentFilter(agent_id)): Params<AgentFilter>,
) -> Answer<KeyAnswer> {
    service
        .work(move |service| {
            let keys: Vec<_> = service.known_keys()?.iter().map(KeyView::new).collect();
            let key = match agent_id {
                Some(agent_id) => KeyView::new(&public(&*service.existing_key(&agent_id)?)?),
                None => KeyView::new(&public(&service.key)?),
            };
            Ok(KeyAnswer { key, keys })
        })
        .await
}

impl Service {
    /// The keys, beside agents' own, whose signatures mean something here.
    pub(crate) fn known_keys(&self) -> Result<Vec<PublicKey>, ApiError> {
        Ok(vec![public(&self.key)?])
    }
}

fn public(signer: &dyn Signer) -> Result<PublicKey, ApiError> {
    PublicKey::parse(&signer.pubkey().to_bytes()).map_err(ApiError::failed)
}
