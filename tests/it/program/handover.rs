//! S9: an authority changes hands in two steps, the same for the config, an agent and a log. Each of
//! the nine instructions has its file, which says what is its own.

use runseal_registry::{RegistryError as Error, constants::PROPOSAL_EXPIRY_SECONDS, state::Moment};
use runseal_tests::{Handover, Refused};
use solana_address::Address;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

const NOBODY: (Address, Moment) =
    (Address::new_from_array([0; 32]), Moment { slot: 0, unix_seconds: 0 });

/// The authority proposes, replaces its proposal, and nobody else proposes.
pub(super) fn is_proposed(mut account: Handover) {
    let (owner, next, stranger) = (account.chain.owner.pubkey(), Keypair::new(), Keypair::new());
    let address = account.address;
    let forged = (account.propose)(stranger.pubkey(), address, stranger.pubkey());
    let refused = account.chain.send(&[forged], &[&stranger]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    assert_eq!(account.propose(Address::default()), Err(Refused::by(Error::AddressNotSet)));
    assert_eq!(account.propose(owner), Err(Refused::by(Error::AlreadyAuthority)));
    assert_eq!(account.read(), (owner, NOBODY.0, NOBODY.1));
    account.propose(next.pubkey()).unwrap();
    assert_eq!(account.read(), (owner, next.pubkey(), account.chain.now()));
    // Whoever is proposed has nothing yet.
    let early = (account.propose)(next.pubkey(), address, stranger.pubkey());
    let refused = account.chain.send(&[early], &[&next]).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    account.chain.advance(5);
    account.propose(stranger.pubkey()).unwrap();
    assert_eq!(account.read(), (owner, stranger.pubkey(), account.chain.now()));
    account.chain.advance(account.notice_seconds);
    assert_eq!(account.accept(&next), Err(Refused::by(Error::NotProposed)));
}

/// The authority takes a typo back, and nobody else does.
pub(super) fn is_cancelled(mut account: Handover) {
    let (owner, next, stranger) = (account.chain.owner.pubkey(), Keypair::new(), Keypair::new());
    assert_eq!(account.cancel(), Err(Refused::by(Error::NobodyProposed)));
    account.propose(next.pubkey()).unwrap();
    for other in [&next, &stranger] {
        let cancel = (account.cancel)(other.pubkey(), account.address);
        let refused = account.chain.send(&[cancel], &[other]).unwrap_err();
        assert_eq!(refused, Refused::by(Error::NotAuthority));
    }
    account.cancel().unwrap();
    assert_eq!(account.read(), (owner, NOBODY.0, NOBODY.1));
    account.chain.advance(account.notice_seconds);
    assert_eq!(account.accept(&next), Err(Refused::by(Error::NobodyProposed)));
    assert_eq!(account.cancel(), Err(Refused::by(Error::NobodyProposed)));
}

/// Whoever was proposed takes over by signing, and the one who had it has it no longer.
pub(super) fn is_accepted(mut account: Handover) {
    let (owner, next) = (account.chain.owner.insecure_clone(), Keypair::new());
    assert_eq!(account.accept(&next), Err(Refused::by(Error::NobodyProposed)));
    account.propose(next.pubkey()).unwrap();
    account.chain.advance(account.notice_seconds);
    for other in [Keypair::new(), owner.insecure_clone()] {
        assert_eq!(account.accept(&other), Err(Refused::by(Error::NotProposed)));
    }
    let mut unsigned = (account.accept)(next.pubkey(), account.address);
    unsigned.accounts[0].is_signer = false;
    let refused = account.chain.send(&[unsigned], &[]).unwrap_err();
    assert_eq!(refused, Refused::with(InstructionError::MissingRequiredSignature));
    assert_eq!(account.read().0, owner.pubkey());
    account.accept(&next).unwrap();
    assert_eq!(account.read(), (next.pubkey(), NOBODY.0, NOBODY.1));
    assert_eq!(account.accept(&next), Err(Refused::by(Error::NobodyProposed)));
    let refused = account.propose(Address::new_unique()).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NotAuthority));
    assert_eq!(account.cancel(), Err(Refused::by(Error::NotAuthority)));
}

/// A proposal waits for its notice and expires; both ends count.
pub(super) fn is_accepted_in_time(mut account: Handover) {
    let (next, expiry) = (Keypair::new(), i64::try_from(PROPOSAL_EXPIRY_SECONDS).unwrap());
    account.propose(next.pubkey()).unwrap();
    if account.notice_seconds > 0 {
        account.chain.advance(account.notice_seconds - 1);
        assert_eq!(account.accept(&next), Err(Refused::by(Error::ProposalTooEarly)));
        account.chain.advance(1);
    }
    account.chain.advance(expiry + 1);
    assert_eq!(account.accept(&next), Err(Refused::by(Error::ProposalExpired)));
    // A new proposal starts anew, and its last second counts.
    account.propose(next.pubkey()).unwrap();
    account.chain.advance(account.notice_seconds + expiry);
    account.accept(&next).unwrap();
}
