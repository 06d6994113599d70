use runseal_client::instructions::agents;
use runseal_registry::{
    RegistryError as Error,
    state::{Agent, AgentStatus as Status},
};
use runseal_tests::{Chain, Refused, agent_that_is, set_status};
use solana_signer::Signer;

const ALL_STATUSES: [Status; 5] =
    [Status::Registered, Status::Active, Status::Paused, Status::Retired, Status::Archived];

#[test]
fn only_legal_moves_between_statuses_are_made() {
    let legal = [
        (Status::Registered, Status::Active),
        (Status::Registered, Status::Retired),
        (Status::Active, Status::Paused),
        (Status::Active, Status::Retired),
        (Status::Paused, Status::Active),
        (Status::Paused, Status::Retired),
        (Status::Retired, Status::Archived),
    ];
    for from in ALL_STATUSES {
        for to in ALL_STATUSES {
            let (mut chain, _, agent) = agent_that_is(from);
            chain.advance(3);
            let moved = set_status(&mut chain, agent, to);
            let account = chain.read::<Agent>(agent).account;
            if legal.contains(&(from, to)) {
                assert_eq!((moved, account.status()), (Ok(()), Ok(to)));
                assert_eq!(account.status_changed_at, chain.now());
            } else {
                let archived = from == Status::Archived;
                let error =
                    if archived { Error::AgentArchived } else { Error::IllegalStatusChange };
                assert_eq!(moved, Err(Refused::by(error)), "{from:?} to {to:?}");
                assert_eq!(account.status(), Ok(from));
            }
        }
    }
}

#[test]
fn an_agent_without_a_version_is_not_activated() {
    let mut chain = Chain::configured();
    let (_, agent) = chain.agent();
    let refused = set_status(&mut chain, agent, Status::Active).unwrap_err();
    assert_eq!(refused, Refused::by(Error::NoVersionYet));
}

#[test]
fn a_status_that_does_not_exist_is_refused() {
    for byte in [0, 6, 255] {
        let (mut chain, _, agent) = agent_that_is(Status::Active);
        let mut odd = agents::set_status(chain.owner.pubkey(), agent, Status::Paused);
        *odd.data.last_mut().unwrap() = byte;
        assert_eq!(chain.send(&[odd], &[]).unwrap_err(), Refused::by(Error::UnknownStatus));
    }
}
