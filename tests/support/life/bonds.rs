//! What is put at stake, and what is sent where nobody asked for it.

use super::{Life, Step};
use crate::{BOND_MINT, Chain};
use runseal_client::{
    instructions::{TOKEN_PROGRAM, bonds},
    registry,
};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

const THIRTY_DAYS: i64 = 30 * 86_400;

impl Life {
    pub(super) fn bond_step(&mut self) -> Step {
        if self.model.logs.is_empty() {
            return self.log_step();
        }
        let log = self.random.recent(self.model.logs.len());
        match self.random.below(10) {
            0..4 => self.deposit_bond(log),
            4..6 => self.request_unbond(log),
            6..8 => self.withdraw_bond(log),
            8 => self.send_tokens(log),
            _ => self.send_lamports(log),
        }
    }

    fn deposit_bond(&mut self, index: usize) -> Step {
        let (payer, depositor) = (self.actor(), self.actor());
        let owner = self.mostly(depositor);
        let source = self.purses[&owner];
        let purse = self.model.tokens[&source];
        let some = 1 + self.random.below(20_000);
        let amount = match self.random.below(20) {
            0 => 0,
            1 => purse + 1,
            _ => some,
        };
        let legal = owner == depositor && amount > 0 && amount <= purse;
        let log = self.model.logs[index].address;
        let deposit = bonds::deposit(payer, depositor, log, BOND_MINT, source, amount);
        Step::new("deposit_bond", deposit, &[payer, depositor], legal, move |life| {
            life.move_tokens(source, registry::bond_address(&log), amount);
            life.model.logs[index].bond += amount;
        })
    }

    pub(super) fn move_tokens(&mut self, from: Address, to: Address, amount: u64) {
        *self.model.tokens.entry(from).or_default() -= amount;
        *self.model.tokens.entry(to).or_default() += amount;
    }

    fn request_unbond(&mut self, index: usize) -> Step {
        let signer = self.operator(index);
        let bond = self.model.logs[index].bond;
        let amount = if self.random.chance(90) { self.random.below(bond + 1) } else { bond + 1 };
        let log = &self.model.logs[index];
        let legal = signer == log.operator.by && amount <= bond;
        let at = if amount == 0 { 0 } else { self.chain.now().unix_seconds };
        let request = bonds::request_unbond(signer, log.address, amount);
        Step::new("request_unbond", request, &[signer], legal, move |life| {
            let log = &mut life.model.logs[index];
            (log.unbond, log.unbond_at) = (amount, at);
        })
    }

    fn withdraw_bond(&mut self, index: usize) -> Step {
        let signer = self.operator(index);
        let owner = self.mostly(signer);
        let destination = self.purses[&owner];
        let log = &self.model.logs[index];
        let notice = self.model.parameters.unbond_notice_seconds.max(log.challengeable_seconds());
        let from = log.unbond_at + i64::try_from(notice).unwrap();
        self.approach(Some(from));
        let log = &self.model.logs[index];
        let now = self.chain.now().unix_seconds;
        let ripe = now > from && now <= from + THIRTY_DAYS;
        let legal = signer == log.operator.by
            && owner == signer
            && log.unbond > 0
            && log.open_claims == 0
            && ripe;
        let (address, amount) = (log.address, log.unbond);
        let withdraw = bonds::withdraw(signer, address, destination);
        Step::new("withdraw_bond", withdraw, &[signer], legal, move |life| {
            life.move_tokens(registry::bond_address(&address), destination, amount);
            let log = &mut life.model.logs[index];
            log.bond -= amount;
            (log.unbond, log.unbond_at) = (0, 0);
        })
    }

    /// Tokens that go straight into a bond's account count for nothing and do no harm.
    fn send_tokens(&mut self, index: usize) -> Step {
        let from = self.actor();
        let (source, bond) =
            (self.purses[&from], registry::bond_address(&self.model.logs[index].address));
        let amount = 1 + self.random.below(500);
        let legal = self.model.tokens.contains_key(&bond) && amount <= self.model.tokens[&source];
        // The token program's fourth instruction: its number and the amount.
        let data = [[3].as_slice(), &amount.to_le_bytes()].concat();
        let accounts = vec![
            AccountMeta::new(source, false),
            AccountMeta::new(bond, false),
            AccountMeta::new_readonly(from, true),
        ];
        let send = Instruction { program_id: TOKEN_PROGRAM, accounts, data };
        Step::new("tokens sent to a bond", send, &[from], legal, move |life| {
            life.move_tokens(source, bond, amount);
        })
    }

    /// Lamports that are sent ahead to where something will be.
    fn send_lamports(&mut self, index: usize) -> Step {
        let from = self.actor();
        let log = &self.model.logs[index];
        let to = match self.random.below(4) {
            0 => registry::bond_address(&log.address),
            1 => log.address,
            _ => registry::anchor_address(&log.address, log.next_period()),
        };
        let send = Chain::transfer(&from, &to, 1_000_000);
        Step::new("lamports sent ahead", send, &[from], true, |_| {})
    }
}
