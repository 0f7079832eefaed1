//! Rewrites choices between schemas so that every client generator can read a reply.
//!
//! Generators disagree about `oneOf`. Some try all choices and require exactly one to match, though theirs have no
//! required members (Java); some require all members of all choices at once (Kotlin, Dart, PHP); some expect no member
//! that the discriminator has already named (Rust). No document suits them all. An object whose members depend on one
//! of them says the same to a reader, and every generator can read it, even when a later version adds a choice.

use std::collections::BTreeMap;

use utoipa::openapi::{Object, ObjectBuilder, OpenApi, RefOr, Schema, Type, schema::Discriminator};

/// Replaces each choice that has a discriminator by one object.
pub fn flatten(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let mut flat = BTreeMap::new();
    for (name, schema) in &components.schemas {
        if let RefOr::T(Schema::OneOf(one_of)) = schema
            && let Some(discriminator) = &one_of.discriminator
        {
            let mut object = merged(discriminator, |target| object_of(components.schemas.get(target)?));
            object.description.clone_from(&one_of.description);
            object.examples.clone_from(&one_of.examples);
            flat.insert(name.clone(), RefOr::T(Schema::Object(object)));
        }
    }
    components.schemas.extend(flat);
}

fn object_of(schema: &RefOr<Schema>) -> Option<&Object> {
    match schema {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

/// All members of all choices. Required is what each choice requires.
fn merged<'a>(discriminator: &Discriminator, find: impl Fn(&str) -> Option<&'a Object>) -> Object {
    let by = &discriminator.property_name;
    let mut object = ObjectBuilder::new().schema_type(Type::Object).build();
    let mut required: Option<Vec<String>> = None;
    let mut told = Vec::new();
    for (value, target) in &discriminator.mapping {
        let target = target.rsplit('/').next().unwrap_or(target);
        let Some(choice) = find(target) else { continue };
        told.push(format!("`{value}`, with the members of `{target}`"));
        for (name, member) in &choice.properties {
            if name != by {
                object.properties.entry(name.clone()).or_insert_with(|| only_with(value, member.clone()));
            }
        }
        let of_all = |name: &String| required.as_ref().is_none_or(|before| before.contains(name));
        required = Some(choice.required.iter().filter(|name| of_all(name)).cloned().collect());
    }
    object.required = required.unwrap_or_default();
    let description = format!("The kind of reply: {}.", told.join("; or "));
    let examples = discriminator.mapping.keys().take(1).cloned();
    let status = ObjectBuilder::new().schema_type(Type::String).description(Some(description)).examples(examples);
    object.properties.insert(by.clone(), status.into());
    object
}

/// The member, described with the value for which it is present.
fn only_with(value: &str, mut member: RefOr<Schema>) -> RefOr<Schema> {
    let say = |text: &str| format!("Only with `{value}`. {text}").trim_end().to_owned();
    let say_to = |text: &mut Option<String>| *text = Some(say(text.as_deref().unwrap_or_default()));
    match &mut member {
        RefOr::Ref(reference) => reference.description = say(&reference.description),
        RefOr::T(Schema::Object(object)) => say_to(&mut object.description),
        RefOr::T(Schema::Array(array)) => say_to(&mut array.description),
        RefOr::T(Schema::OneOf(one_of)) => say_to(&mut one_of.description),
        RefOr::T(_) => {}
    }
    member
}
