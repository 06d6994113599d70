use super::Staged;
use crate::{Town, disordered, ordered};
use runseal_client::instructions::claims;
use runseal_registry::state::Leaf;

/// The town is accused for good: both logs have an open challenge and an open disorder claim.
pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let claimant = town.claimant.insecure_clone();
    let missing = Leaf { sequence: 999u64.to_be_bytes(), ..ordered()[0] };
    let [promise, challenge] = town.challenge(0, &missing);
    let mut challenged = Staged::new("challenge_promise", town, challenge, &[&claimant]);
    challenged.before = vec![promise];
    let (open, disorder) = town.open_disorder(0);
    let opened = Staged::new("open_disorder_claim", town, open.clone(), &[&claimant]);

    let kept = town.accuse(0, &ordered()[2]).unwrap();
    town.accuse(1, &ordered()[2]).unwrap();
    for instruction in [open, town.open_disorder(1).0] {
        town.chain.send(&[instruction], &[&claimant]).unwrap();
    }
    let (owner, log) = (town.owner(), &town.logs[0]);
    let path = log.trees[0].inclusion_path(2).unwrap();
    let answer = claims::answer(owner, log.log.address, 0, kept, 2, path);
    let path = log.trees[1].inclusion_path(1).unwrap();
    let prove = claims::prove_disorder(town.slash(0, disorder), 1, disordered()[1], path);
    let settle = claims::settle(town.slash(0, kept));
    let mut settled = Staged::new("settle_challenge", town, settle, &[]);
    settled.chain.advance(31);
    vec![
        challenged,
        opened,
        Staged::new("answer_challenge", town, answer, &[]),
        Staged::new("prove_disorder", town, prove, &[]),
        settled,
    ]
}
