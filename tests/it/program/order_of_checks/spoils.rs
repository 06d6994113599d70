//! For each instruction what can be wrong about it, in the specification's order.

use super::Rule;
use runseal_client::{instructions::config, registry};
use runseal_merkle::EMPTY_ROOT;
use runseal_registry::{
    RegistryError as Error,
    state::{Agent, Anchor, Attestation, Certifier, Claim, Log, Name, Version},
};
use runseal_tests::{BOND_MINT, Staged};
use solana_address::Address;
use solana_signer::Signer;
use std::ops::Range;

const SOMEBODY: Address = Address::new_from_array([99; 32]);

fn account(staged: &Staged, name: &str) -> Address {
    let at = staged.account_names().iter().position(|known| known == name).unwrap();
    staged.instruction.accounts[at].pubkey
}

/// Puts another account in a part of the instruction.
fn put(staged: &mut Staged, name: &str, address: Address) {
    let at = staged.account_names().iter().position(|known| known == name).unwrap();
    staged.instruction.accounts[at].pubkey = address;
}

/// Lets the stranger take a part.
fn stranger(staged: &mut Staged, name: &str) {
    let stranger = staged.stranger.pubkey();
    put(staged, name, stranger);
}

/// Overwrites arguments; the discriminator counts.
fn data(staged: &mut Staged, at: Range<usize>, byte: u8) {
    staged.instruction.data[at].fill(byte);
}

/// Writes a URI of 129 bytes, the last argument, whose size stands at `at`.
fn long_uri(staged: &mut Staged, at: usize) {
    staged.instruction.data.truncate(at);
    staged.instruction.data.extend_from_slice(&129u32.to_le_bytes());
    staged.instruction.data.extend_from_slice(&[b'a'; 129]);
}

fn unprintable(staged: &mut Staged) {
    *staged.instruction.data.last_mut().unwrap() = b' ';
}

fn pause(staged: &mut Staged) {
    let pause = config::set_pause(staged.chain.owner.pubkey(), true);
    staged.chain.send(&[pause], &[]).unwrap();
}

fn agent(staged: &mut Staged, change: fn(&mut Agent)) {
    let address = account(staged, "agent");
    staged.chain.rewrite(&address, change);
}

fn version(staged: &mut Staged, change: fn(&mut Version)) {
    let address = account(staged, "version");
    staged.chain.rewrite(&address, change);
}

fn certifier(staged: &mut Staged, change: fn(&mut Certifier)) {
    let address = account(staged, "certifier");
    staged.chain.rewrite(&address, change);
}

fn attestation(staged: &mut Staged, name: &str, change: fn(&mut Attestation)) {
    let address = account(staged, name);
    staged.chain.rewrite(&address, change);
}

fn log(staged: &mut Staged, change: fn(&mut Log)) {
    let address = account(staged, "log");
    staged.chain.rewrite(&address, change);
}

fn anchor(staged: &mut Staged, change: fn(&mut Anchor)) {
    let address = account(staged, "anchor");
    staged.chain.rewrite(&address, change);
}

fn claim(staged: &mut Staged, change: fn(&mut Claim)) {
    let address = account(staged, "claim");
    staged.chain.rewrite(&address, change);
}

/// Puts tokens of the stranger's in a part.
fn loot(staged: &mut Staged, name: &str) {
    let tokens = staged.chain.tokens(BOND_MINT, staged.stranger.pubkey(), 9);
    put(staged, name, tokens);
}

pub(super) fn initialize_config() -> Vec<Rule> {
    vec![
        (Error::NotProgramData, |staged| {
            staged.chain.edit(&registry::program_data_address(&registry::PROGRAM), |account| {
                account.data[0] = 9
            });
        }),
        (Error::NotUpgradeAuthority, |staged| stranger(staged, "upgrade_authority")),
        (Error::ClaimantShareAboveHalf, |staged| data(staged, 136..138, 0xff)),
        (Error::SmallestBondIsZero, |staged| data(staged, 104..112, 0)),
        (Error::NoticeTooLong, |staged| data(staged, 120..128, 0xff)),
        (Error::AddressNotSet, |staged| data(staged, 40..72, 0)),
    ]
}

