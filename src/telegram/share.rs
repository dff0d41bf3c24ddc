//! What goes to other chats than the voter's own: links, answers in groups, cards of inline queries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::html;
use super::render::{Place, message, with_footer};
use crate::faq::Answer;
use crate::faq::wording::Wordings;
use crate::text::cut::shortened;

/// All but what stands for itself anywhere in an address (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The address by which an answer is sent on: a claim by its own words, of another entry the link that opens it.
pub(super) fn answer_address(answer: &Answer, bot: &str) -> Option<String> {
    let words = answer.share.as_deref().map(|words| share_address(words, ""));
    words.or_else(|| Some(share_address(&deep_link(bot, &answer.id)?, &answer.title)))
}

/// What is sent to a group: its buttons are links, as presses there are nobody's.
pub(super) fn group_body(
    asked: i64,
    topic: Option<i64>,
    answer: Option<&Answer>,
    text: &str,
    place: Place<'_>,
) -> Value {
    let (words, start, label) = match answer {
        Some(answer) => (with_footer(&answer.body, &answer.footer), answer.id.as_str(), "button_in_private"),
        None => (html::escape(text), "grup", "button_ask_in_private"),
    };
    let language = answer.map(|answer| answer.language).unwrap_or_default();
    let link =
        deep_link(place.bot, start).map(|url| json!([{"text": place.wordings.say(language, label, &[]), "url": url}]));
    let mut body = message(&words, link.as_slice());
    body["reply_parameters"] = json!({"message_id": asked, "allow_sending_without_reply": true});
    if let Some(topic) = topic {
        body["message_thread_id"] = json!(topic);
    }
    body
}

/// The address that opens a talk with the bot; `start` is what it begins with: an entry, or where it was pressed
/// (<https://core.telegram.org/api/links#bot-links>).
fn deep_link(bot: &str, start: &str) -> Option<String> {
    (!bot.is_empty()).then(|| format!("https://t.me/{bot}?start={start}"))
}

/// An entry as the card of an inline query (<https://core.telegram.org/bots/api#inlinequeryresultarticle>).
pub(super) fn inline_card(answer: &Answer, bot: &str, wordings: &Wordings) -> Value {
    /// How much of the answer stands under the title, in characters.
    const DESCRIBED: usize = 120;
    let link = deep_link(bot, &answer.id)
        .map(|url| json!([{"text": wordings.say(answer.language, "button_in_private", &[]), "url": url}]));
    let mut content = message(&with_footer(&answer.body, &answer.footer), &[]);
    let text = content["text"].take();
    json!({
        "type": "article",
        "id": answer.id,
        "title": answer.title,
        "description": shortened(answer.body.plain().lines().next().unwrap_or_default(), DESCRIBED),
        "input_message_content": {
            "message_text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": true},
        },
        "reply_markup": {"inline_keyboard": link.into_iter().collect::<Vec<_>>()},
    })
}

/// An address that lets a voter send `shared`, an address or words in place of one, and `text` under it to a chat of the
/// voter's choosing (<https://core.telegram.org/api/links#share-links>).
fn share_address(shared: &str, text: &str) -> String {
    let mut address = format!("https://t.me/share/url?url={}", utf8_percent_encode(shared, RESERVED));
    if !text.is_empty() {
        address.push_str(&format!("&text={}", utf8_percent_encode(text, RESERVED)));
    }
    address
}
