//! Moves the examples of arrays and maps to where they belong.
//!
//! The derive writes the attributes of a field with a `Vec` to the schema of its items, including examples. An example
//! of the field is an example of the array, and would be nested once more on the items.

use utoipa::openapi::{
    Array, Components, Object, RefOr, Schema,
    schema::{AdditionalProperties, ArrayItems},
};

/// Moves the examples of all arrays and maps to where they belong.
pub fn lift_examples(components: &mut Components) {
    components.schemas.values_mut().for_each(visit);
}

fn visit(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Array(array) => {
            lift(array);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                visit(items);
            }
        }
        Schema::Object(object) => visit_object(object),
        Schema::OneOf(one_of) => one_of.items.iter_mut().for_each(visit),
        Schema::AllOf(all_of) => all_of.items.iter_mut().for_each(visit),
        Schema::AnyOf(any_of) => any_of.items.iter_mut().for_each(visit),
        _ => {}
    }
}

fn visit_object(object: &mut Object) {
    // For a map, the derive writes the attributes of the field to the schema of its keys, in the same way.
    if let Some(Schema::Object(keys)) = object.property_names.as_deref_mut() {
        let (of_map, of_keys) = std::mem::take(&mut keys.examples).into_iter().partition(serde_json::Value::is_object);
        keys.examples = of_keys;
        object.examples.extend::<Vec<_>>(of_map);
    }
    object.properties.values_mut().for_each(visit);
    if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
        visit(values);
    }
}

/// If the items are not arrays, an example that is one belongs to the array.
fn lift(array: &mut Array) {
    let ArrayItems::RefOrSchema(items) = &mut array.items else { return };
    let examples = match &mut **items {
        RefOr::T(Schema::Object(object)) => &mut object.examples,
        RefOr::T(Schema::OneOf(one_of)) => &mut one_of.examples,
        _ => return,
    };
    let (of_array, of_items) = std::mem::take(examples).into_iter().partition(serde_json::Value::is_array);
    *examples = of_items;
    array.examples.extend::<Vec<_>>(of_array);
}
