use runseal_client::{instructions::config, registry};
use runseal_registry::{RegistryError as Error, state::Config};
use runseal_tests::{Chain, Refused};
use solana_signer::Signer;

#[test]
fn a_pause_is_set_and_lifted_and_is_one_or_zero() {
    let mut chain = Chain::configured();
    let owner = chain.owner.pubkey();
    for paused in [true, true, false, false] {
        chain.send(&[config::set_pause(owner, paused)], &[]).unwrap();
        let config = chain.read::<Config>(registry::config_address()).account;
        assert_eq!(config.paused, u8::from(paused));
    }
    let mut odd = config::set_pause(owner, true);
    *odd.data.last_mut().unwrap() = 2;
    let refused = chain.send(&[odd], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::PauseNotBoolean));
}
