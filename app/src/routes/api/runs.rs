use crate::{
    openapi::{Routes, about},
    routes::{otlp, proofs, run_lists, runs, verify},
};

pub(super) fn routes() -> Routes {
    lives().and(of_proofs())
}

fn lives() -> Routes {
    Routes::tagged("Runs", "They begin, events come in, they end and have a receipt.")
        .post("/v1/run/start", runs::start, about("startRun", "Begins a run").or(&[409]))
        .post(
            "/v1/run/event",
            runs::event,
            about("recordEvent", "Notes an event, and begins its run if nobody did")
                .or(&[404, 409]),
        )
        .post(
            "/v1/run/end",
            runs::end,
            about("endRun", "Ends a run for good, and seals its receipt").or(&[404, 409]),
        )
        .post(
            "/v1/run/checkpoint",
            runs::checkpoint,
            about("checkpointRun", "Seals a receipt of what a run did until now").or(&[404, 409]),
        )
        .post(
            "/v1/traces",
            otlp::traces,
            about("exportTraces", "Takes spans of OpenTelemetry in: a trace is a run")
                .in_types(&["application/json", "application/x-protobuf"]),
        )
        .get("/v1/run/{run_id}", runs::show, about("getRun", "Shows a run as it stands").or(&[404]))
        .get("/v1/runs", run_lists::list, about("listRuns", "Lists runs, the latest first"))
        .get("/v1/stats", run_lists::stats, about("getStats", "Counts runs"))
}

fn of_proofs() -> Routes {
    Routes::tagged("Proofs", "What a run's receipt proves, and whether it holds.")
        .get(
            "/v1/runproof/{run_id}",
            proofs::show,
            about("getProof", "Shows a run's proof, whole").or(&[404]),
        )
        .get(
            "/v1/runproof/{run_id}/refs",
            proofs::refs,
            about("getProofRefs", "Shows what a proof refers to, by hashes").or(&[404]),
        )
        .get(
            "/v1/runproof/{run_id}/verify",
            proofs::verify,
            about("verifyProof", "Computes a proof again and says what holds").or(&[404]),
        )
        .post(
            "/verify",
            verify::posted,
            about("verifyAny", "Verifies a stored proof, or a whole one that is sent")
                .or(&[400, 404]),
        )
        .get(
            "/verify/{name}",
            verify::named,
            about("verifyNamed", "Verifies the proof of a run, or with a root").or(&[404]),
        )
        .get(
            "/proof/{name}",
            verify::report,
            about("getReport", "Tells of a proof what a page shows").or(&[404]),
        )
}
