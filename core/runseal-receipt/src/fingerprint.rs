//! Hashes by which runs are compared.

use crate::{
    json::{Object, Part, Value, canonical_members},
    member::{MemberError, Members, integer},
    word::words,
};
use runseal_types::{Address, Digest};

const DOMAIN: &[u8] = b"runseal/fingerprint/v1";

words! {
    /// How closely two runs are compared.
    Level {
        /// The same version of the same agent.
        Spec = "spec",
        /// On the same runtime.
        Runtime = "runtime",
        /// In the same environment.
        Environment = "environment",
        /// The same agent on the same runtime.
        Instance = "instance",
        /// The same instance in the same environment with the same input.
        Run = "run",
    }
}

/// What the fingerprints of a run follow from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ingredients<'a> {
    pub(crate) agent: Address,
    pub(crate) agent_version: u64,
    pub(crate) adapter: &'a str,
    pub(crate) runtime: Option<&'a Object>,
    pub(crate) environment: Option<Digest>,
    pub(crate) input: Option<Digest>,
}

/// Five hashes by which runs can be told apart or found to be alike, from the coarsest to the finest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprints {
    /// Of the agent and its version.
    pub spec: Digest,
    /// Of the adapter and what the receipt says of the runtime.
    pub runtime: Digest,
    /// Of the hash of the environment.
    pub environment: Digest,
    /// Of spec and runtime.
    pub instance: Digest,
    /// Of instance, environment and the hash of the input.
    pub run: Digest,
}

impl Fingerprints {
    pub(crate) fn of(from: Ingredients<'_>) -> Self {
        let Ingredients { adapter, runtime, environment, input, .. } = from;
        let (agent, version) = (from.agent.to_string(), integer(from.agent_version));
        let spec = hash(
            Level::Spec,
            [("agent", Part::Text(&agent)), ("agent_version", Part::Value(&version))],
        );
        let runtime = runtime.map_or(NULL, Part::Object);
        let runtime =
            hash(Level::Runtime, [("adapter", Part::Text(adapter)), ("runtime", runtime)]);
        let environment = environment.map_or(NULL, Part::Hash);
        let environment = hash(Level::Environment, [("environment", environment)]);
        let instance =
            hash(Level::Instance, [("spec", Part::Hash(spec)), ("runtime", Part::Hash(runtime))]);
        let run = hash(
            Level::Run,
            [
                ("instance", Part::Hash(instance)),
                ("environment", Part::Hash(environment)),
                ("input", input.map_or(NULL, Part::Hash)),
            ],
        );
        Self { spec, runtime, environment, instance, run }
    }

    /// Returns the fingerprint of a level.
    #[must_use]
    pub const fn at(&self, level: Level) -> Digest {
        match level {
            Level::Spec => self.spec,
            Level::Runtime => self.runtime,
            Level::Environment => self.environment,
            Level::Instance => self.instance,
            Level::Run => self.run,
        }
    }

    pub(crate) fn read(members: Members<'_>, member: &'static str) -> Result<Self, MemberError> {
        let members = Members(members.object(member)?);
        let digest = |level: Level| members.digest(level.as_str());
        Ok(Self {
            spec: digest(Level::Spec)?,
            runtime: digest(Level::Runtime)?,
            environment: digest(Level::Environment)?,
            instance: digest(Level::Instance)?,
            run: digest(Level::Run)?,
        })
    }

    pub(crate) fn to_object(self) -> Object {
        let levels = Level::ALL.iter();
        levels.map(|level| (level.to_string(), Value::from(self.at(*level)))).collect()
    }
}

const NULL: Part<'_> = Part::Value(&Value::Null);

fn hash<const N: usize>(level: Level, members: [(&str, Part<'_>); N]) -> Digest {
    let level = ("level", Part::Text(level.as_str()));
    Digest::of(&[DOMAIN, &canonical_members(members.into_iter().chain([level]).collect())])
}
