use runseal_client::{instructions::logs, registry};
use runseal_registry::{
    RegistryError as Error,
    instructions::RegisterAuditorArgs,
    state::{Anchor, Auditor, Cosignature, Name},
};
use runseal_tests::{Chain, Refused, leaves, log_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An auditor of this organisation.
fn auditor(chain: &mut Chain, organisation: &str) -> (Keypair, Name) {
    let (key, organisation) = (chain.rich(), Name::parse(organisation).unwrap());
    let owner = chain.owner.pubkey();
    let args = RegisterAuditorArgs { auditor_authority: key.pubkey(), organisation };
    chain.send(&[logs::register_auditor(owner, owner, args)], &[]).unwrap();
    (key, organisation)
}

#[test]
fn an_organisation_cosigns_once_however_many_keys_it_has() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (anchor, _) = chain.post(&log, &leaves(2));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let (one, organisation) = auditor(&mut chain, "one.example");
    let (same, _) = auditor(&mut chain, "one.example");
    let (two, second) = auditor(&mut chain, "two.example");
    let cosign = |key: &Keypair, organisation: &Name, hash| {
        logs::cosign_anchor(owner, key.pubkey(), address, organisation, hash)
    };
    let wrong = cosign(&one, &organisation, [1; 32]);
    let refused = chain.send(&[wrong], &[&one]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::OtherAnchorHash));
    let signed = cosign(&one, &organisation, anchor.anchor_hash);
    chain.send(&[signed], &[&one]).unwrap();
    let again = cosign(&same, &organisation, anchor.anchor_hash);
    assert_eq!(chain.send(&[again], &[&same]).unwrap_err(), Refused::custom(0));
    let signed = cosign(&two, &second, anchor.anchor_hash);
    chain.send(&[signed], &[&two]).unwrap();
    assert_eq!(chain.read::<Anchor>(address).account.cosignature_count, 2);
    let cosignature = registry::cosignature_address(&address, &organisation);
    let cosignature = chain.read::<Cosignature>(cosignature).account;
    assert_eq!((cosignature.anchor, cosignature.anchor_hash), (address, anchor.anchor_hash));
    assert_eq!(cosignature.auditor, registry::auditor_address(&one.pubkey()));
    assert_eq!(cosignature.signed_at, chain.now());
}

#[test]
fn nobody_cosigns_in_another_s_name() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (anchor, _) = chain.post(&log, &leaves(2));
    let address = registry::anchor_address(&log.address, 0);
    let owner = chain.owner.pubkey();
    let (auditor, organisation) = auditor(&mut chain, "one.example");
    let stranger = chain.rich();
    let args = RegisterAuditorArgs { auditor_authority: stranger.pubkey(), organisation };
    let register = logs::register_auditor(owner, stranger.pubkey(), args);
    let refused = chain.send(&[register], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let mut forged =
        logs::cosign_anchor(owner, stranger.pubkey(), address, &organisation, anchor.anchor_hash);
    forged.accounts[2].pubkey = registry::auditor_address(&auditor.pubkey());
    let refused = chain.send(&[forged], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    let account = chain.read::<Auditor>(registry::auditor_address(&auditor.pubkey())).account;
    assert_eq!(account.organisation.as_str(), "one.example");
}

#[test]
fn m14_cosignatures_are_counted_as_far_as_they_can_be() {
    let mut chain = Chain::configured();
    let log = chain.log(log_args());
    let (anchor, _) = chain.post(&log, &leaves(2));
    let address = registry::anchor_address(&log.address, 0);
    let (key, organisation) = auditor(&mut chain, "one.example");
    chain.rewrite::<Anchor>(&address, |account| account.cosignature_count = u32::MAX);
    let owner = chain.owner.pubkey();
    let cosign =
        logs::cosign_anchor(owner, key.pubkey(), address, &organisation, anchor.anchor_hash);
    assert_eq!(chain.send(&[cosign], &[&key]).unwrap_err(), Refused::by(Error::Overflow));
}
