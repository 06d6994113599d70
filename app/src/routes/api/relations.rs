use crate::{
    openapi::{Routes, about},
    routes::{branches, graph, policies, states},
};

pub(super) fn routes() -> Routes {
    of_branches().and(of_graphs()).and(of_states()).and(of_policies())
}

fn of_branches() -> Routes {
    Routes::tagged("Branches", "Runs that go on from others: tried again, replayed, forked.")
        .post(
            "/v1/branch/retry",
            branches::retry,
            about("retryRun", "Branches from a failed run, to try it again").or(&[400, 409]),
        )
        .post(
            "/v1/branch/replay",
            branches::replay,
            about("replayCheckpoint", "Branches from a checkpoint, to go on from it")
                .or(&[400, 409]),
        )
        .post(
            "/v1/branch/fork",
            branches::fork,
            about("forkRun", "Branches from a run in several ways").or(&[400, 409]),
        )
        .get(
            "/v1/branch/{branch_id}",
            branches::show,
            about("getBranch", "Shows a branch").or(&[404]),
        )
        .post(
            "/v1/branch/{branch_id}/link",
            branches::link,
            about("linkBranch", "Says which run a branch became").or(&[400, 404, 409]),
        )
        .get(
            "/v1/branches/{agent_id}",
            branches::list,
            about("listBranches", "Lists an agent's branches, the newest first"),
        )
}

fn of_graphs() -> Routes {
    Routes::tagged("Proof graph", "Which run follows from which, and how.")
        .post(
            "/v1/proof-graph/link",
            graph::link,
            about("linkProofs", "Says that one run follows from another").or(&[400, 404, 409]),
        )
        .get(
            "/v1/proof-graph/{root_id}",
            graph::show,
            about("getGraph", "Shows all that follows from a run").or(&[404]),
        )
        .get(
            "/v1/proof-graph/{root_id}/verify",
            graph::verify,
            about("verifyGraph", "Verifies every proof of a graph, and attests a valid one")
                .or(&[404]),
        )
        .get(
            "/v1/runproof/{run_id}/ancestry",
            graph::ancestry,
            about("getAncestry", "Lists what a run follows from, the nearest first").or(&[404]),
        )
        .get(
            "/v1/runproof/{run_id}/descendants",
            graph::descendants,
            about("getDescendants", "Lists what follows from a run").or(&[404]),
        )
}

fn of_states() -> Routes {
    Routes::tagged("States", "How runs changed what an agent keeps, a chain for each kind.")
        .post(
            "/v1/state-proof",
            states::create,
            about("createStateProof", "Says how a run changed a state").or(&[400, 404, 409]),
        )
        .get(
            "/v1/state-proof/{proof_id}",
            states::show,
            about("getStateProof", "Shows a change of a state").or(&[404]),
        )
        .get(
            "/v1/runproof/{run_id}/state-proofs",
            states::of_run,
            about("listStateProofs", "Lists what a run changed").or(&[404]),
        )
        .get(
            "/v1/state-chain/{state_type}",
            states::chain,
            about("getStateChain", "Lists the changes of a kind of state").or(&[400]),
        )
        .get(
            "/v1/state-chain/{state_type}/verify",
            states::verify,
            about("verifyStateChain", "Verifies each agent's chain of a kind of state").or(&[400]),
        )
}

fn of_policies() -> Routes {
    Routes::tagged("Policies", "Which rules runs were under.")
        .post(
            "/v1/policy-binding",
            policies::bind,
            about("bindPolicy", "Says under which policy a run was, and what came of it")
                .or(&[400, 404, 409]),
        )
        .get(
            "/v1/runproof/{run_id}/policies",
            policies::of_run,
            about("listPolicies", "Lists the policies that a run was under").or(&[404]),
        )
        .get(
            "/v1/policy/{policy_id}/runs",
            policies::of_policy,
            about("listRunsOfPolicy", "Lists the runs that were under a policy, the newest first"),
        )
        .get(
            "/v1/policy-binding/{binding_id}/verify",
            policies::verify,
            about("verifyPolicyBinding", "Says whether a binding holds").or(&[404]),
        )
}
