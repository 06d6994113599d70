use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    RegistryError as Error,
    state::{AgentStatus as Status, Version},
};
use runseal_tests::{Chain, Refused, agent_that_is};
use solana_signer::Signer;

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

#[test]
fn an_archived_agent_s_versions_stay_as_they_are() {
    for (status, expected) in
        [(Status::Retired, Ok(())), (Status::Archived, Err(Refused::by(Error::AgentArchived)))]
    {
        let (mut chain, _, agent) = agent_that_is(status);
        let version = registry::version_address(&agent, 0);
        let yank = agents::yank_version(chain.owner.pubkey(), agent, version);
        assert_eq!(chain.send(&[yank], &[]).map(drop), expected);
        let yanked = chain.read::<Version>(version).account.yanked;
        assert_eq!(yanked, u8::from(expected.is_ok()));
    }
}

#[test]
fn nothing_but_the_mark_changes() {
    let (mut chain, _, agent) = agent_that_is(Status::Active);
    let version = registry::version_address(&agent, 0);
    let before = chain.read::<Version>(version).account;
    chain.advance(4);
    chain.send(&[agents::yank_version(chain.owner.pubkey(), agent, version)], &[]).unwrap();
    let expected = Version { yanked: 1, yanked_at: chain.now(), ..before };
    assert_eq!(chain.read::<Version>(version).account, expected);
}