pub(super) fn set_parameters() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::NoticeShortened, |staged| data(staged, 88..96, 0)),
        (Error::ClaimantShareAboveHalf, |staged| data(staged, 104..106, 0xff)),
        (Error::SmallestBondIsZero, |staged| data(staged, 72..80, 0)),
        (Error::NoticeTooLong, |staged| data(staged, 96..104, 0xff)),
        (Error::AddressNotSet, |staged| data(staged, 8..40, 0)),
    ]
}

/// What the arguments of `register_agent` and `update_agent` can have wrong.
fn agent_arguments() -> Vec<Rule> {
    vec![
        (Error::UriTooLong, |staged| long_uri(staged, 44)),
        (Error::UriNotPrintable, unprintable),
        (Error::ManifestHashIsZero, |staged| data(staged, 8..40, 0)),
        (Error::HeartbeatCadenceTooLong, |staged| data(staged, 40..44, 0xff)),
    ]
}

pub(super) fn register_agent() -> Vec<Rule> {
    let mut rules: Vec<Rule> = vec![(Error::ProgramPaused, pause)];
    rules.extend(agent_arguments());
    rules.push((Error::AuthorityIsIdentity, |staged| {
        let identity = account(staged, "identity");
        put(staged, "authority", identity);
    }));
    rules
}

fn of_the_vendor() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::AgentArchived, |staged| agent(staged, |agent| agent.status = 5)),
    ]
}

pub(super) fn update_agent() -> Vec<Rule> {
    [of_the_vendor(), agent_arguments()].concat()
}

pub(super) fn set_agent_status() -> Vec<Rule> {
    let mut rules = of_the_vendor();
    rules.push((Error::UnknownStatus, |staged| data(staged, 8..9, 9)));
    rules.push((Error::IllegalStatusChange, |staged| data(staged, 8..9, 3)));
    rules.push((Error::NoVersionYet, |staged| agent(staged, |agent| agent.version_count = 0)));
    rules
}

pub(super) fn heartbeat() -> Vec<Rule> {
    vec![
        (Error::NotIdentity, |staged| stranger(staged, "identity")),
        (Error::AgentRetired, |staged| agent(staged, |agent| agent.status = 4)),
    ]
}

pub(super) fn publish_version() -> Vec<Rule> {
    let mut rules = of_the_vendor();
    rules.extend::<[Rule; 5]>([
        (Error::AgentRetired, |staged| agent(staged, |agent| agent.status = 4)),
        (Error::UriTooLong, |staged| long_uri(staged, 84)),
        (Error::UriNotPrintable, unprintable),
        (Error::ManifestHashIsZero, |staged| data(staged, 20..52, 0)),
        (Error::CodeHashIsZero, |staged| data(staged, 52..84, 0)),
    ]);
    rules
}

pub(super) fn yank_version() -> Vec<Rule> {
    let mut rules = of_the_vendor();
    rules.extend::<[Rule; 2]>([
        (Error::VersionOfOtherAgent, |staged| version(staged, |version| version.agent = SOMEBODY)),
        (Error::VersionYanked, |staged| version(staged, |version| version.yanked = 1)),
    ]);
    rules
}

pub(super) fn accredit_certifier() -> Vec<Rule> {
    vec![
        (Error::ProgramPaused, pause),
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::StagesOutOfRange, |staged| data(staged, 72..73, 0)),
        (Error::AddressNotSet, |staged| {
            data(staged, 8..40, 0);
            put(staged, "certifier", registry::certifier_address(&Address::default()));
        }),
        (Error::NameNotValid, |staged| data(staged, 40..72, 0)),
    ]
}

pub(super) fn register_auditor() -> Vec<Rule> {
    vec![
        (Error::ProgramPaused, pause),
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::AddressNotSet, |staged| {
            data(staged, 8..40, 0);
            put(staged, "auditor", registry::auditor_address(&Address::default()));
        }),
        (Error::NameNotValid, |staged| data(staged, 40..72, 0)),
    ]
}

