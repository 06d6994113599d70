use super::{Opaque, opaque_object};
use runseal_receipt::json::Object;
use serde::{Serialize, Serializer};
use std::{borrow::Cow, marker::PhantomData};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, SchemaType, Type},
    },
};

/// An object that is written as it is kept, and what its form is called and has.
pub(crate) struct Kept<F>(Opaque, PhantomData<F>);

/// What the objects of one kind have.
pub(crate) trait Form {
    /// What it is called in the document.
    const NAME: &'static str;
    /// Its members, each with what stands there: `text`, `integer`, `flag`, `list`, `object` or
    /// several of them with `|`, also `null`. One that is not always there ends in `?`.
    const MEMBERS: &'static [(&'static str, &'static str)];
}

impl<F> Kept<F> {
    pub(crate) fn new(object: &Object) -> Self {
        Self(opaque_object(object), PhantomData)
    }
}

impl<F> Serialize for Kept<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<F: Form> PartialSchema for Kept<F> {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new();
        for (name, kinds) in F::MEMBERS {
            let always = name.strip_suffix('?').is_none();
            let name = name.trim_end_matches('?');
            let kinds: Vec<Type> = kinds.split('|').map(kind).collect();
            let kinds = match kinds.as_slice() {
                [one] => SchemaType::Type(one.clone()),
                _ => SchemaType::Array(kinds),
            };
            object = object.property(name, ObjectBuilder::new().schema_type(kinds));
            if always {
                object = object.required(name);
            }
        }
        object.into()
    }
}

fn kind(word: &str) -> Type {
    match word {
        "text" => Type::String,
        "integer" => Type::Integer,
        "flag" => Type::Boolean,
        "list" => Type::Array,
        "null" => Type::Null,
        _ => Type::Object,
    }
}

impl<F: Form> ToSchema for Kept<F> {
    fn name() -> Cow<'static, str> {
        F::NAME.into()
    }
}
