use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    RegistryError as Error,
    constants::MAX_URI_BYTES,
    instructions::RegisterAgentArgs,
    state::{Agent, AgentStatus as Status},
};
use runseal_tests::{Refused, agent_that_is, register_args, text_of, version_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

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
fn s17_every_argument_at_its_bound_is_taken() {
    let (mut chain, _, agent) = agent_that_is(Status::Registered);
    let owner = chain.owner.pubkey();
    for size in [0, 1, MAX_URI_BYTES - 1, MAX_URI_BYTES] {
        let cadence = runseal_registry::constants::MAX_HEARTBEAT_CADENCE_SECONDS;
        let args = RegisterAgentArgs {
            manifest_hash: [0xff; 32],
            heartbeat_cadence_seconds: cadence,
            uri: text_of(size),
        };
        chain.send(&[agents::update(owner, agent, args)], &[]).unwrap();
        let account = chain.read::<Agent>(agent).account;
        assert_eq!(account.uri.as_str(), text_of(size));
        assert_eq!(account.heartbeat_cadence_seconds, cadence);
    }
}

#[test]
fn a_retired_agent_is_corrected_and_an_archived_one_is_not() {
    for (status, expected) in
        [(Status::Retired, Ok(())), (Status::Archived, Err(Refused::by(Error::AgentArchived)))]
    {
        let (mut chain, _, agent) = agent_that_is(status);
        let update = agents::update(chain.owner.pubkey(), agent, register_args());
        assert_eq!(chain.send(&[update], &[]).map(drop), expected);
    }
}
