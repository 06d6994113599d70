//! Every check, and every reason for which one can come out as it does. The words are stable.

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// Nobody can say from what there is. That is never a pass.
    Unknown,
}

impl Outcome {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $word:literal,)+) => {
        /// A question that a verdict asks. In the order in which they are asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Check {
            $($(#[$doc])* $check,)+
        }

        impl Check {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$check),+];

            /// Returns the word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$check => $word,)+ }
            }

            /// Finds what a word is for.
            #[must_use]
            pub fn find(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

checks! {
    /// Whether it is a bundle at all.
    Bundle = "bundle",
    /// Whether chain, program and log are those that the caller trusts.
    Chain = "chain",
    /// Whether every account is one of the program's.
    Accounts = "accounts",
    /// Whether the agent signed every receipt.
    Signature = "signature",
    /// Whether the agent's key was registered when the period was anchored.
    Key = "key",
    /// Whether the agent was in use.
    Agent = "agent",
    /// Whether its version was published and not withdrawn.
    Version = "version",
    /// Whether the version had the stage that the caller asks for.
    Certification = "certification",
    /// Whether the run kept to its policies.
    Policies = "policies",
    /// Whether the events are those of the receipt.
    Events = "events",
    /// Whether others than the agent signed what they seem to.
    Countersignatures = "countersignatures",
    /// Whether the period's tree shows what is said of it.
    Proof = "proof",
    /// Whether the period's anchor is what it says it is.
    Anchor = "anchor",
    /// Whether the anchor is in its log.
    Log = "log",
    /// Whether enough endpoints say the same of a finalized slot.
    Finality = "finality",
    /// Whether enough organisations cosigned the anchor.
    Cosigners = "cosigners",
    /// Whether nothing is left out between the receipt and the one before it.
    Coverage = "coverage",
}

macro_rules! reasons {
    ($($reason:ident: $check:ident $outcome:ident $code:literal, $sentence:literal;)+) => {
        /// Why a check came out as it did.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each has its sentence")]
        pub enum Reason {
            $($reason,)+
        }

        impl Reason {
            /// All of them, check by check.
            pub const ALL: &'static [Self] = &[$(Self::$reason),+];

            /// Returns the check that it belongs to.
            #[must_use]
            pub const fn check(self) -> Check {
                match self { $(Self::$reason => Check::$check,)+ }
            }

            /// Returns how the check came out.
            #[must_use]
            pub const fn outcome(self) -> Outcome {
                match self { $(Self::$reason => Outcome::$outcome,)+ }
            }

            /// Returns its stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$reason => $code,)+ }
            }

            /// Returns it in one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$reason => $sentence,)+ }
            }
        }
    };
}

