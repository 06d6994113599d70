use super::Operation;
use crate::{
    Shared,
    access::Access,
    error::ApiError,
    observing::Observer,
    readiness::Readiness,
    service::{Api, Chain},
    wire::{
        Answer, Batched, Body, File, LargeBody, OptionalBody, Params, Read, Segment, Text,
        members_of,
    },
};
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode},
    response::Response,
};
use std::{future::Future, sync::Arc};
use utoipa::ToSchema;

/// A part of a handler that says what it is to callers.
pub(crate) trait Describe {
    /// Adds it to what is said of the route.
    fn describe(operation: &mut Operation);
}

/// A handler all of whose parts describe themselves.
pub(crate) trait Documented<Arguments> {
    /// Says what all parts say.
    fn describe(operation: &mut Operation);
}

macro_rules! documented {
    ($($argument:ident)*) => {
        impl<F, Fut, Out, $($argument),*> Documented<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Fut,
            Fut: Future<Output = Out>,
            Out: Describe,
            $($argument: Describe,)*
        {
            fn describe(operation: &mut Operation) {
                $($argument::describe(operation);)*
                Out::describe(operation);
            }
        }
    };
}

documented!();
documented!(A);
documented!(A B);
documented!(A B C);
documented!(A B C D);

impl Describe for Api {
    fn describe(operation: &mut Operation) {
        operation.is_in_the_store();
    }
}

impl Describe for State<Arc<Access>> {
    fn describe(_: &mut Operation) {}
}

/// What watches all calls is nothing to a caller.
impl Describe for Extension<Arc<Observer>> {
    fn describe(_: &mut Operation) {}
}

impl Describe for Extension<Arc<Readiness>> {
    fn describe(_: &mut Operation) {}
}

impl Describe for Extension<Arc<Shared>> {
    fn describe(_: &mut Operation) {}
}

/// The chain may not answer, which the route says: 502.
impl Describe for Chain {
    fn describe(_: &mut Operation) {}
}

impl Describe for HeaderMap {
    fn describe(_: &mut Operation) {}
}

/// What stands in the path is in the path already; it may be no text.
impl<T> Describe for Segment<T> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[404]);
    }
}

impl<T: Read> Describe for Params<T> {
    fn describe(operation: &mut Operation) {
        operation.reads_query(members_of::<T>());
    }
}

impl<T: Read> Describe for Body<T> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[422]);
        operation.reads_body(members_of::<T>(), true);
    }
}

impl<T: Read> Describe for OptionalBody<T> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[422]);
        operation.reads_body(members_of::<T>(), false);
    }
}

impl<T: Read> Describe for LargeBody<T> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[422]);
        operation.reads_body(members_of::<T>(), true);
    }
}

/// A document that is read apart from the rest.
impl<const MOST_BYTES: usize> Describe for Text<MOST_BYTES> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[422]);
        operation.reads_types(&["application/json"]);
    }
}

/// It need not even be JSON: then the answer says so.
impl<const MOST_BYTES: usize> Describe for File<MOST_BYTES> {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[422]);
        operation.reads_file(&["application/json"]);
    }
}

impl Describe for Batched {
    fn describe(operation: &mut Operation) {
        operation.may_be(&[400, 415]);
        operation.reads_types(&["application/json", "application/x-protobuf"]);
    }
}

impl<T: ToSchema> Describe for Answer<T> {
    fn describe(operation: &mut Operation) {
        operation.answers::<T>();
    }
}

impl<T: ToSchema> Describe for Json<T> {
    fn describe(operation: &mut Operation) {
        operation.answers::<T>();
    }
}

/// Whether the service is well is told in the same form either way.
impl<T: ToSchema> Describe for (StatusCode, Json<T>) {
    fn describe(operation: &mut Operation) {
        operation.answers::<T>();
        operation.may_be(&[503]);
    }
}

/// A text with its type, which the route says.
impl Describe for Result<([(HeaderName, &'static str); 1], String), ApiError> {
    fn describe(_: &mut Operation) {}
}

/// Something else of a type that the route says.
impl Describe for Result<Response, ApiError> {
    fn describe(_: &mut Operation) {}
}
