use crate::{Chain, Refused, attest_args};
use runseal_client::{
    instructions::certification::{self, NewestThen, Subject},
    registry,
};
use runseal_registry::{instructions::AttestStageArgs, state::Attestation};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Accredited for every stage.
pub const ALL_STAGES: u8 = 0b11111;

/// A version, and a certifier accredited for every stage.
pub struct Ladder {
    pub chain: Chain,
    pub identity: Keypair,
    pub agent: Address,
    pub version: Address,
    pub certifier: Keypair,
}

impl Ladder {
    pub fn set_up() -> Self {
        let mut chain = Chain::configured();
        let (identity, agent) = chain.agent();
        let version = chain.version(agent, 0);
        let certifier = chain.certifier(ALL_STAGES);
        Self { chain, identity, agent, version, certifier }
    }

    pub fn certifier_address(&self) -> Address {
        registry::certifier_address(&self.certifier.pubkey())
    }

    pub fn address(&self, stage: u8, round: u32) -> Address {
        registry::attestation_address(&self.version, stage, &self.certifier_address(), round)
    }

    /// The subject with the certifier's own first round below.
    pub fn subject(&self, stage: u8) -> Subject {
        let below = (stage > 1).then(|| (self.address(stage - 1, 0), self.certifier_address()));
        Subject { agent: self.agent, version: self.version, below }
    }

    pub fn attest(&mut self, args: AttestStageArgs) -> Result<Attestation, Refused> {
        let subject = self.subject(args.stage);
        self.attest_subject(subject, args)
    }

    pub fn attest_subject(
        &mut self,
        subject: Subject,
        args: AttestStageArgs,
    ) -> Result<Attestation, Refused> {
        let address = self.address(args.stage, args.round);
        let owner = self.chain.owner.pubkey();
        let attest = certification::attest(owner, self.certifier.pubkey(), subject, args);
        self.chain.send(&[attest], &[&self.certifier])?;
        Ok(self.chain.read::<Attestation>(address).account)
    }

    pub fn pass(&mut self, stage: u8) -> Result<Attestation, Refused> {
        let args = attest_args(&self.chain, stage);
        self.attest(args)
    }

    pub fn revoke(&mut self, stage: u8, reason: u8) -> Result<(), Refused> {
        let key = self.certifier.pubkey();
        let (certifier, attestation) = (self.certifier_address(), self.address(stage, 0));
        let revoke = certification::revoke(key, certifier, attestation, reason);
        self.chain.send(&[revoke], &[&self.certifier]).map(drop)
    }

    /// The first round of a stage, which is still the newest.
    pub fn first(&self, stage: u8) -> NewestThen {
        NewestThen {
            attestation: self.address(stage, 0),
            certifier: self.certifier_address(),
            next: None,
        }
    }

    /// The stage and the slot until which it holds.
    pub fn status(&mut self, slot: u64, shown: &[NewestThen]) -> Result<(u8, u64), Refused> {
        let read = certification::status(self.version, slot, shown);
        let mut data = self.chain.send(&[read], &[])?.return_data.data;
        data.resize(17, 0);
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap());
        assert_eq!(word(&data[1..9]), slot);
        Ok((data[0], word(&data[9..17])))
    }
}
