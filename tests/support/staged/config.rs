use super::Staged;
use crate::{Chain, Town, config_args};
use runseal_client::instructions::config;
use runseal_registry::instructions::SetParametersArgs;
use solana_signer::Signer;

/// On a chain without a config there is nothing else either.
pub(super) fn initialize() -> Staged {
    let mut chain = Chain::new();
    let [courier, payer, stranger] = [(); 3].map(|()| chain.rich());
    let owner = chain.owner.insecure_clone();
    let instruction =
        config::initialize(payer.pubkey(), owner.pubkey(), config_args(owner.pubkey()));
    let signers = vec![payer, owner];
    let (name, before) = ("initialize_config", Vec::new());
    Staged { name, chain, courier, stranger, before, instruction, signers }
}

pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let (owner, key) = (town.chain.owner.insecure_clone(), town.owner());
    let args = config_args(key);
    let parameters = SetParametersArgs {
        treasury: args.treasury,
        bond_mint: args.bond_mint,
        smallest_bond_amount: args.smallest_bond_amount + 1,
        claim_deposit_lamports: args.claim_deposit_lamports,
        authority_notice_seconds: args.authority_notice_seconds,
        unbond_notice_seconds: args.unbond_notice_seconds,
        slash_claimant_basis_points: args.slash_claimant_basis_points,
    };
    let next = town.chain.rich();
    let propose = config::propose_authority(key, next.pubkey());
    let mut staged = vec![
        Staged::new("set_parameters", town, config::set_parameters(key, parameters), &[&owner]),
        Staged::new("set_pause", town, config::set_pause(key, true), &[&owner]),
        Staged::new("propose_config_authority", town, propose.clone(), &[&owner]),
    ];
    let mut proposed =
        Staged::new("cancel_config_authority", town, config::cancel_authority(key), &[&owner]);
    proposed.chain.send(&[propose], &[]).unwrap();
    let mut accepted = Staged {
        name: "accept_config_authority",
        chain: proposed.chain.clone(),
        instruction: config::accept_authority(next.pubkey()),
        signers: vec![next],
        ..Staged::new("", town, config::cancel_authority(key), &[])
    };
    accepted.chain.advance(172_800);
    staged.extend([proposed, accepted]);
    staged
}
