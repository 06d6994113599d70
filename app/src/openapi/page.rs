//! The document as a page: rendered from what goes out as JSON, so that it says the same.

use crate::page::layout_of_service;
use maud::{Markup, html};
use serde_json::{Map, Value};

const METHODS: [&str; 3] = ["get", "post", "put"];

/// Renders a document.
pub(crate) fn page(document: &Value) -> Markup {
    let info = &document["info"];
    let content = html! {
        h1 { "The API" }
        p { (text(&info["description"])) }
        p {
            "Where tokens are needed, send one in "
            code { "Authorization: Bearer TOKEN" }
            "; what each is good for stands beside the call. Errors are "
            code { "{\"detail\": …}" }
            "; every answer has "
            code { "x-request-id" }
            "."
        }
        ul { @for tag in list(&document["tags"]) { li { (link_to_tag(tag)) } } }
        @for tag in list(&document["tags"]) { (section(document, tag)) }
        h2 { "When it says no" }
        dl {
            @for (status, meaning) in refusals(document) {
                dt { (status) }
                dd { (meaning) }
            }
        }
    };
    layout_of_service("API", "/openapi.json", &content)
}

fn link_to_tag(tag: &Value) -> Markup {
    html! { a href={ "#" (anchor(text(&tag["name"]))) } { (text(&tag["name"])) } " " (text(&tag["description"])) }
}

fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn section(document: &Value, tag: &Value) -> Markup {
    let name = text(&tag["name"]);
    html! {
        h2 id=(anchor(name)) { (name) }
        @for (path, item) in members(&document["paths"]) {
            @for method in METHODS {
                @if item[method]["tags"][0] == *name { (call(document, method, path, &item[method])) }
            }
        }
    }
}

fn call(document: &Value, method: &str, path: &str, operation: &Value) -> Markup {
    let id = text(&operation["operationId"]);
    let scope = operation["security"][0]["token"][0].as_str();
    html! {
        section id=(id) {
            h3 { a href={ "#" (id) } { (method.to_uppercase()) " " (path) } }
            p {
                (text(&operation["summary"])) "."
                @if let Some(scope) = scope { " " span.quiet { "Token: " (scope) } }
            }
            (inputs(operation))
            pre { (curl(method, path, operation)) }
            p.quiet {
                "Answers " (answer(document, operation)) "; "
                @for (number, (status, _)) in members(&operation["responses"]).filter(|(it, _)| *it != "200").enumerate() {
                    @if number > 0 { ", " }
                    (status)
                }
            }
        }
    }
}

fn inputs(operation: &Value) -> Markup {
    let parameters = list(&operation["parameters"])
        .iter()
        .map(|it| (text(&it["name"]), text(&it["in"]), it["required"] == true, &it["schema"], it));
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let required = list(&schema["required"]);
    let in_body = members(&schema["properties"]).map(|(name, member)| {
        (name, "body", required.iter().any(|it| *it == *name), member, member)
    });
    let rows: Vec<_> = parameters.chain(in_body).collect();
    html! {
        @if !rows.is_empty() {
            table {
                @for (name, place, required, schema, told) in rows {
                    tr {
                        td { code { (name) } }
                        td { (place) @if required { ", needed" } }
                        td { (kind(schema)) }
                        td { (told["description"].as_str().unwrap_or_default()) }
                    }
                }
            }
        }
    }
}

fn kind(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array().filter(|_| schema["type"] != "boolean") {
        let words = words.iter().filter_map(Value::as_str).collect::<Vec<_>>();
        return words.join(" | ");
    }
    let first = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (first, schema["format"].as_str()) {
        (_, Some("date-time")) => "time".to_owned(),
        (Some("string"), _) => "text".to_owned(),
        (Some("array"), _) => "list".to_owned(),
        (found, _) => found.unwrap_or("any").to_owned(),
    }
}

/// Writes the example as a call that can be copied.
fn curl(method: &str, path: &str, operation: &Value) -> String {
    let mut target = path.to_owned();
    let mut query = Vec::new();
    for parameter in list(&operation["parameters"]) {
        let (name, example) = (text(&parameter["name"]), text(&parameter["example"]));
        if parameter["in"] == "path" && !example.is_empty() {
            target = target.replace(&format!("{{{name}}}"), example);
        } else if !example.is_empty() {
            query.push(format!("{name}={example}"));
        }
    }
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    let method = match method {
        "get" => String::new(),
        other => format!("-X {} ", other.to_uppercase()),
    };
    let body = &operation["requestBody"]["content"]["application/json"]["example"];
    // A quote would end the text for the shell.
    let body = if body.is_null() { String::new() } else { body.to_string().replace('\'', "'\\''") };
    let body = if body.is_empty() { body } else { format!("-d '{body}' ") };
    format!("curl {method}{body}'http://127.0.0.1:8097{target}'")
}

/// Names what is answered when it is done, and its members.
fn answer(document: &Value, operation: &Value) -> Markup {
    let content = &operation["responses"]["200"]["content"];
    let (content_type, media) = members(content).next().unwrap_or(("", &Value::Null));
    let name = text(&media["schema"]["$ref"]).rsplit('/').next().unwrap_or_default();
    let schema = &document["components"]["schemas"][name];
    let names: Vec<&str> = members(&schema["properties"]).map(|(name, _)| name).collect();
    html! {
        "200 "
        @if names.is_empty() { (content_type) } @else { code { "{" (names.join(", ")) "}" } }
    }
}

fn refusals(document: &Value) -> Vec<(String, &str)> {
    let responses = &document["components"]["responses"];
    let meaning = |name: &str| responses[name]["description"].as_str().unwrap_or_default();
    let paths = members(&document["paths"]).flat_map(|(_, item)| METHODS.map(|it| &item[it]));
    let all = paths.flat_map(|operation| members(&operation["responses"]));
    let told = all.filter_map(|(status, response)| {
        let name = response["$ref"].as_str()?.rsplit('/').next()?;
        Some((status.to_owned(), meaning(name)))
    });
    let mut told: Vec<_> = told.collect();
    told.sort_unstable();
    told.dedup();
    told
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let object: Option<&Map<String, Value>> = value.as_object();
    object.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
