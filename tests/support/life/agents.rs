//! What vendors and agents do.

use super::{
    Life, Object, Step,
    model::{AgentModel, Held, VersionModel},
};
use crate::{register_args, text_of, version_args};
use runseal_client::{instructions::agents, registry};
use runseal_registry::{
    instructions::{PublishVersionArgs, RegisterAgentArgs},
    state::{AgentStatus, Moment},
};
use solana_address::Address;

const RETIRED: u8 = 4;
const ARCHIVED: u8 = 5;

impl Life {
    pub(super) fn agent_step(&mut self) -> Step {
        let choice = self.random.below(20);
        if choice < 3 || self.model.agents.is_empty() {
            return self.register_agent();
        }
        let agent = self.random.recent(self.model.agents.len());
        match choice {
            3 => self.propose_agent_authority(agent),
            4 | 5 => {
                let pending = |agent: &AgentModel| agent.vendor.pending.is_some();
                let found = self.model.agents.iter().rposition(pending).unwrap_or(agent);
                match self.random.chance(60) {
                    true => self.accept_agent_authority(found),
                    false => self.cancel_agent_authority(found),
                }
            }
            6 => self.update_agent(agent),
            7..12 => self.set_agent_status(agent),
            12..14 => self.heartbeat(agent),
            14..19 => self.publish_version(agent),
            _ => self.yank_version(agent),
        }
    }

    fn agent_args(&mut self) -> (RegisterAgentArgs, bool) {
        let hash = self.random.bytes();
        let good = register_args();
        let args = RegisterAgentArgs {
            manifest_hash: self.random.mostly(hash, [0; 32]),
            heartbeat_cadence_seconds: self.random.mostly(60, 31 * 86_400 + 1),
            uri: self.random.mostly(good.uri, text_of(129)),
        };
        let legal = args.manifest_hash != [0; 32]
            && args.heartbeat_cadence_seconds == 60
            && args.uri.len() <= 128;
        (args, legal)
    }

    fn register_agent(&mut self) -> Step {
        let (payer, vendor) = (self.actor(), self.actor());
        // Mostly a new key; sometimes one that is taken or somebody's who does other things as well.
        let identity = match self.random.below(10) {
            0 => self.actor(),
            1 if !self.model.agents.is_empty() => {
                let index = self.random.index(self.model.agents.len());
                self.model.agents[index].identity
            }
            _ => self.new_key(),
        };
        let (args, good) = self.agent_args();
        let address = registry::agent_address(&identity);
        let legal = good && !self.model.paused && vendor != identity && !self.is_known(&address);
        let manifest_hash = args.manifest_hash;
        let register = agents::register(payer, vendor, identity, args);
        Step::new("register_agent", register, &[payer, vendor, identity], legal, move |life| {
            life.learn(address, Object::Agent(life.model.agents.len()));
            life.model.agents.push(AgentModel {
                address,
                identity,
                vendor: Held::by(vendor),
                status: 1,
                versions: Vec::new(),
                manifest_hash,
                last_heartbeat_at: Moment::default(),
            });
        })
    }

    fn vendor(&mut self, agent: usize) -> Address {
        let right = self.model.agents[agent].vendor.by;
        self.mostly(right)
    }

    fn propose_agent_authority(&mut self, index: usize) -> Step {
        let (signer, to) = (self.vendor(index), self.actor());
        let agent = &self.model.agents[index];
        let legal = agent.vendor.may_propose(signer, to) && agent.status != ARCHIVED;
        let at = self.chain.now().unix_seconds;
        let propose = agents::propose_authority(signer, agent.address, to);
        Step::new("propose_agent_authority", propose, &[signer], legal, move |life| {
            life.model.agents[index].vendor.pending = Some((to, at));
        })
    }

    fn accept_agent_authority(&mut self, index: usize) -> Step {
        let pending = self.model.agents[index].vendor.pending;
        let signer = pending.map_or_else(|| self.actor(), |(pending, _)| pending);
        let signer = self.mostly(signer);
        let agent = &self.model.agents[index];
        let legal = agent.vendor.may_accept(signer, 0, self.chain.now())
            && agent.status != ARCHIVED
            && signer != agent.identity;
        let accept = agents::accept_authority(signer, agent.address);
        Step::new("accept_agent_authority", accept, &[signer], legal, move |life| {
            life.model.agents[index].vendor.accept();
        })
    }

