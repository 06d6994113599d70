use crate::{
    openapi::{Routes, about},
    routes::{identity, lifecycle},
};

pub(super) fn routes() -> Routes {
    of_identities().and(of_lives())
}

fn of_identities() -> Routes {
    Routes::tagged("Identity", "Who an agent is, and the versions of what it is made of.")
        .post(
            "/v1/identity",
            identity::create,
            about("createIdentity", "Signs the first version of an agent").or(&[409]),
        )
        .get(
            "/v1/identity/{agent_id}",
            identity::show,
            about("getIdentity", "Shows who an agent is").or(&[404]),
        )
        .put(
            "/v1/identity/{agent_id}",
            identity::update,
            about("updateIdentity", "Signs a new version of an agent").or(&[404, 409]),
        )
        .get(
            "/v1/identity/{agent_id}/versions",
            identity::versions,
            about("listVersions", "Lists an agent's versions after the first").or(&[404]),
        )
        .get(
            "/v1/identity/{agent_id}/verify",
            identity::verify,
            about("verifyIdentity", "Verifies every version of an agent"),
        )
        .post(
            "/v1/identity/{agent_id}/bind-ledger",
            identity::bind_ledger,
            about("bindLedger", "Notes an agent's identity in its ledger").or(&[404]),
        )
}

fn of_lives() -> Routes {
    Routes::tagged("Agents", "How agents stand, and whether they are heard.")
        .post(
            "/v1/agent/{agent_id}/register",
            lifecycle::register,
            about("registerAgent", "Registers an agent").or(&[409]),
        )
        .post(
            "/v1/agent/{agent_id}/activate",
            lifecycle::activate,
            about("activateAgent", "Lets an agent run again").or(&[400, 404]),
        )
        .post(
            "/v1/agent/{agent_id}/heartbeat",
            lifecycle::heartbeat,
            about("hearAgent", "Notes that an agent was heard").or(&[400, 409]),
        )
        .post(
            "/v1/agent/{agent_id}/pause",
            lifecycle::pause,
            about("pauseAgent", "Lets an agent begin no more runs for now").or(&[400, 404]),
        )
        .post(
            "/v1/agent/{agent_id}/retire",
            lifecycle::retire,
            about("retireAgent", "Lets an agent begin no more runs for good").or(&[400, 404]),
        )
        .get(
            "/v1/agent/{agent_id}/lifecycle",
            lifecycle::show,
            about("getLifecycle", "Shows how an agent stands").or(&[404]),
        )
        .get(
            "/v1/agents/active",
            lifecycle::active,
            about("listActiveAgents", "Lists active agents, the last heard first"),
        )
}
