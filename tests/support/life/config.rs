//! What the config's authority does, and what others would like to.

use super::{Life, Object, Step};
use crate::{BOND_MINT, config_args};
use runseal_client::{
    instructions::{config, logs},
    registry,
};
use runseal_registry::{
    instructions::{RegisterAuditorArgs, SetParametersArgs},
    state::Name,
};
use solana_address::Address;
use solana_signer::Signer;

impl Life {
    pub(super) fn config_step(&mut self) -> Step {
        match self.random.below(10) {
            0 => self.propose_config_authority(),
            1 => self.accept_config_authority(),
            2 => self.cancel_config_authority(),
            3 => self.set_parameters(),
            4..6 => self.set_pause(),
            6 => self.initialize_again(),
            _ => self.register_auditor(),
        }
    }

    fn authority(&mut self) -> Address {
        let right = self.model.authority.by;
        self.mostly(right)
    }

    fn propose_config_authority(&mut self) -> Step {
        let (signer, to) = (self.authority(), self.actor());
        let legal = self.model.authority.may_propose(signer, to);
        let at = self.chain.now().unix_seconds;
        let propose = config::propose_authority(signer, to);
        Step::new("propose_config_authority", propose, &[signer], legal, move |life| {
            life.model.authority.pending = Some((to, at));
        })
    }

    fn accept_config_authority(&mut self) -> Step {
        let pending = self.model.authority.pending.map(|(pending, _)| pending);
        let signer = pending.unwrap_or_else(|| self.actor());
        let signer = self.mostly(signer);
        let notice = self.model.parameters.authority_notice_seconds;
        let proposed_at = self.model.authority.pending.map(|(_, at)| at);
        self.approach(proposed_at.and_then(|at| at.checked_add_unsigned(notice)));
        let legal = self.model.authority.may_accept(signer, notice, self.chain.now());
        let accept = config::accept_authority(signer);
        Step::new("accept_config_authority", accept, &[signer], legal, |life| {
            life.model.authority.accept();
        })
    }

    fn cancel_config_authority(&mut self) -> Step {
        let signer = self.authority();
        let legal = self.model.authority.may_cancel(signer);
        let cancel = config::cancel_authority(signer);
        Step::new("cancel_config_authority", cancel, &[signer], legal, |life| {
            life.model.authority.pending = None;
        })
    }

    fn set_parameters(&mut self) -> Step {
        let signer = self.authority();
        let now = self.model.parameters.clone();
        let smallest = 1 + self.random.below(5_000);
        let longer = now.authority_notice_seconds + self.random.below(3);
        let treasury = self.treasuries[self.random.index(2)];
        let share = u16::try_from(self.random.below(5_001)).unwrap();
        let args = SetParametersArgs {
            treasury: self.random.mostly(treasury, Address::default()),
            bond_mint: BOND_MINT,
            smallest_bond_amount: self.random.mostly(smallest, 0),
            claim_deposit_lamports: self.random.below(20_000_000),
            authority_notice_seconds: self.random.mostly(longer, 0),
            unbond_notice_seconds: self.random.below(1_000),
            slash_claimant_basis_points: self.random.mostly(share, 5_001),
        };
        let legal = signer == self.model.authority.by
            && args.treasury != Address::default()
            && args.smallest_bond_amount > 0
            && args.authority_notice_seconds >= now.authority_notice_seconds
            && args.slash_claimant_basis_points <= 5_000;
        let set = config::set_parameters(signer, args.clone());
        Step::new("set_parameters", set, &[signer], legal, |life| life.model.parameters = args)
    }

    fn set_pause(&mut self) -> Step {
        let signer = self.authority();
        let paused = self.random.chance(15);
        let legal = signer == self.model.authority.by;
        let pause = config::set_pause(signer, paused);
        Step::new("set_pause", pause, &[signer], legal, move |life| life.model.paused = paused)
    }

    fn initialize_again(&mut self) -> Step {
        let owner = self.chain.owner.pubkey();
        let initialize = config::initialize(owner, owner, config_args(owner));
        Step::new("initialize_config", initialize, &[], false, |_| {})
    }

    fn register_auditor(&mut self) -> Step {
        let (signer, payer) = (self.authority(), self.actor());
        let key = if self.random.chance(50) { self.new_key() } else { self.actor() };
        let key = self.random.mostly(key, Address::default());
        // Fewer organisations than keys, so that some have two.
        let organisation =
            Name::parse(["one.example", "two.example", "three.example"][self.random.index(3)]);
        let organisation = organisation.unwrap();
        let legal = !self.model.paused
            && signer == self.model.authority.by
            && key != Address::default()
            && !self.model.auditors.contains_key(&key);
        let args = RegisterAuditorArgs { auditor_authority: key, organisation };
        let register = logs::register_auditor(payer, signer, args);
        Step::new("register_auditor", register, &[payer, signer], legal, move |life| {
            life.model.auditors.insert(key, organisation);
        })
    }

    /// What the model says of an address; the one of the config is never created again.
    pub(super) fn is_known(&self, address: &Address) -> bool {
        self.known.contains_key(address)
    }

    pub(super) fn learn(&mut self, address: Address, object: Object) {
        let before = self.known.insert(address, object);
        assert_eq!(before, None, "{address} was created twice");
        assert_ne!(address, registry::config_address());
    }
}
