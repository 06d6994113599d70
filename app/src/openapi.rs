//! The API's document: what every route reads and answers, told by the code that does it.
//!
//! A route is added to [`Routes`] with its handler. What the handler takes and returns describes itself
//! ([`describe::Describe`]), and what a request is read from is found out by reading (`wire::Read`). So there is
//! no route without its entry, and no entry that says something else than the route does
//! (docs/adr/0023).

mod describe;
mod document;
mod examples;
mod glossary;
mod operation;
mod page;
mod refusals;
mod routes;

pub(crate) use describe::Documented;
pub(crate) use document::Document;
pub(crate) use operation::Operation;
pub(crate) use page::page;
pub(crate) use routes::{Routes, about};
