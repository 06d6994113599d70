//! Every way in which the program says no, numbered by family and only ever added to.

#![warn(missing_docs)]

use anchor_lang::prelude::*;

/// A refusal: its number is stable, its message says what is wrong.
#[error_code(offset = 0)]
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant's message documents it, here and in the interface")]
pub enum RegistryError {
    // 6000: config and what holds for every account
    #[msg("the signer is not the program's upgrade authority")]
    NotUpgradeAuthority = 6000,
    #[msg("the account is not this program's data account")]
    NotProgramData = 6001,
    #[msg("the claimant's share of a slash is above a half, 5000 basis points")]
    ClaimantShareAboveHalf = 6002,
    #[msg("a notice time is above 366 days")]
    NoticeTooLong = 6003,
    #[msg("an address that must be set is the default address")]
    AddressNotSet = 6004,
    #[msg("the smallest bond is zero")]
    SmallestBondIsZero = 6005,
    #[msg("the program is paused")]
    ProgramPaused = 6006,
    #[msg("the account's layout version is unknown")]
    UnknownLayoutVersion = 6007,
    #[msg("the signer is not the authority of this account")]
    NotAuthority = 6008,
    #[msg("nobody has been proposed as the new authority")]
    NobodyProposed = 6009,
    #[msg("the signer is not the one who was proposed")]
    NotProposed = 6010,
    #[msg("the notice time of the proposal is not over")]
    ProposalTooEarly = 6011,
    #[msg("the proposal has expired")]
    ProposalExpired = 6012,
    #[msg("the proposed authority has the authority already")]
    AlreadyAuthority = 6013,
    #[msg("the pause flag must be 0 or 1")]
    PauseNotBoolean = 6014,
    #[msg("a number is out of the range that can be counted")]
    Overflow = 6015,
    #[msg("the notice time of a proposed authority can only be made longer")]
    NoticeShortened = 6016,

    // 6100: agents and versions
    #[msg("the URI is longer than 128 bytes")]
    UriTooLong = 6100,
    #[msg("the URI holds a byte that is not printable ASCII")]
    UriNotPrintable = 6101,
    #[msg("the manifest hash is zero")]
    ManifestHashIsZero = 6102,
    #[msg("the heartbeat cadence is above 31 days")]
    HeartbeatCadenceTooLong = 6103,
    #[msg("the vendor's authority and the agent's identity key are the same")]
    AuthorityIsIdentity = 6104,
    #[msg("an agent cannot go from its status to this one")]
    IllegalStatusChange = 6105,
    #[msg("there is no such status")]
    UnknownStatus = 6106,
    #[msg("an agent without a version cannot be active")]
    NoVersionYet = 6107,
    #[msg("the agent is archived, and nothing of it can change")]
    AgentArchived = 6108,
    #[msg("the agent is retired")]
    AgentRetired = 6109,
    #[msg("the signer is not the agent's identity key")]
    NotIdentity = 6110,
    #[msg("the code hash is zero")]
    CodeHashIsZero = 6111,
    #[msg("the version is of another agent")]
    VersionOfOtherAgent = 6112,
    #[msg("the version is yanked")]
    VersionYanked = 6113,

    // 6200: certification
    #[msg("there are no stages but 1 (A) to 5 (E)")]
    UnknownStage = 6200,
    #[msg("a certifier is accredited for at least one of the stages A to E and for no others")]
    StagesOutOfRange = 6201,
    #[msg("the name is empty, longer than 32 bytes or not printable ASCII")]
    NameNotValid = 6202,
    #[msg("the certifier is suspended")]
    CertifierSuspended = 6203,
    #[msg("the certifier is not accredited for this stage")]
    StageNotAccredited = 6204,
    #[msg("the certifier is the vendor or the agent itself")]
    CertifierIsSubject = 6205,
    #[msg("the stage below is not live for this version")]
    StageBelowNotLive = 6206,
    #[msg("the account for the stage below is missing or is not the version's newest")]
    StageBelowMissing = 6207,
    #[msg("a result is 1 (passed) or 2 (failed)")]
    UnknownResult = 6208,
    #[msg("the evidence hash is zero")]
    EvidenceHashIsZero = 6209,
    #[msg("an attestation expires after it is issued, in slots and in time")]
    ExpiryNotAhead = 6210,
    #[msg("the metrics contradict each other")]
    MetricsContradict = 6211,
    #[msg("the attestation is revoked already")]
    AlreadyRevoked = 6212,
    #[msg("a revocation has a reason from 1 to 5")]
    UnknownReason = 6213,
    #[msg("the earlier round is not of this version, stage and certifier")]
    NotTheEarlierRound = 6214,
    #[msg("a void-from slot can only move back")]
    VoidFromMovesForward = 6215,
    #[msg("the accounts do not tell which attestation was the newest at that slot")]
    NewestNotShown = 6216,
    #[msg("the slot has not been reached")]
    SlotAhead = 6217,

