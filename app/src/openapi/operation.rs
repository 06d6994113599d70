use super::{examples::Example, glossary, refusals::REFUSALS, routes::About};
use crate::{
    access::{OPEN, Scope},
    wire::Member,
};
use axum::http::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};

/// What the document says of one method of one path.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    tag: &'static str,
    about: About,
    query: Vec<Member>,
    body: Option<Body>,
    answer: Value,
    statuses: BTreeSet<u16>,
    /// The schemas of what is answered, by their names.
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

struct Body {
    members: Vec<Member>,
    required: bool,
    /// Otherwise it may be anything.
    is_object: bool,
    content_types: &'static [&'static str],
}

impl Operation {
    pub(super) fn new(method: Method, path: &'static str, tag: &'static str, about: About) -> Self {
        let statuses = about.refuses.iter().copied().chain([200]).collect();
        let answer = json!({ "type": "object" });
        Self {
            method,
            path,
            tag,
            about,
            query: Vec::new(),
            body: None,
            answer,
            statuses,
            schemas: Vec::new(),
        }
    }

    /// It is answered with this.
    pub(crate) fn answers<T: ToSchema>(&mut self) {
        T::schemas(&mut self.schemas);
        self.schemas.push((T::name().into_owned(), T::schema()));
        self.answer = json!({ "$ref": format!("#/components/schemas/{}", T::name()) });
    }

    /// It may be answered with these statuses too.
    pub(super) fn may_be(&mut self, statuses: &[u16]) {
        self.statuses.extend(statuses);
    }

    /// It is in the store, which may be busy, or not answer, or be full.
    pub(super) fn is_in_the_store(&mut self) {
        self.may_be(&[429, 500, 503]);
        if self.method != Method::GET {
            self.may_be(&[507]);
        }
    }

    pub(super) fn reads_query(&mut self, members: Vec<Member>) {
        self.may_be(&[422]);
        self.query.extend(members);
    }

    pub(super) fn reads_body(&mut self, members: Vec<Member>, required: bool) {
        let content_types = &["application/json"];
        self.reads(Body { members, required, is_object: true, content_types });
    }

    pub(super) fn reads_types(&mut self, content_types: &'static [&'static str]) {
        self.reads(Body { members: Vec::new(), required: true, is_object: true, content_types });
    }

    pub(super) fn reads_file(&mut self, content_types: &'static [&'static str]) {
        self.reads(Body { members: Vec::new(), required: true, is_object: false, content_types });
    }

    fn reads(&mut self, body: Body) {
        self.may_be(&[408, 413]);
        self.body = Some(body);
    }

    /// Says it in OpenAPI's words.
    pub(super) fn to_value(&self, example: Option<&Example>) -> Value {
        let scope =
            (!OPEN.contains(&self.path)).then(|| Scope::of(&self.method, self.path).as_str());
        let mut operation = json!({
            "operationId": self.about.id,
            "summary": self.about.summary,
            "tags": [self.tag],
            "responses": self.responses(scope.is_some()),
        });
        let parameters = self.parameters(example);
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if let Some(body) = &self.body {
            operation["requestBody"] = body.to_value(example);
        }
        match scope {
            Some(scope) => {
                let needs = format!("Where tokens are needed, one that is good for `{scope}`.");
                operation["description"] = needs.into();
                operation["security"] = json!([{ "token": [scope] }, {}]);
            }
            None => operation["security"] = json!([]),
        }
        operation
    }

    fn responses(&self, is_guarded: bool) -> BTreeMap<String, Value> {
        let guard = if is_guarded { [401, 403].as_slice() } else { &[] };
        let statuses = self.statuses.iter().chain(guard);
        let response = |status: &u16| {
            let value = match REFUSALS.iter().find(|refusal| refusal.status == *status) {
                Some(refusal) if !self.is_health(*status) => {
                    json!({ "$ref": format!("#/components/responses/{}", refusal.name) })
                }
                _ => json!({
                    "description": match status {
                        200 => "Done",
                        206 => "A part of it",
                        _ => "It cannot do its work",
                    },
                    "content": self.content(),
                }),
            };
            (status.to_string(), value)
        };
        statuses.map(response).collect()
    }

    fn content(&self) -> Map<String, Value> {
        let content = self.about.content_types.iter().map(|content_type| {
            let schema = match *content_type {
                "application/json" => self.answer.clone(),
                "text/plain" => json!({ "type": "string" }),
                _ => json!({ "type": "string", "format": "binary" }),
            };
            ((*content_type).to_owned(), json!({ "schema": schema }))
        });
        content.collect()
    }

    /// Health is told in one form, good or bad.
    fn is_health(&self, status: u16) -> bool {
        OPEN.contains(&self.path) && status == 503
    }

    fn parameters(&self, example: Option<&Example>) -> Vec<Value> {
        let names = self.path.split('/').filter_map(|part| part.strip_prefix('{'));
        let names = names.filter_map(|part| part.strip_suffix('}'));
        let in_path = names.map(|name| {
            json!({
                "name": name, "in": "path", "required": true,
                "schema": { "type": "string", "minLength": 1 },
            })
        });
        let in_query = self.query.iter().map(|member| {
            json!({
                "name": member.name, "in": "query", "required": member.required,
                "schema": member.schema(false),
            })
        });
        let mut parameters: Vec<Value> = in_path.chain(in_query).collect();
        for parameter in &mut parameters {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if let Some(meaning) = glossary::meaning(&name) {
                parameter["description"] = meaning.into();
            }
            let place = parameter["in"].as_str().unwrap_or_default();
            if let Some(text) = example.and_then(|it| it.parameter(self.path, place, &name)) {
                parameter["example"] = text.into();
            }
        }
        parameters
    }
}

impl Body {
    fn to_value(&self, example: Option<&Example>) -> Value {
        let content = self.content_types.iter().map(|content_type| {
            let mut media = json!({ "schema": self.schema(content_type) });
            let body = example.and_then(|example| example.body.as_ref());
            if let Some(body) = body.filter(|_| *content_type == "application/json") {
                media["example"] = body.clone();
            }
            ((*content_type).to_owned(), media)
        });
        let content: Map<String, Value> = content.collect();
        json!({ "required": self.required, "content": content })
    }

    fn schema(&self, content_type: &str) -> Value {
        if content_type != "application/json" {
            return json!({ "type": "string", "format": "binary" });
        }
        if !self.is_object {
            return json!({});
        }
        let properties = self.members.iter().map(|member| {
            let mut schema = member.schema(true);
            if let (Some(meaning), None) =
                (glossary::meaning(member.name), schema.get("description"))
            {
                schema["description"] = meaning.into();
            }
            (member.name.to_owned(), schema)
        });
        let properties: Map<String, Value> = properties.collect();
        let required = self.members.iter().filter(|member| member.required);
        let required: Vec<&str> = required.map(|member| member.name).collect();
        let mut schema = json!({ "type": "object" });
        if !properties.is_empty() {
            schema["properties"] = properties.into();
        }
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema
    }
}
