use super::{Documented, Operation};
use crate::access::Access;
use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, on},
};
use std::sync::Arc;

/// Routes that answer, each with what the document says of it.
pub(crate) struct Routes {
    tag: Tag,
    pub(super) router: Router<Arc<Access>>,
    pub(super) operations: Vec<Operation>,
    pub(super) tags: Vec<Tag>,
}

/// What several routes are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

/// What of a route no type says.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) refuses: &'static [u16],
    pub(super) content_types: &'static [&'static str],
}

/// Says what a route is called, and what it does.
pub(crate) fn about(id: &'static str, summary: &'static str) -> About {
    About { id, summary, refuses: &[], content_types: &["application/json"] }
}

impl About {
    /// With these statuses it says no, beside those that follow from what is read.
    pub(crate) fn or(self, refuses: &'static [u16]) -> Self {
        Self { refuses, ..self }
    }

    /// What is answered is of one of these types.
    pub(crate) fn in_types(self, content_types: &'static [&'static str]) -> Self {
        Self { content_types, ..self }
    }
}

impl Routes {
    /// Begins a list of routes that are about the same.
    pub(crate) fn tagged(name: &'static str, description: &'static str) -> Self {
        let tag = Tag { name, description };
        Self { tag, router: Router::new(), operations: Vec::new(), tags: vec![tag] }
    }

    pub(crate) fn get<H, T, A>(self, path: &'static str, handler: H, about: About) -> Self
    where
        H: Handler<T, Arc<Access>> + Documented<A>,
        T: 'static,
    {
        self.add(Method::GET, path, handler, about)
    }

    pub(crate) fn post<H, T, A>(self, path: &'static str, handler: H, about: About) -> Self
    where
        H: Handler<T, Arc<Access>> + Documented<A>,
        T: 'static,
    {
        self.add(Method::POST, path, handler, about)
    }

    pub(crate) fn put<H, T, A>(self, path: &'static str, handler: H, about: About) -> Self
    where
        H: Handler<T, Arc<Access>> + Documented<A>,
        T: 'static,
    {
        self.add(Method::PUT, path, handler, about)
    }

    fn add<H, T, A>(mut self, method: Method, path: &'static str, handler: H, about: About) -> Self
    where
        H: Handler<T, Arc<Access>> + Documented<A>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let mut operation = Operation::new(method, path, self.tag.name, about);
        H::describe(&mut operation);
        self.operations.push(operation);
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// Takes other routes in, after these.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.operations.extend(other.operations);
        self.tags.extend(other.tags);
        self
    }

    /// Returns what answers, and what is said of it.
    pub(crate) fn into_parts(self) -> (Router<Arc<Access>>, Vec<Operation>, Vec<Tag>) {
        (self.router, self.operations, self.tags)
    }
}
