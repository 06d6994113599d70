use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::MAX_URI_BYTES,
    instructions::PublishVersionArgs,
    state::{Agent, AgentStatus as Status, Version},
};
use runseal_tests::{Chain, Refused, agent_that_is, text_of, version_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_signer::Signer;

#[test]
fn a_retired_agent_is_silent_and_publishes_nothing() {
    for status in [Status::Retired, Status::Archived] {
        let (mut chain, identity, agent) = agent_that_is(status);
        let beat = agents::heartbeat(identity.pubkey());
        let refused = chain.send(&[beat], &[&identity]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::AgentRetired));
        let owner = chain.owner.pubkey();
        let publish = agents::publish_version(owner, owner, agent, 1, version_args());
        let refused = chain.send(&[publish], &[]).unwrap_err();
        let archived = status == Status::Archived;
        let error = if archived { Error::AgentArchived } else { Error::AgentRetired };
        assert_eq!(refused, Refused::by(error));
    }
}

#[test]
fn versions_are_numbered_without_gaps() {
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    for index in 0..3 {
        let address = chain.version(agent, index);
        let version = chain.read::<Version>(address).account;
        assert_eq!((version.index, version.agent), (index, agent));
        assert_eq!(version.semantic, version_args().semantic);
        assert_eq!((version.manifest_hash, version.code_hash), ([4; 32], [5; 32]));
        assert_eq!(version.uri.as_str(), version_args().uri);
        assert_eq!((version.yanked, version.published_at), (0, chain.now()));
        assert_eq!(version.newest_attestations, [Address::default(); 5]);
        assert_eq!(chain.read::<Agent>(agent).account.version_count, index + 1);
    }
    let owner = chain.owner.pubkey();
    for index in [2, 4, u64::MAX] {
        let publish = agents::publish_version(owner, owner, agent, index, version_args());
        let refused = chain.send(&[publish], &[]).unwrap_err();
        assert_eq!(refused, Refused::with(InstructionError::InvalidSeeds), "index {index}");
    }
}

#[test]
fn a_version_says_what_it_is() {
    let cases = [
        (
            PublishVersionArgs { manifest_hash: [0; 32], ..version_args() },
            Error::ManifestHashIsZero,
        ),
        (PublishVersionArgs { code_hash: [0; 32], ..version_args() }, Error::CodeHashIsZero),
        (
            PublishVersionArgs { uri: text_of(MAX_URI_BYTES + 1), ..version_args() },
            Error::UriTooLong,
        ),
        (PublishVersionArgs { uri: "ä".into(), ..version_args() }, Error::UriNotPrintable),
    ];
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    let owner = chain.owner.pubkey();
    for (args, error) in cases {
        let publish = agents::publish_version(owner, owner, agent, 0, args);
        assert_eq!(chain.send(&[publish], &[]).unwrap_err(), Refused::by(error));
    }
    assert_eq!(chain.read::<Agent>(agent).account.version_count, 0);
}

#[test]
fn s17_every_argument_at_its_bound_is_taken() {
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    let owner = chain.owner.pubkey();
    let most = u32::MAX;
    let semantic =
        runseal_registry::state::SemanticVersion { major: most, minor: most, patch: most };
    for (index, size) in [0, 1, MAX_URI_BYTES - 1, MAX_URI_BYTES].into_iter().enumerate() {
        let args = PublishVersionArgs { semantic, uri: text_of(size), ..version_args() };
        let index = u64::try_from(index).unwrap();
        chain.send(&[agents::publish_version(owner, owner, agent, index, args)], &[]).unwrap();
        let version = chain.read::<Version>(registry::version_address(&agent, index)).account;
        assert_eq!((version.semantic, version.uri.as_str()), (semantic, text_of(size).as_str()));
    }
}

#[test]
fn m14_versions_are_not_counted_beyond_what_can_be_counted() {
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    chain.rewrite::<Agent>(&agent, |account| account.version_count = u64::MAX);
    let owner = chain.owner.pubkey();
    let publish = agents::publish_version(owner, owner, agent, u64::MAX, version_args());
    assert_eq!(chain.send(&[publish], &[]).unwrap_err(), Refused::by(Error::Overflow));
}
