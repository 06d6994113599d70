//! What each instruction costs, to the unit, against the committed table.
//!
//! `cargo xtask program --measure` writes the table. A search for an address's bump makes the same
//! instruction cost more for some keys, so each figure is the least over several sets of keys.

use runseal_client::{
    instructions::{
        agents, bonds,
        certification::{self, NewestThen, Subject},
        claims::{self, Slash},
        config, logs, proofs,
    },
    registry,
};
use runseal_merkle::inclusion;
use runseal_registry::{
    instructions::{
        AbsenceArgs, AccreditCertifierArgs, ChallengePromiseArgs, OpenLogArgs, PostAnchorArgs,
        RegisterAuditorArgs, RotateLogKeysArgs, SetParametersArgs,
    },
    state::{AgentStatus, Anchor, ClaimKind, Leaf, Log, Name, Promise, SemanticVersion},
};
use runseal_tests::{
    BOND_MINT, Chain, OpenLog, TREASURY, attest_args, config_args, leaves, log_args, register_args,
    root, version_args,
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{collections::BTreeMap, env, fs};

const KEY_SETS: u64 = 8;
const TABLE: &str = "docs/compute-units.json";

type Table = BTreeMap<String, u64>;

#[test]
fn every_instruction_costs_what_the_table_says() {
    let mut measured = least(KEY_SETS, every_instruction);
    measured.extend(syscall_floors());
    let size = runseal_ledger::PROGRAM_BYTES.len();
    measured.insert("program_bytes".to_owned(), u64::try_from(size).unwrap());
    let path = root().join(TABLE);
    let text = format!("{}\n", serde_json::to_string_pretty(&measured).unwrap());
    if env::var_os("RUNSEAL_MEASURE").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    let committed: Table = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for (name, units) in &measured {
        assert_eq!(
            committed.get(name),
            Some(units),
            "{name} costs {units} units: if that is meant, `cargo xtask program --measure`"
        );
    }
    assert_eq!(measured.len(), committed.len(), "the table names what is not measured");
}

#[test]
fn the_table_has_every_instruction() {
    let measured = every_instruction(0);
    let idl: serde_json::Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    for instruction in idl["instructions"].as_array().unwrap() {
        let name = instruction["name"].as_str().unwrap();
        assert!(measured.keys().any(|key| key.starts_with(name)), "{name} is not measured");
    }
}

fn least(sets: u64, measure: impl Fn(u64) -> Table) -> Table {
    let mut least = Table::new();
    for (name, units) in (0..sets).flat_map(measure) {
        least.entry(name).and_modify(|known| *known = units.min(*known)).or_insert(units);
    }
    least
}

fn every_instruction(seed: u64) -> Table {
    let mut meter = Meter { chain: Chain::with_seed(seed), spent: Table::new() };
    measure_config(&mut meter);
    measure_agents(&mut meter);
    measure_certification(&mut meter);
    measure_logs(&mut meter);
    measure_proofs(&mut meter);
    measure_claims(&mut meter);
    meter.spent
}

/// A chain that writes down what is spent on it.
struct Meter {
    chain: Chain,
    spent: Table,
}

impl Meter {
    /// Sends a transaction and enters its units; its other instructions must cost none.
    fn run(&mut self, name: &str, instructions: &[Instruction], signers: &[&Keypair]) {
        let sent = self.chain.send(instructions, signers);
        let units = sent.unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
        self.spent.insert(name.to_owned(), units.compute_units_consumed);
    }

    /// The same, signed by the owner alone.
    fn own(&mut self, name: &str, instruction: Instruction) {
        self.run(name, &[instruction], &[]);
    }

    fn owner(&self) -> Address {
        self.chain.owner.pubkey()
    }
}

fn measure_config(meter: &mut Meter) {
    let owner = meter.owner();
    let args = config_args(owner);
    let initialize = config::initialize(owner, owner, args.clone());
    meter.own("initialize_config", initialize);
    let successor = meter.chain.rich();
    let propose = config::propose_authority(owner, successor.pubkey());
    meter.own("propose_config_authority", propose.clone());
    meter.own("cancel_config_authority", config::cancel_authority(owner));
    meter.own("propose_config_authority", propose);
    meter.chain.advance(172_801);
    let accept = config::accept_authority(successor.pubkey());
    meter.run("accept_config_authority", &[accept], &[&successor]);
    let back = config::propose_authority(successor.pubkey(), owner);
    meter.chain.send(&[back], &[&successor]).unwrap();
    meter.chain.advance(172_801);
    meter.chain.send(&[config::accept_authority(owner)], &[]).unwrap();
    let same = SetParametersArgs {
        treasury: args.treasury,
        bond_mint: args.bond_mint,
        smallest_bond_amount: args.smallest_bond_amount,
        claim_deposit_lamports: args.claim_deposit_lamports,
        authority_notice_seconds: args.authority_notice_seconds,
        unbond_notice_seconds: args.unbond_notice_seconds,
        slash_claimant_basis_points: args.slash_claimant_basis_points,
    };
    meter.own("set_parameters", config::set_parameters(owner, same));
    meter.own("set_pause", config::set_pause(owner, true));
    meter.own("set_pause", config::set_pause(owner, false));
}

fn measure_agents(meter: &mut Meter) {
    let owner = meter.owner();
    let (identity, vendor) = (meter.chain.rich(), meter.chain.rich());
    let agent = registry::agent_address(&identity.pubkey());
    let register = agents::register(owner, owner, identity.pubkey(), register_args());
    meter.run("register_agent", &[register], &[&identity]);
    meter.own("update_agent", agents::update(owner, agent, register_args()));
    meter.run("heartbeat", &[agents::heartbeat(identity.pubkey())], &[&identity]);
    let publish = agents::publish_version(owner, owner, agent, 0, version_args());
    meter.own("publish_version", publish);
    meter.own("set_agent_status", agents::set_status(owner, agent, AgentStatus::Active));
    let version = registry::version_address(&agent, 0);
    meter.own("yank_version", agents::yank_version(owner, agent, version));
    let propose = agents::propose_authority(owner, agent, vendor.pubkey());
    meter.own("propose_agent_authority", propose.clone());
    meter.own("cancel_agent_authority", agents::cancel_authority(owner, agent));
    meter.own("propose_agent_authority", propose);
    let accept = agents::accept_authority(vendor.pubkey(), agent);
    meter.run("accept_agent_authority", &[accept], &[&vendor]);
}

fn measure_certification(meter: &mut Meter) {
    let owner = meter.owner();
    let (_, agent) = meter.chain.agent();
    let args = |major| {
        let semantic = SemanticVersion { major, minor: 0, patch: 0 };
        runseal_registry::instructions::PublishVersionArgs { semantic, ..version_args() }
    };
    meter.chain.send(&[agents::publish_version(owner, owner, agent, 0, args(1))], &[]).unwrap();
    let version = registry::version_address(&agent, 0);
    let key = meter.chain.rich();
    let certifier = registry::certifier_address(&key.pubkey());
    let organisation = Name::parse("certifier.example").unwrap();
    let accredit =
        AccreditCertifierArgs { certifier_authority: key.pubkey(), organisation, stages: 31 };
    meter.own("accredit_certifier", certification::accredit(owner, owner, accredit));
    let attestation = |stage| registry::attestation_address(&version, stage, &certifier, 0);
    let mut passed_at = 0;
    for stage in 1..=5 {
        let below = (stage > 1).then(|| (attestation(stage - 1), certifier));
        let args = attest_args(&meter.chain, stage);
        let subject = Subject { agent, version, below };
        let attest = certification::attest(owner, key.pubkey(), subject, args.clone());
        meter.run(&format!("attest_stage_{stage}"), &[attest], &[&key]);
        passed_at = meter.chain.now().slot;
        if stage == 5 {
            let again = runseal_registry::instructions::AttestStageArgs { round: 1, ..args };
            let renew = certification::attest(owner, key.pubkey(), subject, again);
            meter.run("renew_attestation", &[renew], &[&key]);
        }
    }
    let newest = |stage| NewestThen { attestation: attestation(stage), certifier, next: None };
    let stages: Vec<NewestThen> = (1..=4).map(newest).collect();
    meter.own("certification_status_4", certification::status(version, passed_at, &stages));
    let revoke = certification::revoke(key.pubkey(), certifier, attestation(4), 1);
    meter.run("revoke_attestation", &[revoke], &[&key]);
    let void_from = meter.chain.now().slot;
    meter.own("suspend_certifier", certification::suspend(owner, certifier, void_from));
}

fn measure_logs(meter: &mut Meter) {
    let (owner, operator) = (meter.owner(), meter.chain.rich());
    let (anchoring, auditor) = (meter.chain.rich(), meter.chain.rich());
    let promise_key = meter.chain.key().pubkey();
    let start_seconds = meter.chain.now().unix_seconds;
    let args = OpenLogArgs {
        anchoring_key: anchoring.pubkey(),
        promise_key,
        start_seconds,
        name: Name::parse("measured").unwrap(),
        ..log_args()
    };
    let log = registry::log_address(&owner, &args.name);
    meter.own("open_log", logs::open(owner, owner, args));
    let propose = logs::propose_operator(owner, log, operator.pubkey());
    meter.own("propose_operator", propose.clone());
    meter.own("cancel_operator", logs::cancel_operator(owner, log));
    meter.own("propose_operator", propose);
    let accept = logs::accept_operator(operator.pubkey(), log);
    meter.run("accept_operator", &[accept], &[&operator]);
    let keys = RotateLogKeysArgs { anchoring_key: anchoring.pubkey(), promise_key: owner };
    let rotate = logs::rotate_keys(operator.pubkey(), log, keys);
    meter.chain.advance(60);
    meter.run("rotate_log_keys", &[rotate], &[&operator]);
    // The first anchor merges no peaks, the second one, the eighth three.
    for name in ["post_anchor", "post_anchor_second", "", "", "", "", "", "post_anchor_eighth"] {
        meter.chain.advance(60);
        let post = next_anchor(&meter.chain, &log, owner, &anchoring);
        meter.run(name, &[post], &[&anchoring]);
    }
    meter.spent.remove("");
    let organisation = Name::parse("auditor.example").unwrap();
    let args = RegisterAuditorArgs { auditor_authority: auditor.pubkey(), organisation };
    meter.own("register_auditor", logs::register_auditor(owner, owner, args));
    let anchor = registry::anchor_address(&log, 0);
    let anchor_hash = meter.chain.read::<Anchor>(anchor).account.anchor_hash;
    let cosign = logs::cosign_anchor(owner, auditor.pubkey(), anchor, &organisation, anchor_hash);
    meter.run("cosign_anchor", &[cosign], &[&auditor]);
    meter.chain.advance(2_000);
    let close = logs::close_anchor(operator.pubkey(), owner, log, 0);
    meter.run("close_anchor", &[close], &[&operator]);
}

fn next_anchor(chain: &Chain, log: &Address, payer: Address, anchoring: &Keypair) -> Instruction {
    let account = chain.read::<Log>(*log).account;
    let args = PostAnchorArgs {
        period: account.next_period,
        leaf_count: 1_000_000,
        root: [1; 32],
        previous_anchor_hash: account.head_anchor_hash,
    };
    logs::post_anchor(payer, anchoring.pubkey(), *log, args)
}

fn measure_proofs(meter: &mut Meter) {
    let start_seconds = meter.chain.now().unix_seconds;
    let log = meter.chain.log(OpenLogArgs { start_seconds, ..log_args() });
    let leaves = leaves(1 << 10);
    let (posted, tree) = meter.chain.post(&log, &leaves);
    let anchor = registry::anchor_address(&log.address, 0);
    let verify = |args, proof| proofs::verify_absence(anchor, args, proof);
    let index = 341;
    let (left, right) = (leaves[341], leaves[342]);
    let args =
        AbsenceArgs { agent: [7; 32], sequence: 2 * index + 11, kind: 3, index, left, right };
    meter.own("verify_absence_2_10", verify(args, tree.adjacent_proof(index).unwrap()));
    let in_log = proofs::verify_anchor_in_log(log.address, 0, posted.anchor_hash, Vec::new());
    meter.own("verify_anchor_in_log_2_0", in_log);
    for levels in [0, 10, 20, 26] {
        let index = (1 << levels) / 3;
        let path: Vec<[u8; 32]> = (1..=levels).map(|level| [level; 32]).collect();
        let count = 1 << levels;
        let hash = leaves[0].hash(&posted.context);
        let root = inclusion::root_of(&hash, index, count, &path).unwrap();
        // Nobody can build a tree of 2^26 leaves here, but its root and one path are enough.
        meter.chain.edit(&anchor, |account| put_tree(&mut account.data, &posted, count, root));
        let verify = proofs::verify_inclusion(anchor, index, leaves[0], path);
        meter.own(&format!("verify_inclusion_2_{levels}"), verify);
    }
}

/// Gives an anchor another tree.
fn put_tree(data: &mut [u8], anchor: &Anchor, leaf_count: u64, root: [u8; 32]) {
    const DISCRIMINATOR: usize = 8;
    let changed = Anchor { leaf_count, root, ..*anchor };
    data[DISCRIMINATOR..].copy_from_slice(bytemuck::bytes_of(&changed));
}

fn measure_claims(meter: &mut Meter) {
    let (owner, claimant) = (meter.owner(), meter.chain.rich());
    meter.chain.make_mint();
    let start_seconds = meter.chain.now().unix_seconds;
    let name = Name::parse("bonded").unwrap();
    let log = meter.chain.log(OpenLogArgs { start_seconds, name, ..log_args() });
    let purse = meter.chain.tokens(BOND_MINT, owner, 9_000_000);
    let deposit = |amount| bonds::deposit(owner, owner, log.address, BOND_MINT, purse, amount);
    meter.own("deposit_bond", deposit(4_000_000));
    meter.own("deposit_bond_again", deposit(2_000_000));
    let [a, b, c] = leaves(3).try_into().unwrap();
    let (_, tree) = meter.chain.post(&log, &[b, a, c]);
    let path = |index| tree.inclusion_path(index).unwrap();
    let tokens = meter.chain.tokens(BOND_MINT, claimant.pubkey(), 0);
    let treasury = meter.chain.tokens(BOND_MINT, TREASURY, 0);
    let slash = |claim| Slash {
        log: log.address,
        claim,
        claimant: claimant.pubkey(),
        claimant_tokens: tokens,
        treasury_tokens: treasury,
    };

    let kept = challenge(meter, &log, &claimant, &c);
    let answer = claims::answer(owner, log.address, 0, kept, 2, path(2));
    meter.own("answer_challenge_of_3", answer);
    let missing = Leaf { sequence: [9; 8], ..a };
    let broken = challenge(meter, &log, &claimant, &missing);
    meter.chain.advance(31);
    meter.own("settle_challenge", claims::settle(slash(broken)));
    let open = claims::open_disorder(claimant.pubkey(), log.address, 0, 0, b, path(0));
    meter.run("open_disorder_claim_of_3", &[open], &[&claimant]);
    let agent = Address::new_from_array(b.agent);
    let disorder =
        registry::claim_address(&log.address, ClaimKind::Disorder, 0, &agent, 0, &b.digest);
    let prove = claims::prove_disorder(slash(disorder), 0, a, path(1));
    meter.own("prove_disorder_of_3", prove);

    meter.own("request_unbond", bonds::request_unbond(owner, log.address, 1_000_000));
    meter.chain.advance(1_209_601);
    meter.own("withdraw_bond", bonds::withdraw(owner, log.address, purse));
}

fn challenge(meter: &mut Meter, log: &OpenLog, claimant: &Keypair, leaf: &Leaf) -> Address {
    let sequence = u64::from_be_bytes(leaf.sequence);
    let context = runseal_registry::state::period_context(&[9; 32], &log.address, 0);
    let Leaf { agent, digest, .. } = *leaf;
    let promise = Promise { context, period: 0, agent, sequence, digest };
    let signature = log.promise.sign_message(&promise.message());
    let show = claims::show_promise(&log.promise.pubkey(), &signature, &promise);
    let args = ChallengePromiseArgs { period: 0, agent, sequence, digest };
    let challenge = claims::challenge(claimant.pubkey(), log.address, args);
    meter.run("challenge_promise", &[show, challenge], &[claimant]);
    let agent = Address::new_from_array(agent);
    registry::claim_address(&log.address, ClaimKind::BrokenPromise, 0, &agent, sequence, &digest)
}

/// What the hashes alone cost: the runtime's price of a SHA-256 call over one piece of memory.
///
/// No program that checks the proof can cost less, whatever it is written in.
fn syscall_floors() -> Table {
    let budget = solana_program_runtime::execution_budget::SVMTransactionExecutionCost::default();
    let hash = |size: u64| {
        budget.sha256_base_cost + budget.mem_op_base_cost.max(budget.sha256_byte_cost * (size / 2))
    };
    let (leaf, node) = (hash(1 + 104), hash(1 + 64));
    let floor = |levels: u64| (format!("syscall_floor_inclusion_2_{levels}"), leaf + levels * node);
    [0, 10, 20, 26].map(floor).into()
}
