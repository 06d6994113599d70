mod adapters;
mod pages;
mod transactions;

pub(crate) use pages::{json, post, start};
