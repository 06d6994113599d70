//! That the invariants between accounts, which every test ends with, notice what is wrong.

use bytemuck::Pod;
use runseal_client::registry::{self, RegistryAccount};
use runseal_registry::state::{
    Agent, Anchor, Attestation, Certifier, Claim, Config, Cosignature, Log, Name, Version,
};
use runseal_tests::{Chain, Town, ordered};
use solana_address::Address;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Changes an account and expects that it is noticed.
fn noticed<T: RegistryAccount + Pod>(chain: &Chain, address: Address, changes: &[fn(&mut T)]) {
    for (index, change) in changes.iter().enumerate() {
        let mut changed = chain.clone();
        changed.rewrite(&address, change);
        let checked = catch_unwind(AssertUnwindSafe(|| changed.check_invariants()));
        assert!(checked.is_err(), "change {index} of {} went unnoticed", T::NAME);
    }
}

#[test]
fn config_and_agents_that_no_instruction_leaves_behind_are_noticed() {
    let town = Town::new();
    let (agent, version) = (town.agents[0].agent, town.agents[0].version);
    let chain = &town.chain;
    chain.check_invariants();
    noticed::<Config>(
        chain,
        registry::config_address(),
        &[
            |config| config.bump ^= 1,
            |config| config.smallest_bond_amount = 0,
            |config| config.pending_authority = Address::new_from_array([1; 32]),
            |config| config.reserved[63] = 1,
        ],
    );
    noticed::<Agent>(
        chain,
        agent,
        &[
            |agent| agent.identity = Address::new_from_array([1; 32]),
            |agent| agent.version_count = 2,
            |agent| agent.status = 0,
            |agent| agent.proposed_at.slot = 1,
        ],
    );
    noticed::<Version>(
        chain,
        version,
        &[
            |version| version.index = 1,
            |version| version.yanked = 1,
            |version| version.newest_attestations[1] = version.newest_attestations[0],
            |version| version.newest_attestations[0] = Address::default(),
        ],
    );
}

#[test]
fn certifications_that_no_instruction_leaves_behind_are_noticed() {
    let town = Town::new();
    let chain = &town.chain;
    noticed::<Certifier>(
        chain,
        town.certifier(0),
        &[
            |certifier| certifier.void_from_slot = 5,
            |certifier| certifier.suspended = 1,
            |certifier| certifier.stages = 32,
        ],
    );
    noticed::<Attestation>(
        chain,
        town.attestation(0, 2, 0),
        &[
            |attestation| attestation.revoked_reason = 1,
            |attestation| attestation.previous = attestation.certifier,
            |attestation| attestation.round = 1,
            |attestation| attestation.stage = 1,
        ],
    );
}

#[test]
fn logs_that_no_instruction_leaves_behind_are_noticed() {
    let mut town = Town::new();
    town.accuse(0, &ordered()[0]).unwrap();
    let log = town.logs[0].log.address;
    let chain = &town.chain;
    noticed::<Log>(
        chain,
        log,
        &[
            |log| log.open_claim_count = 0,
            |log| log.upheld_count = 1,
            |log| log.bond_amount += 1,
            |log| log.next_period = 1,
            |log| log.cumulative_leaf_count -= 1,
            |log| log.head_anchor_hash[0] ^= 1,
            |log| log.peaks[1][0] ^= 1,
            |log| log.late_count = 1,
            |log| log.missed_count = 1,
            |log| log.promise_keys[1].key = Address::new_from_array([1; 32]),
            |log| log.unbond_amount = 1,
        ],
    );
}

#[test]
fn anchors_that_no_instruction_leaves_behind_are_noticed() {
    let town = Town::new();
    let (chain, anchor) = (&town.chain, town.anchor(0, 1));
    noticed::<Anchor>(
        chain,
        anchor,
        &[
            |anchor| anchor.root[0] ^= 1,
            |anchor| anchor.leaf_count += 1,
            |anchor| anchor.timeliness = 1,
            |anchor| anchor.cosignature_count = 1,
            |anchor| anchor.previous_anchor_hash[0] ^= 1,
            |anchor| anchor.context[0] ^= 1,
        ],
    );
    let organisation = Name::parse("one.example").unwrap();
    let cosignature = registry::cosignature_address(&town.anchor(0, 0), &organisation);
    noticed::<Cosignature>(
        chain,
        cosignature,
        &[
            |cosignature| cosignature.organisation.bytes[0] ^= 1,
            |cosignature| cosignature.auditor = cosignature.anchor,
        ],
    );
}

#[test]
fn claims_that_no_instruction_leaves_behind_are_noticed() {
    let mut town = Town::new();
    let claim = town.accuse(0, &ordered()[0]).unwrap();
    let chain = &town.chain;
    noticed::<Claim>(
        chain,
        claim,
        &[
            |claim| claim.state = 2,
            |claim| claim.state = 4,
            |claim| claim.kind = 2,
            |claim| claim.deposit_lamports += 1,
            |claim| claim.slashed_amount = 1,
            |claim| claim.decided_at.slot = 1,
            |claim| claim.leaf.digest[0] ^= 1,
        ],
    );
}

#[test]
fn an_account_of_no_known_kind_is_noticed() {
    let mut chain = Chain::configured();
    chain.copy(&registry::config_address(), |account| account.data[0] ^= 1);
    assert!(catch_unwind(AssertUnwindSafe(|| chain.check_invariants())).is_err());
    // A second config stands at no address that a config can have.
    let mut chain = Chain::configured();
    chain.copy(&registry::config_address(), |_| {});
    assert!(catch_unwind(AssertUnwindSafe(|| chain.check_invariants())).is_err());
}