    // 6300: logs, anchors, auditors
    #[msg("the cadence is not between one second and 31 days")]
    CadenceOutOfRange = 6300,
    #[msg("a window or the retention is out of its range")]
    WindowOutOfRange = 6301,
    #[msg("the retention is shorter than a claim can take")]
    RetentionTooShort = 6302,
    #[msg("the start time does not fit the cadence into countable time")]
    StartOutOfRange = 6303,
    #[msg("the genesis hash is zero")]
    GenesisHashIsZero = 6304,
    #[msg("a key is rotated at most once a period")]
    RotatedThisPeriod = 6305,
    #[msg("the oldest promise key can still be challenged and must be remembered")]
    PromiseKeysFull = 6306,
    #[msg("the signer is not the log's anchoring key")]
    NotAnchoringKey = 6307,
    #[msg("the period is not the next one")]
    NotNextPeriod = 6308,
    #[msg("the period is not over")]
    PeriodNotOver = 6309,
    #[msg("the previous anchor hash is not the log's head")]
    NotTheHead = 6310,
    #[msg("a period without receipts has the empty root, and only such a period")]
    EmptyRootMismatch = 6311,
    #[msg("the log has as many periods as can be counted")]
    LogFull = 6312,
    #[msg("the anchor is of another log")]
    AnchorOfOtherLog = 6313,
    #[msg("the anchor must still be kept")]
    RetentionNotOver = 6314,
    #[msg("a claim against the log is open")]
    ClaimOpen = 6315,
    #[msg("the auditor cosigned another hash than the anchor's")]
    OtherAnchorHash = 6316,

    // 6400: proofs
    #[msg("the index is outside of the tree")]
    IndexOutsideTree = 6400,
    #[msg("the proof has the wrong length for its index and count")]
    WrongProofLength = 6401,
    #[msg("the proof leads to another root")]
    RootMismatch = 6402,
    #[msg("the leaves do not stand on both sides of the one that is said to be absent")]
    NotAround = 6403,
    #[msg("there is no such kind of absence")]
    UnknownAbsence = 6404,

    // 6500: bonds
    #[msg("the token account is not the one that belongs here")]
    WrongTokenAccount = 6500,
    #[msg("the amount is zero")]
    AmountIsZero = 6501,
    #[msg("the amount is above the bond")]
    AmountAboveBond = 6502,
    #[msg("no withdrawal was requested")]
    NoUnbondRequested = 6503,
    #[msg("the notice time of the withdrawal is not over")]
    UnbondTooEarly = 6504,
    #[msg("the withdrawal was not made in time and must be requested anew")]
    UnbondExpired = 6505,

    // 6600: claims
    #[msg("the instruction before this one is not the Ed25519 program's")]
    SignatureMissing = 6600,
    #[msg("the Ed25519 instruction does not check exactly one signature, whole within itself")]
    SignatureElsewhere = 6601,
    #[msg("the Ed25519 instruction checks another key")]
    SignatureByOtherKey = 6602,
    #[msg("the Ed25519 instruction checks another message")]
    SignatureOverOther = 6603,
    #[msg("no promise key served that period")]
    NoPromiseKey = 6604,
    #[msg("the period can still be posted in time")]
    ChallengeTooEarly = 6605,
    #[msg("the time to challenge a promise for that period is over")]
    ChallengeTooLate = 6606,
    #[msg("the claim is not open")]
    ClaimNotOpen = 6607,
    #[msg("the time to answer is over")]
    AnswerTooLate = 6608,
    #[msg("the time to answer is not over")]
    SettleTooEarly = 6609,
    #[msg("the claim is against another log or period")]
    ClaimOfOther = 6610,
    #[msg("the claim is of another kind")]
    ClaimOfOtherKind = 6611,
    #[msg("the leaves are in order")]
    LeavesInOrder = 6612,
    #[msg("the account is not the claimant's")]
    NotClaimant = 6613,
}
