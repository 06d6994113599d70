use super::handover;
use runseal_client::{instructions::config, registry};
use runseal_registry::{
    RegistryError as Error, constants::MAX_NOTICE_SECONDS, instructions::SetParametersArgs,
    state::Config,
};
use runseal_tests::{Handover, Refused, config_args};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn s9_whoever_is_proposed_takes_over_by_signing() {
    handover::is_accepted(Handover::of_config());
}

#[test]
fn a_proposal_waits_for_its_notice_and_expires() {
    handover::is_accepted_in_time(Handover::of_config());
}

#[test]
fn the_notice_is_the_config_s_as_of_now() {
    let mut account = Handover::of_config();
    let (owner, next) = (account.chain.owner.pubkey(), Keypair::new());
    account.propose(next.pubkey()).unwrap();
    let args = config_args(owner);
    let longer = SetParametersArgs {
        treasury: args.treasury,
        bond_mint: args.bond_mint,
        smallest_bond_amount: args.smallest_bond_amount,
        claim_deposit_lamports: args.claim_deposit_lamports,
        authority_notice_seconds: MAX_NOTICE_SECONDS,
        unbond_notice_seconds: args.unbond_notice_seconds,
        slash_claimant_basis_points: args.slash_claimant_basis_points,
    };
    account.chain.send(&[config::set_parameters(owner, longer)], &[]).unwrap();
    let notice = i64::try_from(MAX_NOTICE_SECONDS).unwrap();
    account.chain.advance(notice - 1);
    assert_eq!(account.accept(&next), Err(Refused::by(Error::ProposalTooEarly)));
    account.chain.advance(1);
    account.accept(&next).unwrap();
    let config = account.chain.read::<Config>(registry::config_address()).account;
    assert_eq!((config.authority, config.updated_at), (next.pubkey(), account.chain.now()));
}
