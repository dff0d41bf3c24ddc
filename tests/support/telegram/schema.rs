//! Which parameters each method takes, and whether a call's are as the Bot API wants them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Number, Value};

/// One parameter or field.
struct Field {
    name: &'static str,
    required: bool,
    types: Vec<&'static str>,
}

/// Methods and objects by name in lower case, with their fields.
static API: LazyLock<BTreeMap<String, Vec<Field>>> = LazyLock::new(|| {
    let mut api: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    let mut current = String::new();
    for line in include_str!("bot-api.txt").lines().filter(|l| !l.starts_with('#')) {
        if let Some((name, types)) = line.strip_prefix("  ").and_then(|l| l.split_once(' ')) {
            let field = Field {
                name: name.trim_end_matches('!'),
                required: name.ends_with('!'),
                types: types.split('|').collect(),
            };
            api.entry(current.clone()).or_default().push(field);
        } else {
            current = line.trim().to_lowercase();
            api.entry(current.clone()).or_default();
        }
    }
    api
});

/// Whether this Telegram speaks the method (`name` in lower case).
pub fn knows(name: &str) -> bool {
    API.contains_key(name) && !API_TYPES.contains(&name)
}

const API_TYPES: [&str; 6] = [
    "inlinekeyboardmarkup",
    "inlinekeyboardbutton",
    "replyparameters",
    "linkpreviewoptions",
    "messageentity",
    "botcommand",
];

/// What a check found.
pub struct Checked {
    /// The parameters in the types that the Bot API documents: digits as numbers, JSON in strings as values.
    pub params: Map<String, Value>,
    /// What Telegram itself would refuse: the first missing or mistyped parameter.
    pub refused: Option<String>,
    /// What Telegram would let pass or ignore, but a correct client would not send.
    pub faults: Vec<String>,
}

/// Checks the parameters of a call of `method` (lower case).
pub fn check(method: &str, params: &Map<String, Value>) -> Checked {
    let mut checked = Checked { params: Map::new(), refused: None, faults: Vec::new() };
    let Some(fields) = API.get(method) else { return checked };
    for (name, value) in params.iter().filter(|(_, v)| !v.is_null()) {
        let Some(field) = fields.iter().find(|f| f.name == name) else {
            checked.faults.push(format!("{method} has no parameter \"{name}\""));
            continue;
        };
        match coerce(value, &field.types, name) {
            Ok(value) => {
                checked.params.insert(name.clone(), value);
            }
            Err(fault) => {
                checked.refused.get_or_insert(fault);
            }
        }
    }
    for field in fields.iter().filter(|f| f.required && !checked.params.contains_key(f.name)) {
        let said = match field.name {
            "chat_id" => "chat_id is empty".to_owned(),
            "message_id" => "message identifier is not specified".to_owned(),
            "text" => "message text is empty".to_owned(),
            name => format!("parameter \"{name}\" is required"),
        };
        // setWebhook without an address takes the webhook away.
        if method != "setwebhook" {
            checked.refused.get_or_insert(said);
        }
    }
    for (name, value) in &checked.params {
        if let Some(field) = fields.iter().find(|f| f.name == name) {
            inside(value, &field.types, name, &mut checked.faults);
        }
    }
    checked
}

/// Brings a value into one of the `types`: outside JSON every parameter arrives as a string.
fn coerce(value: &Value, types: &[&str], name: &str) -> Result<Value, String> {
    let wrong = || format!("can't parse {name}: expected {}", types.join(" or "));
    types.iter().find_map(|kind| as_type(value, kind)).ok_or_else(wrong)
}

fn as_type(value: &Value, kind: &str) -> Option<Value> {
    match (kind, value) {
        ("Integer", Value::Number(n)) if n.is_i64() => Some(value.clone()),
        ("Integer", Value::String(s)) => s.parse::<i64>().ok().map(|n| Value::Number(n.into())),
        ("Float", Value::Number(_)) => Some(value.clone()),
        ("Float", Value::String(s)) => s.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
        ("Boolean" | "True", Value::Bool(_)) => Some(value.clone()),
        ("Boolean" | "True", Value::String(s)) => s.parse().ok().map(Value::Bool),
        ("String" | "InputFile", Value::String(_)) => Some(value.clone()),
        ("Integer" | "Float" | "Boolean" | "True" | "String" | "InputFile", _) => None,
        (list, Value::Array(_)) if list.starts_with("[]") => Some(value.clone()),
        (list, Value::String(s)) if list.starts_with("[]") => serde_json::from_str(s).ok().filter(Value::is_array),
        (list, _) if list.starts_with("[]") => None,
        (_, Value::Object(_)) => Some(value.clone()),
        (_, Value::String(s)) => serde_json::from_str(s).ok().filter(Value::is_object),
        _ => None,
    }
}

/// Looks into objects: required fields, unknown fields, types.
fn inside(value: &Value, types: &[&str], path: &str, faults: &mut Vec<String>) {
    if let (Some(kind), Value::Array(items)) = (types.iter().find_map(|t| t.strip_prefix("[]")), value) {
        for (i, item) in items.iter().enumerate() {
            let path = format!("{path}[{i}]");
            if as_type(item, kind).is_none() {
                faults.push(format!("{path}: expected {kind}"));
            }
            inside(item, &[kind], &path, faults);
        }
    }
    let Value::Object(object) = value else { return };
    // Kinds that this Telegram does not describe (web apps, scopes, ...) are taken as they are.
    let Some(fields) = types.iter().find_map(|t| API.get(&t.to_lowercase())) else { return };
    for field in fields.iter().filter(|f| f.required && object.get(f.name).is_none_or(Value::is_null)) {
        faults.push(format!("{path}: field \"{}\" is required", field.name));
    }
    for (name, value) in object.iter().filter(|(_, v)| !v.is_null()) {
        let path = format!("{path}.{name}");
        match fields.iter().find(|f| f.name == name) {
            None => faults.push(format!("{path}: no such field")),
            Some(field) if coerce(value, &field.types, name).is_err() => {
                faults.push(format!("{path}: expected {}", field.types.join(" or ")));
            }
            Some(field) => inside(value, &field.types, &path, faults),
        }
    }
}
