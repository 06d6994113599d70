//! S9: an authority changes hands in two steps, the same for the config, an agent and a log.

use runseal_client::{
    instructions::{agents, config, logs},
    registry,
};
use runseal_registry::{
    RegistryError as Error,
    constants::PROPOSAL_EXPIRY_SECONDS,
    state::{Agent, AgentStatus, Config, Log, Moment},
};
use runseal_tests::{Chain, Refused, log_args};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// An account that changes hands, and how.
struct Account {
    chain: Chain,
    address: Address,
    notice_seconds: i64,
    propose: fn(Address, Address, Address) -> Instruction,
    accept: fn(Address, Address) -> Instruction,
    cancel: fn(Address, Address) -> Instruction,
    /// Who has it, who is proposed, since when.
    read: fn(&Chain, Address) -> (Address, Address, Moment),
}

fn accounts() -> [Account; 3] {
    let config = Account {
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
    };
    let mut chain = Chain::configured();
    let (_, address) = chain.agent();
    let agent = Account {
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
    };
    let mut chain = Chain::configured();
    let address = chain.log(log_args()).address;
    let log = Account {
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
    };
    [config, agent, log]
}

impl Account {
    fn propose(&mut self, pending: Address) -> Result<(), Refused> {
        let propose = (self.propose)(self.chain.owner.pubkey(), self.address, pending);
        self.chain.send(&[propose], &[]).map(drop)
    }

    fn accept(&mut self, signer: &Keypair) -> Result<(), Refused> {
        let accept = (self.accept)(signer.pubkey(), self.address);
        self.chain.send(&[accept], &[signer]).map(drop)
    }

    fn cancel(&mut self) -> Result<(), Refused> {
        let cancel = (self.cancel)(self.chain.owner.pubkey(), self.address);
        self.chain.send(&[cancel], &[]).map(drop)
    }

    fn read(&self) -> (Address, Address, Moment) {
        (self.read)(&self.chain, self.address)
    }
}

#[test]
fn whoever_is_proposed_takes_over_by_signing() {
    for mut account in accounts() {
        let next = Keypair::new();
        account.propose(next.pubkey()).unwrap();
        let owner = account.chain.owner.pubkey();
        assert_eq!(account.read(), (owner, next.pubkey(), account.chain.now()));
        account.chain.advance(account.notice_seconds);
        account.accept(&next).unwrap();
        let nobody = (next.pubkey(), Address::default(), Moment::default());
        assert_eq!(account.read(), nobody);
        // The one who had it has it no longer.
        let refused = account.propose(Address::new_unique()).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
    }
}

#[test]
fn nobody_else_can_propose_cancel_or_accept() {
    for mut account in accounts() {
        let (next, stranger) = (Keypair::new(), Keypair::new());
        let address = account.address;
        let propose = (account.propose)(stranger.pubkey(), address, stranger.pubkey());
        let refused = account.chain.send(&[propose], &[&stranger]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
        account.propose(next.pubkey()).unwrap();
        let cancel = (account.cancel)(stranger.pubkey(), address);
        let refused = account.chain.send(&[cancel], &[&stranger]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
        account.chain.advance(account.notice_seconds);
        assert_eq!(account.accept(&stranger), Err(Refused::by(Error::NotProposed)));
        let mut unsigned = (account.accept)(next.pubkey(), address);
        unsigned.accounts[0].is_signer = false;
        assert!(account.chain.send(&[unsigned], &[]).is_err());
        assert_eq!(account.read().0, account.chain.owner.pubkey());
    }
}

#[test]
fn a_typo_can_be_taken_back() {
    for mut account in accounts() {
        let next = Keypair::new();
        assert_eq!(account.cancel(), Err(Refused::by(Error::NobodyProposed)));
        account.propose(next.pubkey()).unwrap();
        account.cancel().unwrap();
        account.chain.advance(account.notice_seconds);
        assert_eq!(account.accept(&next), Err(Refused::by(Error::NobodyProposed)));
        let owner = account.chain.owner.pubkey();
        assert_eq!(account.read(), (owner, Address::default(), Moment::default()));
    }
}

#[test]
fn a_proposal_that_makes_no_sense_is_refused() {
    for mut account in accounts() {
        let owner = account.chain.owner.pubkey();
        assert_eq!(account.propose(Address::default()), Err(Refused::by(Error::AddressNotSet)));
        assert_eq!(account.propose(owner), Err(Refused::by(Error::AlreadyAuthority)));
    }
}

#[test]
fn a_proposal_waits_for_its_notice_and_expires() {
    for mut account in accounts() {
        let next = Keypair::new();
        account.propose(next.pubkey()).unwrap();
        if account.notice_seconds > 0 {
            account.chain.advance(account.notice_seconds - 1);
            assert_eq!(account.accept(&next), Err(Refused::by(Error::ProposalTooEarly)));
            account.chain.advance(1);
        }
        account.chain.advance(i64::try_from(PROPOSAL_EXPIRY_SECONDS).unwrap() + 1);
        assert_eq!(account.accept(&next), Err(Refused::by(Error::ProposalExpired)));
        // A new proposal starts anew, and its last second counts.
        account.propose(next.pubkey()).unwrap();
        account.chain.advance(account.notice_seconds);
        account.chain.advance(i64::try_from(PROPOSAL_EXPIRY_SECONDS).unwrap());
        account.accept(&next).unwrap();
    }
}

#[test]
fn an_archived_agent_changes_hands_no_more() {
    let [_, mut agent, _] = accounts();
    let next = Keypair::new();
    agent.propose(next.pubkey()).unwrap();
    let owner = agent.chain.owner.pubkey();
    for status in [AgentStatus::Retired, AgentStatus::Archived] {
        let set = agents::set_status(owner, agent.address, status);
        agent.chain.send(&[set], &[]).unwrap();
    }
    assert_eq!(agent.accept(&next), Err(Refused::by(Error::AgentArchived)));
    assert_eq!(agent.propose(next.pubkey()), Err(Refused::by(Error::AgentArchived)));
}
