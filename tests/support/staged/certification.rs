use super::Staged;
use crate::{Town, attest_args};
use runseal_client::instructions::certification::{self, NewestThen, Subject};
use runseal_registry::{
    instructions::{AccreditCertifierArgs, AttestStageArgs},
    state::Name,
};
use solana_signer::Signer;

pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let (owner, payer) = (town.chain.owner.insecure_clone(), town.payer.insecure_clone());
    let accredited = AccreditCertifierArgs {
        certifier_authority: town.chain.key().pubkey(),
        organisation: Name::parse("new.example").unwrap(),
        stages: 1,
    };
    let accredit = certification::accredit(payer.pubkey(), owner.pubkey(), accredited);
    let suspend = certification::suspend(owner.pubkey(), town.certifier(0), 5);
    let [first, second] = town.certifiers.each_ref().map(|key| key.insecure_clone());
    let revoke =
        certification::revoke(first.pubkey(), town.certifier(0), town.attestation(0, 2, 0), 1);
    let slot = town.chain.now().slot;
    let newest = |stage| NewestThen {
        attestation: town.attestation(0, stage, 0),
        certifier: town.certifier(0),
        next: None,
    };
    let status = certification::status(town.agents[0].version, slot, &[newest(1), newest(2)]);
    // The second certifier climbs on where the first stands, so that the two are not confused.
    let below = |stage| Some((town.attestation(0, stage, 0), town.certifier(0)));
    let subject = |stage: u8| Subject {
        agent: town.agents[0].agent,
        version: town.agents[0].version,
        below: below(stage - 1),
    };
    let third = attest_args(&town.chain, 3);
    let attest = certification::attest(payer.pubkey(), second.pubkey(), subject(3), third.clone());
    let again = AttestStageArgs { round: 1, ..third };
    let renew = certification::attest(payer.pubkey(), second.pubkey(), subject(3), again);
    let mut renewed = Staged::new("renew_attestation", town, renew, &[&payer, &second]);
    renewed.chain.send(std::slice::from_ref(&attest), &[&payer, &second]).unwrap();
    vec![
        Staged::new("accredit_certifier", town, accredit, &[&payer, &owner]),
        Staged::new("suspend_certifier", town, suspend, &[&owner]),
        Staged::new("revoke_attestation", town, revoke, &[&first]),
        Staged::new("certification_status", town, status, &[]),
        Staged::new("attest_stage", town, attest, &[&payer, &second]),
        renewed,
    ]
}
