//! What certifiers do.

use super::{
    Life, Object, Step,
    model::{AttestationModel, CertifierModel},
};
use crate::attest_args;
use runseal_client::{
    instructions::certification::{self, Subject},
    registry,
};
use runseal_registry::{
    instructions::{AccreditCertifierArgs, AttestStageArgs},
    state::{Moment, Name},
};
use solana_address::Address;

impl Life {
    pub(super) fn certification_step(&mut self) -> Step {
        let choice = self.random.below(20);
        if choice < 2 || self.model.certifiers.is_empty() {
            return self.accredit_certifier();
        }
        match choice {
            2 => self.suspend_certifier(),
            3..5 if !self.model.attestations.is_empty() => self.revoke_attestation(),
            _ if self.model.versions.is_empty() => self.accredit_certifier(),
            _ => self.attest(),
        }
    }

    fn accredit_certifier(&mut self) -> Step {
        let right = self.model.authority.by;
        let (signer, payer) = (self.mostly(right), self.actor());
        let key = if self.random.chance(50) { self.new_key() } else { self.actor() };
        let stages = u8::try_from(1 + self.random.below(31)).unwrap();
        // Most certify everything, so that somebody reaches stage E.
        let stages = if self.random.chance(60) { 31 } else { stages };
        let args = AccreditCertifierArgs {
            certifier_authority: self.random.mostly(key, Address::default()),
            organisation: Name::parse("certifier.example").unwrap(),
            stages: self.random.mostly(stages, 32),
        };
        let key = args.certifier_authority;
        let legal = !self.model.paused
            && signer == right
            && key != Address::default()
            && args.stages == stages
            && !self.model.certifiers.contains_key(&key);
        let accredit = certification::accredit(payer, signer, args);
        Step::new("accredit_certifier", accredit, &[payer, signer], legal, move |life| {
            let address = registry::certifier_address(&key);
            life.learn(address, Object::Certifier(key));
            let certifier = CertifierModel { address, stages, suspended: None };
            life.model.certifiers.insert(key, certifier);
        })
    }

    /// A certifier's key, mostly of one that is not suspended.
    fn certifier_key(&mut self) -> Address {
        let certifiers = &self.model.certifiers;
        let live: Vec<Address> = certifiers
            .iter()
            .filter(|(_, certifier)| certifier.suspended.is_none())
            .map(|(key, _)| *key)
            .collect();
        let all: Vec<Address> = certifiers.keys().copied().collect();
        let from = if live.is_empty() || self.random.chance(10) { all } else { live };
        from[self.random.index(from.len())]
    }

    fn suspend_certifier(&mut self) -> Step {
        let right = self.model.authority.by;
        let (signer, key) = (self.mostly(right), self.certifier_key());
        // Often right at something that it issued, or right behind.
        let issued = self.model.attestations.iter().rfind(|given| given.certifier == key);
        let issued = issued.map(|given| given.issued_at.slot);
        let now = self.chain.now().slot;
        let void_from = match (self.random.below(3), issued) {
            (0, Some(issued)) => issued,
            (1, Some(issued)) => issued + 1,
            _ => now.saturating_sub(self.random.below(200)),
        };
        let certifier = &self.model.certifiers[&key];
        let legal = signer == right && certifier.suspended.is_none_or(|slot| void_from < slot);
        let suspend = certification::suspend(signer, certifier.address, void_from);
        Step::new("suspend_certifier", suspend, &[signer], legal, move |life| {
            let certifier = life.model.certifiers.get_mut(&key).unwrap();
            certifier.suspended = Some(void_from);
        })
    }

    fn attest(&mut self) -> Step {
        let (version, stage, certifier) = self.what_to_attest();
        let (signer, payer) = (self.random.mostly(certifier, self.actors[0]), self.actor());
        let given = self.model.rounds(version, stage, signer);
        let round = if self.random.chance(92) { given } else { self.random.below(3) as u32 };
        let (below, holds) = self.below(version, stage);
        let (args, good) = self.attest_args(stage, round);
        let model = &self.model.versions[version];
        let agent_index = match self.random.chance(97) {
            true => model.agent,
            false => self.random.index(self.model.agents.len()),
        };
        let (model, agent) = (&self.model.versions[version], &self.model.agents[agent_index]);
        let may = self.model.certifiers.get(&signer).is_some_and(|certifier| {
            let stages = certifier.stages.checked_shr(u32::from(stage).wrapping_sub(1));
            certifier.suspended.is_none() && stages.unwrap_or(0) & 1 == 1
        });
        let legal = good
            && may
            && holds
            && round == given
            && !self.model.paused
            && !model.yanked
            && model.agent == agent_index
            && agent.status < 4
            && signer != agent.vendor.by
            && signer != agent.identity;
        let subject = Subject { agent: agent.address, version: model.address, below };
        let name = if round == 0 { "attest_stage" } else { "renew_attestation" };
        let attest = certification::attest(payer, signer, subject, args.clone());
        let issued_at = self.chain.now();
        Step::new(name, attest, &[payer, signer], legal, move |life| {
            life.write_attestation(version, signer, &args, issued_at);
        })
    }

