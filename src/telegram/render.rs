//! Effects to Bot API calls. Pure: the same effect gives the same calls.

use serde_json::{Map, Value, json};

use super::api::object;
use super::button::{VoterButton, action_data};
use super::html;
use crate::desk::moderator::is_whole;
use crate::desk::{Action, Card, Content, Effect, Mark, Offer, ReplyKey, VoterId};
use crate::faq::Answer;
use crate::faq::wording::Wording;
use crate::store::outbox::{Call, MODERATORS, Rank};

/// The longest question that one card holds beside its other lines, in UTF-16 code units.
const CARD_QUESTION: usize = 3000;
/// The most related entries under an answer.
const RELATED: usize = 3;

/// The name of a ticket's card.
pub fn card_name(ticket: u64) -> String {
    format!("card:{ticket}")
}

/// The name of the message that holds a moderator's answer.
pub fn answer_name(reply: ReplyKey) -> String {
    format!("answer:{}:{}", reply.ticket, reply.message)
}

/// The ticket that a message of that name belongs to, if it holds a moderator's answer.
pub fn answered_ticket(name: &str) -> Option<u64> {
    name.strip_prefix("answer:")?.split(':').next()?.parse().ok()
}

/// Who and where, for rendering.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The moderator chat.
    pub moderators: i64,
    /// The words on buttons.
    pub wording: &'a Wording,
    /// Whether the voter's data were deleted by an effect before this.
    pub forgotten: bool,
}

/// The calls that carry out `effect`, in order; none if nothing is sent for it.
pub fn calls(effect: &Effect, place: Place<'_>) -> Vec<Call> {
    let to = |voter: VoterId, method: &str, body: Value| Call {
        chat: voter,
        voter: Some(voter).filter(|_| !place.forgotten),
        method: method.to_owned(),
        body: object(body),
        name: None,
        reply: None,
        rank: Rank::Moderator,
    };
    match effect {
        Effect::Answer { voter, answer, reply } => {
            let mut call = to(*voter, "sendMessage", answer_body(answer, reply.as_ref(), place.wording));
            if let Some((key, _)) = reply {
                call.name = Some(answer_name(*key));
                call.reply = Some(*key);
            }
            vec![call]
        }
        Effect::Suggest { voter, text, offers, person } => {
            let mut rows = offer_rows(offers);
            rows.push(json!([button(person, &VoterButton::Person.data())]));
            vec![to(*voter, "sendMessage", message(&html::escape(text), &rows))]
        }
        Effect::Say { voter, text } => vec![to(*voter, "sendMessage", message(&html::document(text), &[]))],
        Effect::Quote { voter, before, quote, .. } => {
            let text = format!("{}\n{}", html::escape(before), html::quote(quote));
            vec![to(*voter, "sendMessage", message(&text, &[]))]
        }
        Effect::Deliver { voter, reply, before, content } => deliver(*voter, *reply, before, content, place.moderators),
        Effect::Correct { voter, reply, before, content } => {
            let mut body = words(before, content);
            let method = if content.media.is_some() {
                let text = body.remove("text").unwrap_or_default();
                let entities = body.remove("entities").unwrap_or_default();
                body = object(json!({"caption": text, "caption_entities": entities}));
                "editMessageCaption"
            } else {
                "editMessageText"
            };
            let name = answer_name(*reply);
            body.insert("message_id".to_owned(), json!(format!("@{name}")));
            let mut call = to(*voter, method, Value::Object(body));
            (call.name, call.reply) = (Some(name), Some(*reply));
            vec![call]
        }
        Effect::TakeBack { voter, reply, late, text, caption } => take_back(*voter, *reply, *late, text, *caption),
        Effect::ShowCard(card) => show_card(card, place),
        Effect::UpdateCard(card) => {
            let mut call = card_call(card, place, "editMessageText", Rank::Moderator);
            call.body.insert("message_id".to_owned(), json!(format!("@{}", card_name(card.number))));
            vec![call]
        }
        Effect::FollowUp { ticket, voter, head, text } => {
            quotes(head, text).into_iter().map(|body| on_card(*ticket, Some(*voter), body, Rank::Moderator)).collect()
        }
        Effect::Notice(text) => vec![Call {
            chat: MODERATORS,
            voter: None,
            method: "sendMessage".to_owned(),
            body: object(message(&html::escape(html::cut(text, 4000).0), &[])),
            name: None,
            reply: None,
            rank: Rank::Moderator,
        }],
        Effect::Toast(_)
        | Effect::KeepTicket(_)
        | Effect::Remember { .. }
        | Effect::Forget { .. }
        | Effect::Reach { .. }
        | Effect::Later { .. }
        | Effect::Reload
        | Effect::Sweep { .. } => Vec::new(),
    }
}

