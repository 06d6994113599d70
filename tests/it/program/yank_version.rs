use runseal_client::instructions::agents;
use runseal_registry::{RegistryError as Error, state::Version};
use runseal_tests::{Chain, Refused};
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
