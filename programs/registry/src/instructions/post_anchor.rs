use crate::{
    constants::ANCHOR_SEED,
    events::PeriodAnchored,
    state::{period_context, Anchor, Log, Moment, Timeliness},
    RegistryError,
};
use anchor_lang::prelude::*;

/// What is anchored.
#[derive(Clone, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct PostAnchorArgs {
    /// The period; must be the log's next.
    pub period: u64,
    /// How many leaves it has.
    pub leaf_count: u64,
    /// The root of the leaves; SHA-256 of nothing if there are none.
    pub root: [u8; 32],
    /// The hash of the anchor before, so that the anchor is for the chain that the poster has seen.
    pub previous_anchor_hash: [u8; 32],
}

/// The accounts of `post_anchor`.
#[derive(Accounts)]
pub struct PostAnchor {
    /// Pays the rent of the anchor's account, and gets it back when that is closed.
    // Often the same key as a signer below. Nothing borrows its data, so that is sound.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The log's anchoring key.
    pub anchoring_key: Signer,
    /// The log.
    #[account(mut)]
    pub log: Account<Log>,
    /// The account to create.
    #[account(
        init,
        payer = payer,
        seeds = [ANCHOR_SEED, log.address().as_ref(), &log.next_period.to_le_bytes()],
        bump
    )]
    pub anchor: Account<Anchor>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl PostAnchor {
    /// Reads only.
    pub fn check(&self, args: &PostAnchorArgs, now: Moment) -> Result<()> {
        let log = &self.log;
        let its_key = log.anchoring_key == *self.anchoring_key.address();
        require!(its_key, RegistryError::NotAnchoringKey);
        require!(args.period == log.next_period, RegistryError::NotNextPeriod);
        let over = now.unix_seconds >= log.period_end(args.period)?;
        require!(over, RegistryError::PeriodNotOver);
        let follows = args.previous_anchor_hash == log.head_anchor_hash;
        require!(follows, RegistryError::NotTheHead);
        Ok(())
    }

    /// Writes only.
    pub fn apply(&mut self, args: &PostAnchorArgs, bump: u8, now: Moment) -> Result<PeriodAnchored> {
        let (log, anchor) = (&mut self.log, &mut self.anchor);
        let timeliness = timeliness(log, args.period, now)?;
        let cumulative = log.cumulative_leaf_count.checked_add(args.leaf_count);
        anchor.version = Anchor::VERSION;
        anchor.bump = bump;
        anchor.timeliness = timeliness as u8;
        anchor.period = args.period;
        anchor.leaf_count = args.leaf_count;
        anchor.cumulative_leaf_count = cumulative.ok_or(RegistryError::Overflow)?;
        anchor.start_seconds = log.period_start(args.period)?;
        anchor.end_seconds = log.period_end(args.period)?;
        anchor.posted_at = now;
        anchor.log = *log.address();
        anchor.context = period_context(&log.genesis_hash, log.address(), args.period);
        anchor.root = args.root;
        anchor.previous_anchor_hash = args.previous_anchor_hash;
        anchor.anchor_hash = anchor.compute_hash();
        anchor.payer = *self.payer.address();
        anchor.invariant()?;

        let leaf = runseal_merkle::leaf_hash(&[&anchor.anchor_hash]);
        let appended = runseal_merkle::mountain_range::append(&mut log.peaks, args.period, leaf);
        log.next_period = appended.ok_or(RegistryError::LogFull)?;
        log.head_anchor_hash = anchor.anchor_hash;
        log.cumulative_leaf_count = anchor.cumulative_leaf_count;
        // A counter that cannot overflow: there is at most one for each period.
        match timeliness {
            Timeliness::InTime => {}
            Timeliness::Late => log.late_count = log.late_count.saturating_add(1),
            Timeliness::Missed => log.missed_count = log.missed_count.saturating_add(1),
        }
        log.invariant()?;
        Ok(PeriodAnchored {
            log: *log.address(),
            anchor: *anchor.address(),
            period: anchor.period,
            leaf_count: anchor.leaf_count,
            root: anchor.root,
            anchor_hash: anchor.anchor_hash,
            timeliness: anchor.timeliness.into(),
            at: now,
        })
    }
}

fn timeliness(log: &Log, period: u64, now: Moment) -> Result<Timeliness> {
    let deadline = log.period_deadline(period)?;
    let next_deadline = deadline.saturating_add_unsigned(log.cadence_seconds);
    Ok(match now.unix_seconds {
        seconds if seconds <= deadline => Timeliness::InTime,
        seconds if seconds <= next_deadline => Timeliness::Late,
        _ => Timeliness::Missed,
    })
}