    /// A version, a stage and a certifier: new ones, or such as had a round before.
    fn what_to_attest(&mut self) -> (usize, u8, Address) {
        let count = self.model.attestations.len();
        if count > 0 && self.random.chance(30) {
            let before = &self.model.attestations[self.random.recent(count)];
            return (before.version, before.stage, before.certifier);
        }
        let version = self.random.recent(self.model.versions.len());
        (version, self.stage_for(version), self.certifier_key())
    }

    fn write_attestation(
        &mut self,
        version: usize,
        certifier: Address,
        args: &AttestStageArgs,
        issued_at: Moment,
    ) {
        let certifier_address = registry::certifier_address(&certifier);
        let version_address = self.model.versions[version].address;
        let (stage, round) = (args.stage, args.round);
        let address =
            registry::attestation_address(&version_address, stage, &certifier_address, round);
        let index = self.model.attestations.len();
        self.learn(address, Object::Attestation(index));
        let newest = &mut self.model.versions[version].newest[usize::from(stage) - 1];
        let previous = newest.replace(index);
        self.model.attestations.push(AttestationModel {
            address,
            version,
            stage,
            certifier,
            round,
            passed: args.outcome == 1,
            issued_at,
            expires_at: Moment { slot: args.expires_slot, unix_seconds: args.expires_seconds },
            previous,
            revoked: None,
        });
    }

    /// The stage that is next for a version, or any.
    fn stage_for(&mut self, version: usize) -> u8 {
        let newest = self.model.versions[version].newest;
        let next = newest.iter().take_while(|newest| newest.is_some()).count();
        match self.random.below(20) {
            0 => 0,
            1 => 6,
            2..8 => u8::try_from(1 + self.random.below(5)).unwrap(),
            _ => u8::try_from(next.min(4) + 1).unwrap(),
        }
    }

    fn attest_args(&mut self, stage: u8, round: u32) -> (AttestStageArgs, bool) {
        let good = attest_args(&self.chain, stage);
        let now = self.chain.now();
        let lasts = 1 + i64::try_from(self.random.below(5_000)).unwrap();
        // The two clocks say different things, so that each is the one that counts.
        let lasts_slots = 1 + self.random.below(12_000);
        let passed = if self.random.chance(85) { 1 } else { 2 };
        let args = AttestStageArgs {
            round,
            outcome: self.random.mostly(passed, 3),
            expires_slot: now.slot + self.random.mostly(lasts_slots, 0),
            expires_seconds: now.unix_seconds + self.random.mostly(lasts, 0),
            evidence_hash: self.random.mostly([6; 32], [0; 32]),
            ..good
        };
        let legal = args.outcome < 3
            && args.expires_slot > now.slot
            && args.expires_seconds > now.unix_seconds
            && args.evidence_hash != [0; 32]
            && (1..=5).contains(&stage);
        (args, legal)
    }

    /// What is shown for the stage below, and whether that is what is asked for and holds.
    fn below(&mut self, version: usize, stage: u8) -> (Option<(Address, Address)>, bool) {
        if !(2..=5).contains(&stage) {
            return (None, stage == 1);
        }
        let newest = self.model.versions[version].newest[usize::from(stage) - 2];
        let count = self.model.attestations.len();
        let shown = match self.random.below(20) {
            0 => None,
            1 if count > 0 => Some(self.random.index(count)),
            _ => newest,
        };
        let Some(index) = shown else { return (None, false) };
        let attestation = &self.model.attestations[index];
        let expires = attestation.expires_at.unix_seconds;
        self.approach(Some(expires));
        let attestation = &self.model.attestations[index];
        let certifier = &self.model.certifiers[&attestation.certifier];
        let holds = newest == shown && attestation.holds(self.chain.now(), certifier);
        (Some((attestation.address, certifier.address)), holds)
    }

    fn revoke_attestation(&mut self) -> Step {
        let index = self.random.recent(self.model.attestations.len());
        let attestation = &self.model.attestations[index];
        let (giver, revoked) = (attestation.certifier, attestation.revoked.is_some());
        let authority = self.model.authority.by;
        let signer = if self.random.chance(30) { authority } else { self.mostly(giver) };
        let key = if self.random.chance(90) { giver } else { self.certifier_key() };
        let reason = u8::try_from(1 + self.random.below(5)).unwrap();
        let shown = self.random.mostly(reason, 6);
        let certifier = &self.model.certifiers[&key];
        let gave_it = signer == giver && key == giver && certifier.suspended.is_none();
        let legal = (gave_it || signer == authority) && !revoked && shown == reason;
        let attestation = &self.model.attestations[index];
        let revoke = certification::revoke(signer, certifier.address, attestation.address, shown);
        let now = self.chain.now();
        Step::new("revoke_attestation", revoke, &[signer], legal, move |life| {
            life.model.attestations[index].revoked = Some((reason, now, signer));
        })
    }
}
