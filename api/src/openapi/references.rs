//! Rewrites references for client generators.
//!
//! OpenAPI 3.1 allows keywords beside a `$ref`. Inside a `oneOf` many generators then no longer see the reference: they
//! create a type from the keywords alone, and no reply can be read. The derive writes them there for a nullable value.

use utoipa::openapi::{
    OpenApi, Ref, RefOr, Schema,
    schema::{AdditionalProperties, ArrayItems},
};

/// Moves the keywords of a nullable reference to where every generator looks for them.
pub fn tidy(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.values_mut().for_each(tidy_schema);
}

fn tidy_schema(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::OneOf(one_of) => {
            for item in &mut one_of.items {
                if let RefOr::Ref(reference) = item {
                    let said = std::mem::replace(reference, Ref::new(reference.ref_location.clone())).description;
                    if !said.is_empty() {
                        one_of.description.get_or_insert(said);
                    }
                }
                tidy_schema(item);
            }
        }
        Schema::AnyOf(any_of) => any_of.items.iter_mut().for_each(tidy_schema),
        Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(tidy_schema),
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                tidy_schema(items);
            }
        }
        Schema::Object(object) => {
            object.properties.values_mut().for_each(tidy_schema);
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                tidy_schema(values);
            }
        }
        // The library may add more of them; a test checks the whole document.
        _ => {}
    }
}