reasons! {
    WellFormed: Bundle Pass "well-formed", "The file is a bundle.";
    NotABundle: Bundle Fail "not-a-bundle", "The file is not a bundle.";

    TrustedChain: Chain Pass "trusted-chain", "Chain, program and log are trusted.";
    ForeignGenesis: Chain Fail "foreign-genesis", "The bundle is of another chain than the one that is trusted.";
    ForeignProgram: Chain Fail "foreign-program", "The bundle is of another program than the one that is trusted.";
    ForeignLog: Chain Fail "foreign-log", "The log is none of those that are trusted.";
    LogOfOtherChain: Chain Fail "log-of-other-chain", "The log says that it is on another chain.";

    AccountsRead: Accounts Pass "accounts-read", "Every account is one of the program's, where the program keeps it.";
    AccountBad: Accounts Fail "account-bad", "An account is not one of the program's, or not where the program keeps it.";

    SignedByAgent: Signature Pass "signed-by-agent", "The agent's registered key signed every receipt.";
    Unsigned: Signature Fail "unsigned", "A receipt has no signature.";
    NotSignedByAgent: Signature Fail "not-signed-by-agent", "A receipt has no signature of the agent's registered key.";
    SignatureWrong: Signature Fail "signature-wrong", "A signature of the agent is wrong.";
    IdentityNotAKey: Signature Fail "identity-not-a-key", "The agent's identity is not a usable key.";
    AddendumWrong: Signature Fail "addendum-wrong", "An addendum is not signed by the receipt's agent.";
    SignatureAccountBad: Signature Fail "agent-account-bad", "The agent's account is not what it should be.";
    SignatureAccountMissing: Signature Unknown "agent-not-shown", "The agent's account is not there.";
    ReceiptsNotShown: Signature Unknown "receipts-not-shown", "Not all receipts are there.";

    KeyRegistered: Key Pass "key-registered", "The agent's key was registered before the anchor was posted.";
    KeyRegisteredLater: Key Fail "key-registered-later", "The agent's key was registered after the anchor was posted.";
    KeyUndecided: Key Unknown "key-undecided", "Without the agent's account and the anchor nobody can say when the key was registered.";

    AgentActive: Agent Pass "agent-active", "The agent was in use.";
    AgentNotActive: Agent Fail "agent-not-active", "The agent was not in use.";
    AgentStatusChanged: Agent Unknown "agent-status-changed", "The agent's status changed since; what it was before the account does not say.";
    AgentUndecided: Agent Unknown "agent-undecided", "Without the agent's account and the anchor nobody can say whether it was in use.";

    VersionLive: Version Pass "version-live", "The version was published and not withdrawn.";
    VersionYanked: Version Fail "version-yanked", "The version was withdrawn before the anchor was posted.";
    VersionPublishedLater: Version Fail "version-published-later", "The version was published after the anchor was posted.";
    VersionAccountBad: Version Fail "version-account-bad", "An account that should be a version's is not what it should be.";
    VersionUndecided: Version Unknown "version-undecided", "Without the version's account, the receipt and the anchor nobody can say whether it was live.";

    StageHeld: Certification Pass "stage-held", "The version had the stage, and every stage below it.";
    NoStageAsked: Certification Pass "no-stage-asked", "No stage is asked for.";
    StageNotAttested: Certification Fail "stage-not-attested", "Nobody had attested the stage.";
    StageFailed: Certification Fail "stage-failed", "The newest attestation of the stage says that the version did not pass.";
    StageExpired: Certification Fail "stage-expired", "The stage's attestation had expired.";
    StageRevoked: Certification Fail "stage-revoked", "The stage's attestation was revoked.";
    StageVoid: Certification Fail "stage-void", "The stage's attestation is void: its certifier's key had leaked.";
    AttestationForeign: Certification Fail "attestation-foreign", "An attestation is of another version or stage than the one that names it.";
    CertificationAccountBad: Certification Fail "certification-account-bad", "An account of a certifier or an attestation is not what it should be.";
    CertificationUndecided: Certification Unknown "certification-undecided", "Accounts are missing that say which stage the version had.";

    PoliciesKept: Policies Pass "policies-kept", "The run kept to its policies, or bypassed them by leave.";
    PolicyViolated: Policies Fail "policy-violated", "The run violated a policy.";
    PolicyNotApplied: Policies Fail "policy-not-applied", "A policy that is asked for was not applied.";
    BypassNotAllowed: Policies Fail "bypass-not-allowed", "A policy was bypassed without leave.";
    PolicyDocumentForeign: Policies Fail "policy-document-foreign", "A policy's document is none of those that the receipts name.";
    ApprovalNotSigned: Policies Fail "approval-not-signed", "A receipt of an approval is not signed by its agent.";
    PoliciesUndecided: Policies Unknown "policies-undecided", "A receipt, an approval or its agent's account is missing.";

    EventsMatch: Events Pass "events-match", "The events are those of the receipt.";
    EventsDiffer: Events Fail "events-differ", "The events are not those of the receipt.";
    EventsNotShown: Events Unknown "events-not-shown", "The events are not there.";

    CountersignaturesGood: Countersignatures Pass "countersignatures-good", "Every signature beside the agent's is good.";
    CountersignatureWrong: Countersignatures Fail "countersignature-wrong", "A signature beside the agent's is wrong.";
    CountersignerUnknown: Countersignatures Unknown "countersigner-unknown", "The key of a signature beside the agent's is not known.";

    Included: Proof Pass "included", "The receipt is in the period.";
    Absent: Proof Pass "absent", "The receipt is not in the period, if its leaves are in order.";
    Complete: Proof Pass "complete", "The receipts are all of their range, if the period's leaves are in order.";
    CountDiffers: Proof Fail "count-differs", "The proof is for another count of leaves than the anchor's.";
    ProofWrong: Proof Fail "proof-wrong", "The proof does not show it.";
    ProofUndecided: Proof Unknown "proof-undecided", "Without the anchor nobody can say whether the proof shows it.";

    AnchorRead: Anchor Pass "anchor-read", "The anchor's account is the period's.";
    AnchorFromLog: Anchor Pass "anchor-from-log", "The anchor's account is closed, and the log knows the anchor.";
    AnchorContradicts: Anchor Fail "anchor-contradicts", "The bundle says something else of the anchor than its account.";
    AnchorHashWrong: Anchor Fail "anchor-hash-wrong", "The anchor's hash is not that of what it says.";
    AnchorOfOtherPeriod: Anchor Fail "anchor-of-other-period", "The anchor is of another chain, log or period.";
    AnchorAccountBad: Anchor Fail "anchor-account-bad", "An account of an anchor or a log is not what it should be.";
    AnchorUndecided: Anchor Unknown "anchor-undecided", "Neither the anchor's account nor proof of it is there.";

    InLog: Log Pass "in-log", "The log's hash over all anchors covers this one.";
    HeadOfLog: Log Pass "head-of-log", "The anchor is the log's newest.";
    CountedByLog: Log Pass "counted-by-log", "The anchor's account is open, and the log counts its period.";
    NotInLog: Log Fail "not-in-log", "The anchor is not in its log.";
    LogPathOutdated: Log Unknown "log-path-outdated", "The log has moved on since the proof was made.";
    LogUndecided: Log Unknown "log-undecided", "The log's account or the proof is missing.";

    QuorumAgrees: Finality Pass "quorum-agrees", "Enough endpoints say the same of finalized slots.";
    EndpointsDisagree: Finality Fail "endpoints-disagree", "Endpoints say different things of one finalized slot.";
    QuorumNotReached: Finality Unknown "quorum-not-reached", "Too few endpoints that count say the same of a finalized slot.";

    Cosigned: Cosigners Pass "cosigned", "Enough organisations cosigned the anchor.";
    NoCosignersAsked: Cosigners Pass "no-cosigners-asked", "No cosigner is asked for.";
    CosignatureForeign: Cosigners Fail "cosignature-foreign", "A cosignature is of another anchor.";
    CosignersTooFew: Cosigners Fail "too-few-cosigners", "Too few organisations cosigned the anchor.";
    CosignatureAccountBad: Cosigners Fail "cosignature-account-bad", "An account of a cosignature is not what it should be.";
    CosignersUndecided: Cosigners Unknown "cosigners-undecided", "Too few cosignatures are there to say.";

    FirstReceipt: Coverage Pass "first-receipt", "It is the agent's first receipt.";
    FollowsPrevious: Coverage Pass "follows-previous", "Each receipt follows from the agent's receipt before it.";
    RangeCovered: Coverage Pass "range-covered", "The range has a place for each number and no other.";
    DoesNotFollow: Coverage Fail "does-not-follow", "A receipt does not follow from the one before it.";
    PreviousNotSigned: Coverage Fail "previous-not-signed", "The receipt before it is not signed by the agent.";
    PreviousNotShown: Coverage Unknown "previous-not-shown", "The agent's receipt before it is not there.";
    CoverageUndecided: Coverage Unknown "coverage-undecided", "What the range would cover is not shown.";
}
