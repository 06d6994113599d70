use runseal_client::{
    instructions::{
        bonds,
        claims::{self, Slash},
        config, logs,
    },
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    instructions::{OpenLogArgs, SetParametersArgs},
    state::{ClaimState, Leaf, Name},
};
use runseal_tests::{
    BOND_MINT, DEPOSIT, Dispute, Refused, SLASH, config_args, leaves, log_args, missing,
};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn an_omitted_receipt_costs_the_operator_a_part_of_his_bond() {
    let mut scene = Dispute::new(5 * SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(3));
    let before = scene.lamports(&scene.claimant.pubkey());
    let claim = scene.challenge(0, &missing()).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.kind, account.state), (1, ClaimState::Open as u8));
    assert_eq!((account.leaf, account.period), (missing(), 0));
    assert_eq!((account.claimant, account.log), (scene.claimant.pubkey(), scene.log.address));
    assert_eq!(account.deposit_lamports, DEPOSIT);
    assert_eq!(account.answer_by_seconds, scene.chain.now().unix_seconds + 30);
    assert_eq!(scene.log().open_claim_count, 1);
    scene.chain.advance(30);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::SettleTooEarly)));
    scene.chain.advance(1);
    scene.settle(claim).unwrap();
    let account = scene.claim(claim);
    assert_eq!((account.state, account.slashed_amount), (ClaimState::Upheld as u8, SLASH));
    assert_eq!((account.deposit_lamports, account.decided_at), (0, scene.chain.now()));
    assert_eq!(scene.chain.token_amount(&scene.claimant_tokens), SLASH / 2);
    assert_eq!(scene.chain.token_amount(&scene.treasury_tokens), SLASH / 2);
    let bond = registry::bond_address(&scene.log.address);
    assert_eq!(scene.chain.token_amount(&bond), 4 * SLASH);
    let log = scene.log();
    assert_eq!((log.bond_amount, log.upheld_count, log.open_claim_count), (4 * SLASH, 1, 0));
    // The deposit is back; what is gone is the claim's rent.
    let rent = scene.lamports(&claim);
    assert_eq!(scene.lamports(&scene.claimant.pubkey()), before - rent);
    assert_eq!(scene.settle(claim), Err(Refused::by(Error::ClaimNotOpen)));
}

#[test]
fn an_open_claim_holds_the_bond_and_the_anchors() {
    let mut scene = Dispute::new(SLASH);
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    scene.chain.send(&[bonds::request_unbond(owner, log, SLASH)], &[]).unwrap();
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(2_000_000);
    let purse = scene.chain.tokens(BOND_MINT, owner, 0);
    let withdraw = bonds::withdraw(owner, log, purse);
    let refused = scene.chain.send(std::slice::from_ref(&withdraw), &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOpen));
    let close = logs::close_anchor(owner, owner, log, 0);
    let refused = scene.chain.send(&[close], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOpen));
    scene.settle(claim).unwrap();
    // The whole bond was slashed, so nothing is left of the request.
    let refused = scene.chain.send(&[withdraw], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NoUnbondRequested));
}

#[test]
fn a_slash_takes_what_is_there_and_rounds_to_the_treasury() {
    for (bond, claimant, treasury) in
        [(0, 0, 0), (1, 0, 1), (7, 3, 4), (SLASH - 1, 499_999, 500_000)]
    {
        let mut scene = Dispute::new(bond);
        scene.chain.post(&scene.log.clone_keys(), &leaves(1));
        let claim = scene.challenge(0, &missing()).unwrap();
        scene.chain.advance(31);
        scene.settle(claim).unwrap();
        let paid = [scene.claimant_tokens, scene.treasury_tokens];
        let paid = paid.map(|account| scene.chain.token_amount(&account));
        assert_eq!(paid, [claimant, treasury], "of a bond of {bond}");
        assert_eq!((scene.log().bond_amount, scene.log().upheld_count), (0, 1));
        assert_eq!(scene.claim(claim).slashed_amount, bond);
    }
}