    fn cancel_agent_authority(&mut self, index: usize) -> Step {
        let signer = self.vendor(index);
        let agent = &self.model.agents[index];
        let legal = agent.vendor.may_cancel(signer) && agent.status != ARCHIVED;
        let cancel = agents::cancel_authority(signer, agent.address);
        Step::new("cancel_agent_authority", cancel, &[signer], legal, move |life| {
            life.model.agents[index].vendor.pending = None;
        })
    }

    fn update_agent(&mut self, index: usize) -> Step {
        let signer = self.vendor(index);
        let (args, good) = self.agent_args();
        let agent = &self.model.agents[index];
        let legal = good && signer == agent.vendor.by && agent.status != ARCHIVED;
        let hash = args.manifest_hash;
        let update = agents::update(signer, agent.address, args);
        Step::new("update_agent", update, &[signer], legal, move |life| {
            life.model.agents[index].manifest_hash = hash;
        })
    }

    fn set_agent_status(&mut self, index: usize) -> Step {
        let signer = self.vendor(index);
        // Mostly back and forth; the end comes rarely, because nothing comes after it.
        let wanted = match self.random.below(12) {
            0 => AgentStatus::Registered,
            1 => AgentStatus::Retired,
            2 => AgentStatus::Archived,
            3..6 => AgentStatus::Paused,
            _ => AgentStatus::Active,
        };
        let agent = &self.model.agents[index];
        let to = wanted as u8;
        let step_is_legal =
            [(1, 2), (1, 4), (2, 3), (2, 4), (3, 2), (3, 4), (4, 5)].contains(&(agent.status, to));
        let legal =
            signer == agent.vendor.by && step_is_legal && (to != 2 || !agent.versions.is_empty());
        let set = agents::set_status(signer, agent.address, wanted);
        Step::new("set_agent_status", set, &[signer], legal, move |life| {
            life.model.agents[index].status = to;
        })
    }

    fn heartbeat(&mut self, index: usize) -> Step {
        let identity = self.model.agents[index].identity;
        let signer = self.mostly(identity);
        let agent = &self.model.agents[index];
        let mut heartbeat = agents::heartbeat(identity);
        heartbeat.accounts[0].pubkey = signer;
        let legal = signer == identity && agent.status < RETIRED;
        let now = self.chain.now();
        Step::new("heartbeat", heartbeat, &[signer], legal, move |life| {
            life.model.agents[index].last_heartbeat_at = now;
        })
    }

    fn publish_version(&mut self, agent: usize) -> Step {
        let (signer, payer) = (self.vendor(agent), self.actor());
        let model = &self.model.agents[agent];
        let (count, by, status) = (model.versions.len() as u64, model.vendor.by, model.status);
        let args = PublishVersionArgs {
            code_hash: self.random.mostly([5; 32], [0; 32]),
            manifest_hash: self.random.mostly([4; 32], [0; 32]),
            ..version_args()
        };
        let index = self.random.mostly(count, count + 1);
        let agent_address = self.model.agents[agent].address;
        let address = registry::version_address(&agent_address, index);
        let legal = signer == by
            && status < RETIRED
            && index == count
            && args.code_hash != [0; 32]
            && args.manifest_hash != [0; 32];
        let publish = agents::publish_version(payer, signer, agent_address, index, args);
        Step::new("publish_version", publish, &[payer, signer], legal, move |life| {
            let version = life.model.versions.len();
            life.learn(address, Object::Version(version));
            life.model.agents[agent].versions.push(version);
            let newest = [None; 5];
            life.model.versions.push(VersionModel { address, agent, index, yanked: false, newest });
        })
    }

    fn yank_version(&mut self, agent: usize) -> Step {
        if self.model.versions.is_empty() {
            return self.publish_version(agent);
        }
        let index = self.random.recent(self.model.versions.len());
        let version = &self.model.versions[index];
        let agent = if self.random.chance(90) { version.agent } else { agent };
        let signer = self.vendor(agent);
        let (version, model) = (&self.model.versions[index], &self.model.agents[agent]);
        let legal = signer == model.vendor.by
            && model.status != ARCHIVED
            && version.agent == agent
            && !version.yanked;
        let yank = agents::yank_version(signer, model.address, version.address);
        Step::new("yank_version", yank, &[signer], legal, move |life| {
            life.model.versions[index].yanked = true;
        })
    }
}
