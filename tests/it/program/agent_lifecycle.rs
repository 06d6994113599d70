//! `update_agent`, `set_agent_status`, `heartbeat`, `publish_version` and `yank_version`.

use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::MAX_URI_BYTES,
    instructions::{PublishVersionArgs, RegisterAgentArgs},
    state::{Agent, AgentStatus as Status, Moment, Version},
};
use runseal_tests::{Chain, Refused, register_args, text_of, version_args};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

const ALL: [Status; 5] =
    [Status::Registered, Status::Active, Status::Paused, Status::Retired, Status::Archived];

fn set_status(chain: &mut Chain, agent: Address, status: Status) -> Result<(), Refused> {
    let owner = chain.owner.pubkey();
    chain.send(&[agents::set_status(owner, agent, status)], &[]).map(drop)
}

/// A chain with an agent that has a version and this status.
fn agent_that_is(status: Status) -> (Chain, Keypair, Address) {
    let mut chain = Chain::configured();
    let (identity, agent) = chain.agent();
    chain.version(agent, 0);
    let way: &[Status] = match status {
        Status::Registered => &[],
        Status::Active => &[Status::Active],
        Status::Paused => &[Status::Active, Status::Paused],
        Status::Retired => &[Status::Retired],
        Status::Archived => &[Status::Retired, Status::Archived],
    };
    for step in way {
        set_status(&mut chain, agent, *step).unwrap();
    }
    (chain, identity, agent)
}

#[test]
fn only_legal_moves_between_statuses_are_made() {
    let legal = [
        (Status::Registered, Status::Active),
        (Status::Registered, Status::Retired),
        (Status::Active, Status::Paused),
        (Status::Active, Status::Retired),
        (Status::Paused, Status::Active),
        (Status::Paused, Status::Retired),
        (Status::Retired, Status::Archived),
    ];
    for from in ALL {
        for to in ALL {
            let (mut chain, _, agent) = agent_that_is(from);
            chain.advance(3);
            let moved = set_status(&mut chain, agent, to);
            let account = chain.read::<Agent>(agent).account;
            if legal.contains(&(from, to)) {
                assert_eq!((moved, account.status()), (Ok(()), Ok(to)));
                assert_eq!(account.status_changed_at, chain.now());
            } else {
                let archived = from == Status::Archived;
                let error =
                    if archived { Error::AgentArchived } else { Error::IllegalStatusChange };
                assert_eq!(moved, Err(Refused::by(error)), "{from:?} to {to:?}");
                assert_eq!(account.status(), Ok(from));
            }
        }
    }
}

#[test]
fn an_agent_without_a_version_is_not_activated() {
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    let refused = set_status(&mut chain, agent, Status::Active).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NoVersionYet));
}

#[test]
fn a_status_that_does_not_exist_is_refused() {
    for byte in [0, 6, 255] {
        let (mut chain, _, agent) = agent_that_is(Status::Active);
        let mut odd = agents::set_status(chain.owner.pubkey(), agent, Status::Paused);
        *odd.data.last_mut().unwrap() = byte;
        assert_eq!(chain.send(&[odd], &[]).unwrap_err(), Refused::by(Error::UnknownStatus));
    }
}

#[test]
fn the_vendor_updates_an_agent_and_clears_what_was_longer() {
    let (mut chain, _, agent) = agent_that_is(Status::Active);
    chain.advance(5);
    let args =
        RegisterAgentArgs { manifest_hash: [8; 32], heartbeat_cadence_seconds: 0, uri: "a".into() };
    let owner = chain.owner.pubkey();
    let before = chain.read::<Agent>(agent).account;
    chain.send(&[agents::update(owner, agent, args)], &[]).unwrap();
    let after = chain.read::<Agent>(agent).account;
    assert_eq!(after.uri.as_str(), "a");
    let expected = Agent {
        manifest_hash: [8; 32],
        heartbeat_cadence_seconds: 0,
        uri: after.uri,
        updated_at: chain.now(),
        ..before
    };
    assert_eq!(after, expected);
}

#[test]
fn an_update_is_checked_like_a_registration() {
    let cases = [
        (
            RegisterAgentArgs { manifest_hash: [0; 32], ..register_args() },
            Error::ManifestHashIsZero,
        ),
        (
            RegisterAgentArgs { heartbeat_cadence_seconds: u32::MAX, ..register_args() },
            Error::HeartbeatCadenceTooLong,
        ),
        (
            RegisterAgentArgs { uri: text_of(MAX_URI_BYTES + 1), ..register_args() },
            Error::UriTooLong,
        ),
        (RegisterAgentArgs { uri: " ".into(), ..register_args() }, Error::UriNotPrintable),
    ];
    let (mut chain, _, agent) = agent_that_is(Status::Active);
    let owner = chain.owner.pubkey();
    for (args, error) in cases {
        let refused = chain.send(&[agents::update(owner, agent, args)], &[]).unwrap_err();
        assert_eq!(refused, Refused::by(error));
    }
}

#[test]
fn nobody_but_the_vendor_changes_an_agent() {
    let (mut chain, identity, agent) = agent_that_is(Status::Active);
    let version = registry::version_address(&agent, 0);
    for stranger in [Keypair::new(), identity] {
        let key = stranger.pubkey();
        for instruction in [
            agents::update(key, agent, register_args()),
            agents::set_status(key, agent, Status::Paused),
            agents::publish_version(chain.owner.pubkey(), key, agent, 1, version_args()),
            agents::yank_version(key, agent, version),
        ] {
            let refused = chain.send(&[instruction], &[&stranger]).unwrap_err();
            assert_eq!(refused, Refused::by(Error::NotAuthority));
        }
    }
}

#[test]
fn a_heartbeat_is_the_agent_s_own() {
    let (mut chain, identity, agent) = agent_that_is(Status::Active);
    assert_eq!(chain.read::<Agent>(agent).account.last_heartbeat_at, Moment::default());
    for _ in 0..2 {
        chain.advance(60);
        chain.send(&[agents::heartbeat(identity.pubkey())], &[&identity]).unwrap();
        assert_eq!(chain.read::<Agent>(agent).account.last_heartbeat_at, chain.now());
    }
    let vendor = chain.owner.pubkey();
    let mut by_vendor = agents::heartbeat(vendor);
    by_vendor.accounts[1].pubkey = agent;
    let refused = chain.send(&[by_vendor], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotIdentity));
    let mut unsigned = agents::heartbeat(identity.pubkey());
    unsigned.accounts[0].is_signer = false;
    let refused = chain.send(&[unsigned], &[]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
}

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
fn a_version_is_yanked_once_and_only_with_its_own_agent() {
    let mut chain = Chain::configured();
    let ((_, agent), (_, other)) = (chain.agent(), chain.agent());
    let version = chain.version(agent, 0);
    let owner = chain.owner.pubkey();
    let refused = chain.send(&[agents::yank_version(owner, other, version)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VersionOfOtherAgent));
    chain.send(&[agents::yank_version(owner, agent, version)], &[]).unwrap();
    let account = chain.read::<Version>(version).account;
    assert_eq!((account.yanked, account.yanked_at), (1, chain.now()));
    let refused = chain.send(&[agents::yank_version(owner, agent, version)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::VersionYanked));
}
