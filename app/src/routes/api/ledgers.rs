use crate::{
    openapi::{Routes, about},
    routes::{anchors, checkpoints, leaves, ledger},
};

pub(super) fn routes() -> Routes {
    of_ledgers().and(of_checkpoints()).and(of_anchors())
}

fn of_ledgers() -> Routes {
    Routes::tagged("Ledgers", "What happened to each agent, entry by entry, a chain of hashes.")
        .get(
            "/v1/ledger/{agent_id}",
            ledger::list,
            about("listEntries", "Lists an agent's entries, the newest first"),
        )
        .get(
            "/v1/ledger/{agent_id}/latest",
            ledger::latest,
            about("getLatestEntry", "Shows an agent's last entry").or(&[404]),
        )
        .get(
            "/v1/ledger/{agent_id}/range",
            ledger::range,
            about("getEntries", "Lists entries from one number to another, both included"),
        )
        .get(
            "/v1/ledger/{agent_id}/verify",
            ledger::verify,
            about("verifyLedger", "Computes an agent's chain of entries again"),
        )
}

fn of_checkpoints() -> Routes {
    Routes::tagged("Checkpoints", "Roots over spans of agents' ledgers.")
        .post(
            "/v1/ledger/{agent_id}/checkpoint",
            checkpoints::create,
            about("createCheckpoint", "Puts a root over the entries since the last one").or(&[400]),
        )
        .get(
            "/v1/ledger/{agent_id}/checkpoints",
            checkpoints::list,
            about("listCheckpoints", "Lists an agent's checkpoints, the newest first"),
        )
        .get(
            "/v1/ledger/{agent_id}/checkpoints/verify",
            checkpoints::verify,
            about("verifyCheckpoints", "Computes an agent's checkpoints again"),
        )
        .get(
            "/v1/ledger/{agent_id}/checkpoint/latest",
            checkpoints::latest,
            about("getLatestCheckpoint", "Shows an agent's last checkpoint").or(&[404]),
        )
        .get(
            "/v1/ledger/{agent_id}/checkpoint/{checkpoint_id}",
            checkpoints::show,
            about("getCheckpoint", "Shows a checkpoint").or(&[404]),
        )
}

fn of_anchors() -> Routes {
    Routes::tagged(
        "Anchors",
        "That something was written down elsewhere, and leaf lists of periods.",
    )
    .post(
        "/v1/anchor",
        anchors::create,
        about("createAnchor", "Asks that a proof be anchored").or(&[400, 404]),
    )
    .get("/v1/anchor/{anchor_id}", anchors::show, about("getAnchor", "Shows an anchor").or(&[404]))
    .post(
        "/v1/anchor/{anchor_id}/confirm",
        anchors::confirm,
        about("confirmAnchor", "Notes what somebody says of an anchor").or(&[400, 404, 409]),
    )
    .get(
        "/v1/anchors/pending",
        anchors::pending,
        about("listPendingAnchors", "Lists the anchors that were not seen yet"),
    )
    .get(
        "/v1/runproof/{run_id}/anchors",
        anchors::of_run,
        about("listAnchors", "Lists a run's anchors").or(&[404]),
    )
    .get(
        "/v2/logs/{log}/leaves/{file}",
        leaves::list,
        about("getLeaves", "Shows the leaf list of a sealed period, 72 bytes a leaf")
            .or(&[206, 404, 416])
            .in_types(&["application/octet-stream"]),
    )
}