#[test]
fn a_slash_goes_where_it_belongs() {
    let mut scene = Dispute::new(SLASH);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    let thief = scene.chain.rich();
    let loot = scene.chain.tokens(BOND_MINT, thief.pubkey(), 0);
    let good = scene.slash(claim);
    let wrong = Refused::by(Error::WrongTokenAccount);
    for slash in [Slash { claimant_tokens: loot, ..good }, Slash { treasury_tokens: loot, ..good }]
    {
        let refused = scene.chain.send(&[claims::settle(slash)], &[]).unwrap_err();
        assert_eq!(refused, wrong);
    }
    let to_thief = Slash { claimant: thief.pubkey(), claimant_tokens: loot, ..good };
    let refused = scene.chain.send(&[claims::settle(to_thief)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotClaimant));
    scene.settle(claim).unwrap();
}

#[test]
fn a_settlement_names_the_log_that_was_accused() {
    let mut scene = Dispute::new(SLASH);
    let other = OpenLogArgs { name: Name::parse("other").unwrap(), ..log_args() };
    let other = scene.chain.log(other);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    let elsewhere = Slash { log: other.address, ..scene.slash(claim) };
    let refused = scene.chain.send(&[claims::settle(elsewhere)], &[]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::ClaimOfOther));
    scene.settle(claim).unwrap();
}

#[test]
fn one_bond_pays_for_as_many_claims_as_it_lasts() {
    let mut scene = Dispute::new(2 * SLASH + 5);
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claims: Vec<Address> = (0..4u64)
        .map(|number| {
            let leaf = Leaf { sequence: (900 + number).to_be_bytes(), ..missing() };
            scene.challenge(0, &leaf).unwrap()
        })
        .collect();
    scene.chain.advance(31);
    for (claim, slashed) in claims.iter().zip([SLASH, SLASH, 5, 0]) {
        scene.settle(*claim).unwrap();
        assert_eq!(scene.claim(*claim).slashed_amount, slashed);
    }
    assert_eq!((scene.log().bond_amount, scene.log().upheld_count), (0, 4));
    let paid = [scene.claimant_tokens, scene.treasury_tokens];
    let paid = paid.map(|account| scene.chain.token_amount(&account));
    assert_eq!(paid, [SLASH + 2, SLASH + 3]);
}

#[test]
fn a_slash_shortens_a_request_to_unbond_to_what_is_left() {
    let mut scene = Dispute::new(3 * SLASH);
    let (owner, log) = (scene.chain.owner.pubkey(), scene.log.address);
    let request = bonds::request_unbond(owner, log, 3 * SLASH - 1);
    scene.chain.send(&[request], &[]).unwrap();
    scene.chain.post(&scene.log.clone_keys(), &leaves(1));
    let claim = scene.challenge(0, &missing()).unwrap();
    scene.chain.advance(31);
    scene.settle(claim).unwrap();
    assert_eq!((scene.log().bond_amount, scene.log().unbond_amount), (2 * SLASH, 2 * SLASH));
}

#[test]
fn m14_the_split_of_a_slash_does_not_overflow() {
    for (points, bond) in
        [(0, u64::MAX), (1, u64::MAX), (4_999, u64::MAX), (5_000, u64::MAX), (1, 9_999)]
    {
        let mut scene = Dispute::new(bond);
        let owner = scene.chain.owner.pubkey();
        let args = config_args(owner);
        let everything = SetParametersArgs {
            treasury: args.treasury,
            bond_mint: args.bond_mint,
            smallest_bond_amount: u64::MAX,
            claim_deposit_lamports: 0,
            authority_notice_seconds: args.authority_notice_seconds,
            unbond_notice_seconds: args.unbond_notice_seconds,
            slash_claimant_basis_points: points,
        };
        scene.chain.send(&[config::set_parameters(owner, everything)], &[]).unwrap();
        scene.chain.post(&scene.log.clone_keys(), &leaves(1));
        let claim = scene.challenge(0, &missing()).unwrap();
        assert_eq!(scene.claim(claim).deposit_lamports, 0);
        scene.chain.advance(31);
        scene.settle(claim).unwrap();
        let share = u128::from(bond) * u128::from(points) / 10_000;
        let share = u64::try_from(share).unwrap();
        let paid = [scene.claimant_tokens, scene.treasury_tokens];
        let paid = paid.map(|account| scene.chain.token_amount(&account));
        assert_eq!(paid, [share, bond - share], "{points} basis points of {bond}");
    }
}
