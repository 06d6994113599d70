//! What the document says of accounts in an envelope, whatever they are accounts of.

use super::{AsOf, List};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AllOfBuilder, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type},
    },
};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// The slot, and what the account says, beside each other.
impl<V: ToSchema> PartialSchema for AsOf<V> {
    fn schema() -> RefOr<Schema> {
        let slot = ObjectBuilder::new().property("slot", u64::schema()).required("slot");
        AllOfBuilder::new().item(slot).item(named::<V>()).into()
    }
}

impl<V: ToSchema> ToSchema for AsOf<V> {
    fn name() -> Cow<'static, str> {
        format!("AsOf_{}", V::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        with::<V>(schemas);
    }
}

impl<V: ToSchema> PartialSchema for List<V> {
    fn schema() -> RefOr<Schema> {
        let nothing = SchemaType::from_iter([Type::String, Type::Null]);
        ObjectBuilder::new()
            .property("slot", u64::schema())
            .property("items", ArrayBuilder::new().items(named::<V>()))
            .property("next", ObjectBuilder::new().schema_type(nothing))
            .required("slot")
            .required("items")
            .into()
    }
}

impl<V: ToSchema> ToSchema for List<V> {
    fn name() -> Cow<'static, str> {
        format!("List_{}", V::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        with::<V>(schemas);
    }
}

fn named<V: ToSchema>() -> Ref {
    Ref::from_schema_name(V::name())
}

fn with<V: ToSchema>(schemas: &mut Schemas) {
    V::schemas(schemas);
    schemas.push((V::name().into_owned(), V::schema()));
}