fn button(text: &str, data: &str) -> Value {
    json!({"text": text, "callback_data": data})
}

fn offer_rows(offers: &[Offer]) -> Vec<Value> {
    offers.iter().map(|o| json!([button(&o.title, &VoterButton::Entry(o.id.clone()).data())])).collect()
}

fn message(html: &str, rows: &[Value]) -> Value {
    let mut body = json!({"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": true}});
    if !rows.is_empty() {
        body["reply_markup"] = json!({"inline_keyboard": rows});
    }
    body
}

fn answer_body(answer: &Answer, reply: Option<&(ReplyKey, String)>, wording: &Wording) -> Value {
    let body = html::document(&answer.body);
    let footer = format!("<i>{}</i>", html::escape(&answer.footer));
    let text = if body.is_empty() { footer } else { format!("{body}\n\n{footer}") };
    if let Some((_, head)) = reply {
        // A moderator chose it: no question whether it was the right one.
        return message(&format!("{}{text}", html::escape(head)), &[]);
    }
    let rate =
        |key: &str, helped| button(&wording.say(key, &[]), &VoterButton::Rated(answer.id.clone(), helped).data());
    let mut rows = vec![json!([rate("button_helpful", true), rate("button_not_helpful", false)])];
    let related: Vec<Offer> =
        answer.related.iter().take(RELATED).map(|(id, title)| Offer { id: id.clone(), title: title.clone() }).collect();
    rows.extend(offer_rows(&related));
    message(&text, &rows)
}

/// The bot's words, then a moderator's with their formatting.
fn words(before: &str, content: &Content) -> Map<String, Value> {
    let shift = before.encode_utf16().count();
    let entities: Vec<Value> = content.marks.iter().map(|mark| entity(mark, shift)).collect();
    object(json!({
        "text": format!("{before}{}", content.text),
        "entities": entities,
        "link_preview_options": {"is_disabled": true},
    }))
}

fn entity(mark: &Mark, shift: usize) -> Value {
    let mut entity = json!({"type": mark.kind, "offset": mark.offset + shift, "length": mark.length});
    if let Some(url) = &mark.url {
        entity["url"] = json!(url);
    }
    entity
}

fn deliver(voter: VoterId, reply: ReplyKey, before: &str, content: &Content, moderators: i64) -> Vec<Call> {
    let call = |method: &str, body: Map<String, Value>, named: bool| Call {
        chat: voter,
        voter: Some(voter),
        method: method.to_owned(),
        body,
        name: named.then(|| answer_name(reply)),
        reply: named.then_some(reply),
        rank: Rank::Moderator,
    };
    let whole = is_whole(before, content);
    let mut calls = Vec::new();
    if !whole {
        calls.push(call("sendMessage", object(message(&html::escape(before.trim()), &[])), false));
    }
    let before = if whole { before } else { "" };
    match &content.media {
        None => calls.push(call("sendMessage", words(before, content), true)),
        Some(media) => {
            let mut body = object(json!({"from_chat_id": moderators, "message_id": reply.message}));
            if media.captioned && whole {
                let mut words = words(before, content);
                body.insert("caption".to_owned(), words.remove("text").unwrap_or_default());
                body.insert("caption_entities".to_owned(), words.remove("entities").unwrap_or_default());
            }
            calls.push(call("copyMessage", body, true));
        }
    }
    calls
}