pub(super) fn attest_stage() -> Vec<Rule> {
    vec![
        (Error::NotTheEarlierRound, |staged| {
            let (version, other) = (account(staged, "version"), account(staged, "below_certifier"));
            put(staged, "earlier", registry::attestation_address(&version, 1, &other, 0));
        }),
        (Error::ProgramPaused, pause),
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::CertifierSuspended, |staged| {
            certifier(staged, |certifier| certifier.suspended = 1)
        }),
        (Error::UnknownStage, |staged| {
            data(staged, 8..9, 0);
            let (version, certifier) = (account(staged, "version"), account(staged, "certifier"));
            let address = registry::attestation_address(&version, 0, &certifier, 0);
            put(staged, "attestation", address);
        }),
        (Error::StageNotAccredited, |staged| certifier(staged, |certifier| certifier.stages = 1)),
        (Error::VersionOfOtherAgent, |staged| version(staged, |version| version.agent = SOMEBODY)),
        (Error::VersionYanked, |staged| version(staged, |version| version.yanked = 1)),
        (Error::CertifierIsSubject, |staged| {
            let (address, authority) = (account(staged, "agent"), account(staged, "authority"));
            staged.chain.rewrite::<Agent>(&address, |agent| agent.identity = authority);
        }),
        (Error::AgentRetired, |staged| agent(staged, |agent| agent.status = 4)),
        (Error::StageBelowMissing, |staged| put(staged, "below", registry::PROGRAM)),
        (Error::StageBelowNotLive, |staged| {
            // Where the account is left out by another rule, there is nothing to spoil.
            if account(staged, "below") != registry::PROGRAM {
                attestation(staged, "below", |below| below.outcome = 2);
            }
        }),
        (Error::UnknownResult, |staged| data(staged, 9..10, 0)),
        (Error::EvidenceHashIsZero, |staged| data(staged, 62..94, 0)),
        (Error::ExpiryNotAhead, |staged| data(staged, 14..22, 0)),
        (Error::MetricsContradict, |staged| data(staged, 46..50, 0xff)),
    ]
}

pub(super) fn revoke_attestation() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::AlreadyRevoked, |staged| {
            attestation(staged, "attestation", |attestation| attestation.revoked_reason = 1);
        }),
        (Error::UnknownReason, |staged| data(staged, 8..9, 6)),
    ]
}

pub(super) fn open_log() -> Vec<Rule> {
    vec![
        (Error::ProgramPaused, pause),
        (Error::CadenceOutOfRange, |staged| data(staged, 144..152, 0)),
        (Error::WindowOutOfRange, |staged| data(staged, 152..160, 0xff)),
        (Error::RetentionTooShort, |staged| data(staged, 176..184, 0)),
        (Error::StartOutOfRange, |staged| {
            data(staged, 136..143, 0xff);
            data(staged, 143..144, 0x7f);
        }),
        (Error::GenesisHashIsZero, |staged| data(staged, 40..72, 0)),
        (Error::NameNotValid, |staged| {
            data(staged, 8..40, 0);
            let name = Name { bytes: [0; 32] };
            let address = registry::log_address(&account(staged, "operator"), &name);
            put(staged, "log", address);
        }),
        (Error::AddressNotSet, |staged| data(staged, 104..136, 0)),
    ]
}

pub(super) fn post_anchor() -> Vec<Rule> {
    vec![
        (Error::NotAnchoringKey, |staged| stranger(staged, "anchoring_key")),
        (Error::NotNextPeriod, |staged| data(staged, 8..16, 1)),
        (Error::PeriodNotOver, |staged| log(staged, |log| log.start_seconds += 10_000)),
        (Error::NotTheHead, |staged| data(staged, 56..88, 0xee)),
        (Error::Overflow, |staged| log(staged, |log| log.cumulative_leaf_count = u64::MAX)),
        (Error::EmptyRootMismatch, |staged| {
            staged.instruction.data[24..56].copy_from_slice(&EMPTY_ROOT);
        }),
    ]
}

