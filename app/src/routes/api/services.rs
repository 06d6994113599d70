use crate::{
    openapi::{Routes, about},
    routes::{health, metrics, protocol},
};

pub(super) fn routes() -> Routes {
    Routes::tagged("Service", "Whether it is well, what words it uses, and its keys.")
        .get(
            "/health",
            health::health,
            about("getHealth", "Says whether the service can do its work"),
        )
        .get(
            "/health/ready",
            health::ready,
            about("getReadiness", "Says whether calls should be sent here"),
        )
        .get(
            "/metrics",
            metrics::metrics,
            about("getMetrics", "Tells numbers for Prometheus").in_types(&["text/plain"]),
        )
        .get(
            "/v1/protocol/event-vocabulary",
            protocol::vocabulary,
            about("getVocabulary", "Says what the types of events mean"),
        )
        .get(
            "/v1/signing/public-key",
            protocol::public_key,
            about("getPublicKey", "Shows the service's public key, or an agent's").or(&[409, 422]),
        )
}