fn take_back(voter: VoterId, reply: ReplyKey, late: bool, text: &str, caption: bool) -> Vec<Call> {
    let name = answer_name(reply);
    let call = |method: &str, body: Value| Call {
        chat: voter,
        voter: Some(voter),
        method: method.to_owned(),
        body: object(body),
        name: None,
        reply: None,
        rank: Rank::Moderator,
    };
    let place = format!("@{name}");
    if late {
        let (method, field) = if caption { ("editMessageCaption", "caption") } else { ("editMessageText", "text") };
        return vec![call(method, json!({"message_id": place, field: text}))];
    }
    let line = message(&html::escape(text), &[]);
    vec![call("deleteMessage", json!({"message_id": place})), call("sendMessage", line)]
}

/// A card, and what of its question does not fit, as a reply to it.
fn show_card(card: &Card, place: Place<'_>) -> Vec<Call> {
    let mut calls = vec![card_call(card, place, "sendMessage", Rank::Card)];
    let rest = html::cut(&card.question, CARD_QUESTION).1;
    if !rest.is_empty() {
        let head = place.wording.say("card_rest", &[("number", &card.number.to_string())]);
        let bodies = quotes(&head, rest);
        calls.extend(bodies.into_iter().map(|body| on_card(card.number, card.voter, body, Rank::Card)));
    }
    calls
}

fn card_call(card: &Card, place: Place<'_>, method: &str, rank: Rank) -> Call {
    let (shown, rest) = html::cut(&card.question, CARD_QUESTION);
    let mut lines = vec![format!("<b>{}</b>", html::escape(&card.head))];
    if !shown.is_empty() {
        lines.push(html::quote(if rest.is_empty() { shown } else { shown.trim_end() }));
    }
    let other = card.notes.iter().chain(&card.status).map(|line| html::escape(line));
    lines.extend(other);
    let mut rows: Vec<Value> = Vec::new();
    if !card.nearest.is_empty() {
        lines.push(html::escape(&card.nearest_head));
        rows.extend(
            card.nearest
                .iter()
                .map(|offer| json!([button(&offer.title, &action_data(card.number, &Action::Give(offer.id.clone())))])),
        );
    }
    let (back, own): (Vec<_>, Vec<_>) =
        card.actions.iter().partition(|(_, action)| matches!(action, Action::TakeBack(_)));
    let buttons = |actions: &[&(String, Action)]| -> Vec<Value> {
        actions.iter().map(|(label, action)| button(label, &action_data(card.number, action))).collect()
    };
    if !own.is_empty() {
        rows.push(json!(buttons(&own)));
    }
    rows.extend(back.iter().map(|action| json!(buttons(&[*action]))));
    let mut body = message(&lines.join("\n"), &[]);
    // An empty keyboard takes the buttons of an earlier state away.
    body["reply_markup"] = json!({"inline_keyboard": rows});
    Call {
        chat: MODERATORS,
        voter: card.voter.filter(|_| !place.forgotten),
        method: method.to_owned(),
        body: object(body),
        name: Some(card_name(card.number)),
        reply: None,
        rank,
    }
}

/// A line and a quotation, in as many messages as it takes.
fn quotes(head: &str, text: &str) -> Vec<Value> {
    let mut bodies = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, tail) = html::cut(rest, CARD_QUESTION);
        bodies.push(message(&format!("<b>{}</b>\n{}", html::escape(head), html::quote(part)), &[]));
        rest = tail;
    }
    bodies
}

fn on_card(ticket: u64, voter: Option<VoterId>, mut body: Value, rank: Rank) -> Call {
    body["reply_parameters"] =
        json!({"message_id": format!("@{}", card_name(ticket)), "allow_sending_without_reply": true});
    Call {
        chat: MODERATORS,
        voter,
        method: "sendMessage".to_owned(),
        body: object(body),
        name: None,
        reply: None,
        rank,
    }
}