pub(super) fn close_anchor() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "operator")),
        (Error::AnchorOfOtherLog, |staged| anchor(staged, |anchor| anchor.log = SOMEBODY)),
        (Error::NotAuthority, |staged| stranger(staged, "payer")),
        (Error::RetentionNotOver, |staged| {
            anchor(staged, |anchor| anchor.posted_at.unix_seconds += 1_000);
        }),
        (Error::ClaimOpen, |staged| log(staged, |log| log.open_claim_count = 1)),
    ]
}

pub(super) fn cosign_anchor() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "authority")),
        (Error::OtherAnchorHash, |staged| data(staged, 8..40, 1)),
    ]
}

pub(super) fn withdraw_bond() -> Vec<Rule> {
    vec![
        (Error::NotAuthority, |staged| stranger(staged, "operator")),
        (Error::NoUnbondRequested, |staged| log(staged, |log| log.unbond_amount = 0)),
        (Error::ClaimOpen, |staged| log(staged, |log| log.open_claim_count = 1)),
        (Error::UnbondTooEarly, |staged| {
            log(staged, |log| log.unbond_requested_at.unix_seconds = 4_000_000_000);
        }),
        (Error::UnbondExpired, |staged| {
            log(staged, |log| log.unbond_requested_at.unix_seconds = 0);
        }),
        (Error::WrongTokenAccount, |staged| loot(staged, "destination")),
    ]
}

/// What a claim can have wrong before anything else is looked at.
fn of_the_claim(other_kind: fn(&mut Staged)) -> Vec<Rule> {
    vec![
        (Error::ClaimOfOther, |staged| claim(staged, |claim| claim.log = SOMEBODY)),
        (Error::ClaimOfOtherKind, other_kind),
        (Error::ClaimNotOpen, |staged| claim(staged, |claim| claim.state = 3)),
    ]
}

pub(super) fn answer_challenge() -> Vec<Rule> {
    let mut rules = of_the_claim(|staged| claim(staged, |claim| claim.kind = 2));
    rules.extend::<[Rule; 5]>([
        (Error::NotAuthority, |staged| stranger(staged, "operator")),
        (Error::AnswerTooLate, |staged| claim(staged, |claim| claim.answer_by_seconds = 0)),
        (Error::AnchorOfOtherLog, |staged| anchor(staged, |anchor| anchor.log = SOMEBODY)),
        (Error::IndexOutsideTree, |staged| data(staged, 8..16, 0xff)),
        (Error::RootMismatch, |staged| anchor(staged, |anchor| anchor.root[0] ^= 1)),
    ]);
    rules
}

/// Who gets what of a slash.
fn of_the_slash() -> Vec<Rule> {
    vec![
        (Error::NotClaimant, |staged| stranger(staged, "claimant")),
        (Error::WrongTokenAccount, |staged| loot(staged, "treasury_tokens")),
    ]
}

pub(super) fn settle_challenge() -> Vec<Rule> {
    let mut rules = of_the_claim(|staged| claim(staged, |claim| claim.kind = 2));
    rules.push((Error::SettleTooEarly, |staged| {
        claim(staged, |claim| claim.answer_by_seconds = i64::MAX);
    }));
    rules.extend(of_the_slash());
    rules
}

pub(super) fn prove_disorder() -> Vec<Rule> {
    let mut rules = of_the_claim(|staged| claim(staged, |claim| claim.kind = 1));
    rules.extend::<[Rule; 3]>([
        (Error::AnchorOfOtherLog, |staged| anchor(staged, |anchor| anchor.log = SOMEBODY)),
        (Error::LeavesInOrder, |staged| claim(staged, |claim| claim.leaf.sequence = [0; 8])),
        (Error::RootMismatch, |staged| anchor(staged, |anchor| anchor.root[0] ^= 1)),
    ]);
    rules.extend(of_the_slash());
    rules
}
