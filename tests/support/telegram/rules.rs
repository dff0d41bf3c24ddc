//! The rules for what a message may hold: text and its formatting, lengths, buttons, replies.

use serde_json::{Map, Value};

use super::Refusal;
use super::chat::Button;
use super::text::{Styled, units, whole};
use super::world::World;

/// Parameters of a call.
pub type Params = Map<String, Value>;

/// The longest text, in UTF-16 units after formatting is read.
pub const TEXT: usize = 4096;
/// The longest caption.
pub const CAPTION: usize = 1024;
/// The longest callback data, in bytes.
const DATA: usize = 64;

/// A whole number among the parameters.
pub fn number(params: &Params, name: &str) -> Option<i64> {
    params.get(name).and_then(whole)
}

/// Text among the parameters.
pub fn string<'a>(params: &'a Params, name: &str) -> &'a str {
    params.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The chat of a call. Names (`@...`) are of no chat here.
pub fn chat_id(params: &Params, name: &str) -> Result<i64, Refusal> {
    number(params, name).ok_or_else(|| Refusal::fault("Bad Request: chat not found"))
}

/// Reads a text with its `parse_mode` or entities.
fn styled(params: &Params, text: &str, entities: &str, faults: &mut Vec<String>) -> Result<Styled, Refusal> {
    let cannot = |why: String| Refusal::fault(&format!("Bad Request: can't parse entities: {why}"));
    let given = params.get(entities).and_then(Value::as_array);
    let styled = match (string(params, "parse_mode"), given) {
        ("", None) => Styled::plain(text),
        ("", Some(list)) => Styled::from_entities(text, list).map_err(cannot)?,
        (mode, given) => {
            if given.is_some() {
                faults.push(format!("{entities} beside parse_mode is ignored by Telegram"));
            }
            if !mode.eq_ignore_ascii_case("html") {
                return Err(Refusal::fault(&format!(
                    "Bad Request: unsupported parse_mode {mode} (this Telegram reads HTML)"
                )));
            }
            Styled::from_html(text).map_err(cannot)?
        }
    };
    if let Some(inner) = styled.nested_in_code() {
        faults.push(format!("{} inside code or pre is dropped by Telegram", inner.kind));
    }
    Ok(styled)
}

/// The `text` of a message, checked. `long` is what Telegram says when it is too long.
pub fn text(params: &Params, long: &str, faults: &mut Vec<String>) -> Result<Styled, Refusal> {
    let content = styled(params, string(params, "text"), "entities", faults)?;
    let invisible = |c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
    };
    if content.text.chars().all(invisible) {
        return Err(Refusal::fault("Bad Request: message text is empty"));
    }
    if units(&content.text) > TEXT {
        return Err(Refusal::fault(long));
    }
    Ok(content)
}

/// The `caption` of a message, checked; it may be empty.
pub fn caption(params: &Params, faults: &mut Vec<String>) -> Result<Styled, Refusal> {
    let content = styled(params, string(params, "caption"), "caption_entities", faults)?;
    if units(&content.text) > CAPTION {
        return Err(Refusal::fault("Bad Request: message caption is too long"));
    }
    Ok(content)
}

/// The inline keyboard of a call, checked; other keyboards are refused.
pub fn keyboard(params: &Params) -> Result<Vec<Vec<Button>>, Refusal> {
    let Some(markup) = params.get("reply_markup") else { return Ok(Vec::new()) };
    let bad = |why: &str| Refusal::fault(&format!("Bad Request: can't parse reply keyboard markup JSON object: {why}"));
    let Some(rows) = markup.get("inline_keyboard").and_then(Value::as_array) else {
        return Err(bad("only inline keyboards are used here"));
    };
    let mut out = Vec::new();
    for row in rows {
        let row = row.as_array().ok_or_else(|| bad("expected an Array of Array of InlineKeyboardButton"))?;
        out.push(row.iter().map(button).collect::<Result<Vec<_>, _>>()?);
    }
    // Empty rows are dropped; no buttons at all is no keyboard.
    out.retain(|row: &Vec<Button>| !row.is_empty());
    if out.iter().flatten().count() > 100 {
        return Err(Refusal::fault("Bad Request: REPLY_MARKUP_TOO_LONG"));
    }
    Ok(out)
}

fn button(value: &Value) -> Result<Button, Refusal> {
    let of = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let text = of("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Refusal::fault(
            "Bad Request: can't parse inline keyboard button: Field \"text\" must be non-empty",
        ));
    }
    let (data, url) = (of("callback_data"), of("url"));
    if data.is_none() && url.is_none() {
        return Err(Refusal::fault(
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ));
    }
    if data.is_some() && url.is_some() {
        return Err(Refusal::fault("Bad Request: can't parse inline keyboard button: exactly one action is allowed"));
    }
    if data.as_ref().is_some_and(|d| d.is_empty() || d.len() > DATA) {
        return Err(Refusal::fault("Bad Request: BUTTON_DATA_INVALID"));
    }
    if url.as_ref().is_some_and(|u| !["https://", "http://", "tg://"].iter().any(|s| u.starts_with(s))) {
        return Err(Refusal::fault("Bad Request: BUTTON_URL_INVALID"));
    }
    Ok(Button { text, data, url })
}

/// A reply stands in the topic of what it replies to: Telegram wants that said.
pub fn same_topic(world: &World, chat: i64, topic: Option<i64>, reply_to: Option<i64>, faults: &mut Vec<String>) {
    if let Some(to) = reply_to.and_then(|id| world.message(chat, id)).filter(|to| to.topic != topic) {
        faults.push(format!("a reply to a message of topic {:?} was sent to topic {topic:?}", to.topic));
    }
}

/// The message that a call replies to; `None` if it replies to none, or may be sent without.
pub fn reply_to(world: &World, params: &Params, chat: i64) -> Result<Option<i64>, Refusal> {
    let Some(reply) = params.get("reply_parameters").and_then(Value::as_object) else { return Ok(None) };
    let id = number(reply, "message_id")
        .ok_or_else(|| Refusal::fault("Bad Request: message identifier is not specified"))?;
    let place = number(reply, "chat_id").unwrap_or(chat);
    let message = world.message(place, id);
    if message.is_some_and(|m| !m.deleted) {
        return Ok(Some(id).filter(|_| place == chat));
    }
    if reply.get("allow_sending_without_reply") == Some(&Value::Bool(true)) {
        return Ok(None);
    }
    let said = "Bad Request: message to be replied not found";
    // A person may have deleted it in the meantime; a message that never was is the client's fault.
    Err(if message.is_some() { Refusal::new(400, said) } else { Refusal::fault(said) })
}
