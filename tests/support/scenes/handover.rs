use crate::{Chain, Refused, log_args};
use runseal_client::{
    instructions::{agents, config, logs},
    registry,
};
use runseal_registry::state::{Agent, Config, Log, Moment};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An account that changes hands, and how.
pub struct Handover {
    pub chain: Chain,
    pub address: Address,
    pub notice_seconds: i64,
    pub propose: fn(Address, Address, Address) -> Instruction,
    pub accept: fn(Address, Address) -> Instruction,
    pub cancel: fn(Address, Address) -> Instruction,
    /// Who has it, who is proposed, since when.
    pub read: fn(&Chain, Address) -> (Address, Address, Moment),
}

impl Handover {
    /// The config, which asks for two days of notice.
    pub fn of_config() -> Self {
        Self {
            chain: Chain::configured(),
            address: registry::config_address(),
            notice_seconds: 172_800,
            propose: |authority, _, pending| config::propose_authority(authority, pending),
            accept: |proposed, _| config::accept_authority(proposed),
            cancel: |authority, _| config::cancel_authority(authority),
            read: |chain, address| {
                let account = chain.read::<Config>(address).account;
                (account.authority, account.pending_authority, account.proposed_at)
            },
        }
    }

    /// An agent.
    pub fn of_agent() -> Self {
        let mut chain = Chain::configured();
        let (_, address) = chain.agent();
        Self {
            chain,
            address,
            notice_seconds: 0,
            propose: agents::propose_authority,
            accept: agents::accept_authority,
            cancel: agents::cancel_authority,
            read: |chain, address| {
                let account = chain.read::<Agent>(address).account;
                (account.authority, account.pending_authority, account.proposed_at)
            },
        }
    }

    /// A log.
    pub fn of_log() -> Self {
        let mut chain = Chain::configured();
        let address = chain.log(log_args()).address;
        Self {
            chain,
            address,
            notice_seconds: 0,
            propose: logs::propose_operator,
            accept: logs::accept_operator,
            cancel: logs::cancel_operator,
            read: |chain, address| {
                let account = chain.read::<Log>(address).account;
                (account.operator, account.pending_operator, account.proposed_at)
            },
        }
    }

    pub fn propose(&mut self, pending: Address) -> Result<(), Refused> {
        let propose = (self.propose)(self.chain.owner.pubkey(), self.address, pending);
        self.chain.send(&[propose], &[]).map(drop)
    }

    pub fn accept(&mut self, signer: &Keypair) -> Result<(), Refused> {
        let accept = (self.accept)(signer.pubkey(), self.address);
        self.chain.send(&[accept], &[signer]).map(drop)
    }

    pub fn cancel(&mut self) -> Result<(), Refused> {
        let cancel = (self.cancel)(self.chain.owner.pubkey(), self.address);
        self.chain.send(&[cancel], &[]).map(drop)
    }

    pub fn read(&self) -> (Address, Address, Moment) {
        (self.read)(&self.chain, self.address)
    }
}
