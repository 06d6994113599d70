use super::Staged;
use crate::{BOND_MINT, Town, leaves, log_args};
use runseal_client::instructions::{bonds, logs};
use runseal_registry::{
    instructions::{OpenLogArgs, RegisterAuditorArgs, RotateLogKeysArgs},
    state::{Anchor, Name},
};
use solana_signer::Signer;

pub(super) fn staged(town: &mut Town) -> Vec<Staged> {
    let mut staged = opened(town);
    staged.extend(handed_over(town));
    staged.extend(anchored(town));
    staged.extend(bonded(town));
    staged
}

fn opened(town: &mut Town) -> Vec<Staged> {
    let (owner, payer) = (town.chain.owner.insecure_clone(), town.payer.insecure_clone());
    let name = Name::parse("new").unwrap();
    let [anchoring_key, promise_key] = [(); 2].map(|()| town.chain.key().pubkey());
    let args = OpenLogArgs { name, anchoring_key, promise_key, ..log_args() };
    let open = logs::open(payer.pubkey(), owner.pubkey(), args);
    let keys = RotateLogKeysArgs { anchoring_key, promise_key };
    let rotate = logs::rotate_keys(owner.pubkey(), town.logs[0].log.address, keys);
    let organisation = Name::parse("new.example").unwrap();
    let args = RegisterAuditorArgs { auditor_authority: anchoring_key, organisation };
    let register = logs::register_auditor(payer.pubkey(), owner.pubkey(), args);
    vec![
        Staged::new("open_log", town, open, &[&payer, &owner]),
        Staged::new("rotate_log_keys", town, rotate, &[&owner]),
        Staged::new("register_auditor", town, register, &[&payer, &owner]),
    ]
}

fn handed_over(town: &mut Town) -> Vec<Staged> {
    let (owner, next) = (town.chain.owner.insecure_clone(), town.chain.rich());
    let (key, log) = (owner.pubkey(), town.logs[0].log.address);
    let propose = logs::propose_operator(key, log, next.pubkey());
    let mut staged = vec![
        Staged::new("cancel_operator", town, logs::cancel_operator(key, log), &[&owner]),
        Staged::new("accept_operator", town, logs::accept_operator(next.pubkey(), log), &[&next]),
    ];
    for proposed in &mut staged {
        proposed.chain.send(std::slice::from_ref(&propose), &[]).unwrap();
    }
    staged.push(Staged::new("propose_operator", town, propose, &[&owner]));
    staged
}

fn anchored(town: &mut Town) -> Vec<Staged> {
    let (owner, payer) = (town.chain.owner.insecure_clone(), town.payer.insecure_clone());
    let log = town.logs[0].log.clone_keys();
    let auditor = &town.auditors[1].insecure_clone();
    let anchor = town.anchor(0, 1);
    let hash = town.chain.read::<Anchor>(anchor).account.anchor_hash;
    let organisation = Name::parse("two.example").unwrap();
    let cosign = logs::cosign_anchor(payer.pubkey(), auditor.pubkey(), anchor, &organisation, hash);
    let (args, _) = town.chain.anchor_args(&log, &leaves(3));
    let (period, anchoring) = (args.period, &log.anchoring);
    let post = logs::post_anchor(payer.pubkey(), anchoring.pubkey(), log.address, args);
    let mut posted = Staged::new("post_anchor", town, post, &[&payer, anchoring]);
    posted.chain.advance(200);
    let close = logs::close_anchor(owner.pubkey(), payer.pubkey(), log.address, period);
    let mut closed = Staged {
        chain: posted.chain.clone(),
        ..Staged::new("close_anchor", town, close, &[&owner])
    };
    closed.chain.send(&[posted.instruction.clone()], &[&payer, anchoring]).unwrap();
    closed.chain.advance(1_001);
    vec![Staged::new("cosign_anchor", town, cosign, &[&payer, auditor]), posted, closed]
}

fn bonded(town: &mut Town) -> Vec<Staged> {
    let (owner, payer) = (town.chain.owner.insecure_clone(), town.payer.insecure_clone());
    let depositor = town.chain.rich();
    let (key, log, purse) = (owner.pubkey(), town.logs[0].log.address, town.logs[0].purse);
    let source = town.chain.tokens(BOND_MINT, depositor.pubkey(), 500);
    let deposit = bonds::deposit(payer.pubkey(), depositor.pubkey(), log, BOND_MINT, source, 400);
    let request = bonds::request_unbond(key, log, 1_000);
    let withdraw = bonds::withdraw(key, log, purse);
    let mut asked = Staged::new("withdraw_bond", town, withdraw, &[&owner]);
    asked.chain.send(std::slice::from_ref(&request), &[]).unwrap();
    asked.chain.advance(1_209_601);
    vec![
        Staged::new("deposit_bond", town, deposit, &[&payer, &depositor]),
        Staged::new("request_unbond", town, request, &[&owner]),
        asked,
    ]
}
