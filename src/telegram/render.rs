//! Effects to Bot API calls. Pure: the same effect gives the same calls.

use serde_json::{Map, Value, json};

use super::api::object;
use super::button::{VoterButton, action_data};
use super::share::{answer_address, group_body};
use super::{attach, calendar, html};
use crate::desk::channel::Words as PostWords;
use crate::desk::recall::{Words, recall_name};
use crate::desk::reply::is_whole;
use crate::desk::{Action, Card, Choice, Content, Effect, List, Mark, Offer, ProposalLine, ReplyKey, VoterId};
use crate::faq::Answer;
use crate::faq::markup::Document;
use crate::faq::wording::Wordings;
use crate::store::outbox::{ASKERS, Call, MODERATORS, Rank, THREAD, TOPIC, public_name};
use crate::store::recall::message_name;
use crate::text::cut::{cut, parts};
use crate::text::language::Language;

/// The longest quotation in one message, in UTF-16 code units.
const QUOTED: usize = 3500;
/// The longest notice, in UTF-16 code units.
const LONGEST_NOTICE: usize = 4000;
/// So many buttons of a card stand side by side.
const IN_A_ROW: usize = 3;
/// The most related entries under an answer.
const RELATED: usize = 3;

/// The name of a ticket's card.
pub fn card_name(ticket: u64) -> String {
    format!("card:{ticket}")
}

/// How the names of a ticket's other messages in the moderator chat begin: parts of the question, what a voter wrote
/// after an answer, and lines about its delivery.
pub const TICKET_MESSAGES: [&str; 3] = ["more", "follow", "line"];

/// How the names of those of them begin that say what the first asker wrote, or show a picture of that one's.
pub const ASKER_MESSAGES: [&str; 2] = ["more", "follow"];

/// How the names of messages about a proposal begin: they hang on a ticket's card, and a reply to one is no answer.
pub const PROPOSAL: &str = "proposal";

/// The name of a message about a proposal.
fn proposal_name(line: &ProposalLine) -> String {
    format!("{PROPOSAL}:{}:{}:{}", line.ticket, line.number, line.line)
}

/// The proposal that a message of that name is about.
pub fn proposal_of(name: &str) -> Option<u64> {
    let mut parts = name.split(':');
    (parts.next()? == PROPOSAL).then(|| parts.nth(1)?.parse().ok())?
}

/// The name of the message that holds a moderator's answer.
pub fn answer_name(reply: ReplyKey) -> String {
    let asker = reply.asker.map(|asker| format!(":{asker}")).unwrap_or_default();
    format!("answer:{}:{}{asker}", reply.ticket, reply.message)
}

/// What tells the name of a voter's picture from those of a ticket's other messages.
const PICTURE: &str = ":picture:";

fn number_in(name: &str) -> Option<u64> {
    name.split(':').nth(1)?.split('#').next()?.parse().ok()
}

/// The ticket that a message of that name belongs to, if it holds a moderator's answer.
pub fn answered_ticket(name: &str) -> Option<u64> {
    number_in(name).filter(|_| name.starts_with("answer:"))
}

/// The ticket that a message of that name in the moderator chat stands for.
pub fn ticket_of(name: &str) -> Option<u64> {
    let kind = name.split(':').next()?;
    number_in(name).filter(|_| kind == "card" || TICKET_MESSAGES.contains(&kind))
}

/// Who and where, for rendering.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The moderator chat, where media are copied from.
    pub moderators: i64,
    /// The chat above them, if there is one.
    pub above: Option<i64>,
    /// The public channel, if there is one.
    pub channel: Option<i64>,
    /// The words on buttons.
    pub wordings: &'a Wordings,
    /// The bot's own name, without the `@`; empty if it is not known.
    pub bot: &'a str,
    /// The voter whose data were deleted by an effect before this.
    pub forgotten: Option<VoterId>,
    /// Whether a voter's doing led to it: in the moderator chat it comes after what a moderator did.
    pub by_voter: bool,
    /// The topic of the moderators' forum in which it was written what led to it.
    pub topic: Option<i64>,
}

impl Place<'_> {
    fn to_voter(self, voter: VoterId, method: &str, body: Value) -> Call {
        Call {
            chat: voter,
            voter: Some(voter).filter(|voter| Some(*voter) != self.forgotten),
            method: method.to_owned(),
            body: object(body),
            name: None,
            reply: None,
            code: None,
            rank: Rank::Card,
        }
    }

    /// What is said to the moderators, of this voter's data if it holds some.
    fn to_moderators(self, voter: Option<VoterId>, method: &str, body: Value, name: Option<String>) -> Call {
        let rank = if self.by_voter { Rank::Further } else { Rank::Moderator };
        let voter = voter.filter(|voter| Some(*voter) != self.forgotten);
        let (chat, method, body) = (MODERATORS, method.to_owned(), object(body));
        Call { chat, voter, method, body, name, reply: None, code: None, rank }
    }
}

/// The calls that carry out `effect`, in order; none if nothing is sent for it. What is posted of a ticket is emptied by
/// [`emptied`].
pub fn calls(effect: &Effect, place: Place<'_>) -> Vec<Call> {
    let to = |voter: VoterId, method: &str, body: Value| place.to_voter(voter, method, body);
    match effect {
        Effect::Answer { voter, key, answer, head, reply } => {
            let mut call = to(*voter, "sendMessage", answer_body(answer, key, head, reply.is_some(), place));
            call.code = Some(answer.code.clone());
            if let Some(key) = reply {
                call.name = Some(answer_name(*key));
                call.reply = Some(*key);
            }
            vec![call]
        }
        Effect::More { voter, answer } => {
            let text = with_footer(answer.more.as_ref().unwrap_or(&answer.body), &answer.footer);
            let mut call = to(*voter, "sendMessage", message(&text, &[]));
            call.code = Some(answer.code.clone());
            vec![call]
        }
        Effect::Suggest { voter, key, text, offers, person } => {
            let mut rows = offer_rows(offers, key);
            rows.push(json!([button(person, &VoterButton::Person.data(key))]));
            vec![to(*voter, "sendMessage", message(&html::escape(text), &rows))]
        }
        Effect::SuggestAnswer { voter, key, before, content, after, helped, person, code } => {
            let mut body = words(before, content);
            if let Some(Value::String(text)) = body.get_mut("text") {
                text.push_str(after);
            }
            let helped = json!([button(helped, &VoterButton::Rated(code.clone(), true).data(key))]);
            let rows = json!([helped, [button(person, &VoterButton::Person.data(key))]]);
            body.insert("reply_markup".to_owned(), json!({"inline_keyboard": rows}));
            vec![Call { code: Some(code.clone()), ..to(*voter, "sendMessage", Value::Object(body)) }]
        }
        Effect::Menu { voter, text, rows } => {
            let row = |choices: &Vec<(String, Choice)>| -> Value {
                choices
                    .iter()
                    .map(|(label, choice)| button(label, &VoterButton::Menu(choice.clone()).data("")))
                    .collect()
            };
            let rows: Vec<Value> = rows.iter().map(row).collect();
            vec![to(*voter, "sendMessage", message(&html::document(text), &rows))]
        }
        Effect::AskPicture { voter, key, text, yes } => {
            let row = json!([button(yes, &VoterButton::Picture.data(key))]);
            vec![to(*voter, "sendMessage", message(&html::escape(text), &[row]))]
        }
        Effect::CopyPicture { ticket, voter, message, head } => {
            // What stood under it may name people; its masked words are on the card.
            let body = json!({"from_chat_id": voter, "message_id": message, "caption": head});
            let name = format!("more:{ticket}{PICTURE}{message}");
            let mut call = on_card(*ticket, Some(*voter), body, Some(name), place);
            call.method = "copyMessage".to_owned();
            vec![call]
        }
        Effect::Confirm { voter, text, yes, no } => {
            let choice = |words: &str, sure| json!([button(words, &VoterButton::Erase(sure).data(""))]);
            vec![to(*voter, "sendMessage", message(&html::escape(text), &[choice(yes, true), choice(no, false)]))]
        }
        Effect::ToGroup { group, message: asked, topic, answer, text } => {
            vec![to(*group, "sendMessage", group_body(*asked, *topic, answer.as_ref(), text, place))]
        }
        Effect::Picture { voter, picture, caption, instead } => {
            vec![to(*voter, "sendPhoto", attach::picture(picture, caption, instead))]
        }
        Effect::Data { voter, text, caption, instead } => {
            let (name, kind) = ("data-saya.json".to_owned(), "application/json".to_owned());
            let file = attach::File { name, kind, text: text.clone() };
            vec![to(*voter, "sendDocument", attach::file(&file, caption, instead))]
        }
        Effect::Calendar { voter, days, made, caption, instead } => {
            vec![to(*voter, "sendDocument", attach::file(&calendar::file(days, *made), caption, instead))]
        }
        Effect::Say { voter, text } => vec![to(*voter, "sendMessage", message(&html::document(text), &[]))],
        Effect::Quote { voter, before, quote, .. } => {
            let text = format!("{}\n{}", html::escape(before), html::quote(quote));
            vec![to(*voter, "sendMessage", message(&text, &[]))]
        }
        Effect::Deliver { voter, reply, before, content, album } => {
            deliver(*voter, *reply, before, content, album, place)
        }
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
        Effect::TakeBack { voter, reply, late, text, caption, messages } => {
            take_back(*voter, *reply, *late, text, (*caption, *messages), place)
        }
        Effect::ShowCard(card) => {
            let mut call = card_call(card, place, "sendMessage");
            call.rank = if card.urgent { Rank::Moderator } else { Rank::Card };
            vec![call]
        }
        Effect::UpdateCard(card) => vec![card_edit(card, place)],
        Effect::Part { ticket, voter, place: number, head, text, posted } => {
            let name = format!("more:{ticket}:{number}");
            let body = quotation(head, text);
            if *posted {
                return vec![edit_of(*voter, &name, body, place)];
            }
            vec![on_card(*ticket, Some(*voter), body, Some(name), place)]
        }
        Effect::FollowUp { ticket, voter, message, head, text } => {
            let bodies = parts(text, QUOTED, QUOTED).into_iter().map(|part| quotation(head, &part)).enumerate();
            let name = |part: usize| Some(format!("follow:{ticket}:{message}:{part}"));
            bodies.map(|(i, body)| on_card(*ticket, Some(*voter), body, name(i), place)).collect()
        }
        Effect::Line { ticket, key, text, actions } => {
            let rows: Vec<Value> =
                actions.iter().map(|(key, label, action)| json!([button(label, &action_data(key, action))])).collect();
            let (head, rest) = text.split_once(' ').unwrap_or((text, ""));
            let words = format!("<b>{}</b> {}", html::escape(head), html::escape(rest));
            vec![on_card(*ticket, None, message(&words, &rows), Some(format!("line:{ticket}:{key}")), place)]
        }
        Effect::ProposalLine(line) => vec![proposal_line(line, place)],
        Effect::Preview { ticket, answer, head, actions } => {
            let row: Vec<Value> =
                actions.iter().map(|(key, label, action)| button(label, &action_data(key, action))).collect();
            let text = format!("<b>{}</b>\n\n{}", html::escape(head), with_footer(&answer.body, &answer.footer));
            let name = format!("line:{ticket}:preview:{}", answer.id);
            vec![on_card(*ticket, None, message(&text, &[json!(row)]), Some(name), place)]
        }
        Effect::Notice { text, about } => {
            let mut body = message(&html::escape(cut(text, LONGEST_NOTICE).0), &[]);
            if let Some(about) = about {
                body["reply_parameters"] = json!({"message_id": about, "allow_sending_without_reply": true});
            }
            if let Some(topic) = place.topic {
                body[THREAD] = json!(topic);
            }
            vec![place.to_moderators(None, "sendMessage", body, None)]
        }
        Effect::Chart { picture, caption } => {
            vec![place.to_moderators(None, "sendPhoto", attach::picture(picture, caption, caption), None)]
        }
        Effect::RecallLine { key, text, actions, posted } => {
            let row: Vec<Value> =
                actions.iter().map(|(label, action)| json!([button(label, &action_data(key, action))])).collect();
            let name = recall_name(key);
            let mut body = message(&html::escape(text), &[]);
            body["reply_markup"] = json!({"inline_keyboard": row});
            if *posted {
                body["message_id"] = json!(format!("@{name}"));
            }
            let method = if *posted { "editMessageText" } else { "sendMessage" };
            let call = place.to_moderators(None, method, body, Some(name));
            // How far it came leaves room for what moderators wait for.
            let goes_on = *posted && !actions.is_empty();
            vec![Call { rank: if goes_on { Rank::Further } else { call.rank }, ..call }]
        }
        Effect::Recalled { voter, key, words } => {
            let (body, code) = match words {
                Words::Answer { head, answer } => {
                    (answer_body(answer, "", head, true, place), Some(answer.code.clone()))
                }
                Words::Said(text) => (message(&html::escape(text), &[]), None),
                Words::Reason { before, quote } => {
                    (message(&format!("{}\n{}", html::escape(before), html::quote(quote)), &[]), None)
                }
            };
            let (name, rank) = (Some(message_name(key, *voter)), Rank::Last);
            vec![Call { name, code, rank, ..to(*voter, "sendMessage", body) }]
        }
        Effect::List(list) => self::list(list, place).into_iter().collect(),
        Effect::PostLine { ticket, name, text, quote, actions, posted } => {
            let rows: Vec<Value> =
                actions.iter().map(|(key, label, action)| json!([button(label, &action_data(key, action))])).collect();
            let words = quote.as_ref().map(|quote| format!("\n{}", html::quote(quote))).unwrap_or_default();
            let mut body = message(&format!("{}{words}", html::escape(text)), &rows);
            if *posted {
                body["message_id"] = json!(format!("@{name}"));
                body["reply_markup"] = json!({"inline_keyboard": rows});
                return vec![place.to_moderators(None, "editMessageText", body, Some(name.clone()))];
            }
            vec![on_card(*ticket, None, body, Some(name.clone()), place)]
        }
        Effect::ToChannel { key, words, posted } => public_post(key, words, *posted, place).into_iter().collect(),
        Effect::AskConsent { voter, key, text, quote, yes, no } => {
            let choice = |words: &str, yes| json!([button(words, &VoterButton::Consent(yes).data(key))]);
            let text = format!("{}\n{}", html::escape(text), html::quote(quote));
            vec![to(*voter, "sendMessage", message(&text, &[choice(yes, true), choice(no, false)]))]
        }
        Effect::Empty { .. }
        | Effect::EmptyWords { .. }
        | Effect::KeepRecall(_)
        | Effect::KeepProposal(_)
        | Effect::Try { .. }
        | Effect::Teach
        | Effect::StopRecall { .. }
        | Effect::Retract(_)
        | Effect::KeepVersions(_)
        | Effect::KeepPost(_)
        | Effect::DropPost { .. }
        | Effect::ForgetSent { .. }
        | Effect::Star { .. }
        | Effect::KeepDraw(_)
        | Effect::Toast(_)
        | Effect::KeepTicket(_)
        | Effect::KeepAsked(_)
        | Effect::IndexTicket { .. }
        | Effect::KeepAsker { .. }
        | Effect::DropAsker { .. }
        | Effect::Remember { .. }
        | Effect::Outlive { .. }
        | Effect::Forget { .. }
        | Effect::Reach { .. }
        | Effect::Later { .. }
        | Effect::Never { .. }
        | Effect::CalledToMind { .. }
        | Effect::Reload
        | Effect::Sweep { .. } => Vec::new(),
    }
}

/// A post in the public channel, new or in the place of what was there before; none that is new where there is no channel. What
/// stands in a channel is changed where it stands.
fn public_post(key: &str, words: &PostWords, posted: bool, place: Place<'_>) -> Option<Call> {
    let question = match words.own {
        true => html::quote(&words.question),
        false => format!("<b>{}</b>", html::escape(&words.question)),
    };
    let answer = html::escape(&words.answer);
    let parts = [
        words.note.as_ref().map(|note| format!("<i>{}</i>", html::escape(note))),
        Some(question).filter(|_| !words.question.is_empty()),
        Some(if words.struck { format!("<s>{answer}</s>") } else { answer }).filter(|_| !words.answer.is_empty()),
        Some(format!("<i>{}</i>", html::escape(&words.foot))).filter(|_| !words.foot.is_empty()),
    ];
    let mut body = message(&parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"), &[]);
    let name = public_name(key);
    if posted {
        body["message_id"] = json!(format!("@{name}"));
    }
    let method = if posted { "editMessageText" } else { "sendMessage" };
    let (method, body, name) = (method.to_owned(), object(body), Some(name));
    let chat = place.channel.or(Some(MODERATORS).filter(|_| posted))?;
    Some(Call { chat, voter: None, method, body, name, reply: None, code: None, rank: Rank::Last })
}

/// The name of a list.
fn list_name(key: &str) -> String {
    format!("list:{key}")
}

/// A list, new or in the place of what it was before; none for a chat that is not there.
fn list(list: &List, place: Place<'_>) -> Option<Call> {
    let (first, rest) = list.head.split_once('\n').unwrap_or((&list.head, ""));
    let mut lines = vec![format!("<b>{}</b>", html::escape(first))];
    lines.extend((!rest.is_empty()).then(|| html::escape(rest)));
    lines.extend((!list.quote.is_empty()).then(|| html::quote(&list.quote)));
    let row = |buttons: &Vec<(String, String, Action)>| -> Value {
        buttons.iter().map(|(key, label, action)| button(label, &action_data(key, action))).collect()
    };
    let rows: Vec<Value> = list.rows.iter().map(row).collect();
    let mut body = message(&lines.join("\n"), &rows);
    let name = list_name(&list.key);
    let method = if list.posted {
        body["message_id"] = json!(format!("@{name}"));
        body["reply_markup"] = json!({"inline_keyboard": rows});
        "editMessageText"
    } else {
        "sendMessage"
    };
    let call = place.to_moderators(None, method, body, Some(name));
    if list.above { place.above.map(|chat| Call { chat, ..call }) } else { Some(call) }
}

/// The call that empties the list of that key: somebody whose words are in it had them deleted, or asks something else.
pub fn emptied_list(key: &str, place: Place<'_>) -> Call {
    let text = place.wordings.say(Language::Indonesian, "list_erased", &[]);
    let mut body = message(&html::escape(&text), &[]);
    body["message_id"] = json!(format!("@{}", list_name(key)));
    body["reply_markup"] = json!({"inline_keyboard": []});
    place.to_moderators(None, "editMessageText", body, Some(list_name(key)))
}

/// The calls that empty what was posted of a ticket: its card, and the messages of these names.
pub fn emptied(card: &Card, text: &str, names: &[String], place: Place<'_>) -> Vec<Call> {
    let mut calls = vec![card_edit(card, place)];
    calls.extend(emptied_messages(card.number, text, names, place));
    calls
}

/// The calls that empty the messages of these names, but for the ticket's card.
pub fn emptied_messages(ticket: u64, text: &str, names: &[String], place: Place<'_>) -> Vec<Call> {
    let line = html::escape(text);
    let others = names.iter().filter(|name| **name != card_name(ticket));
    let others = others.map(|name| {
        if name.contains(PICTURE) {
            let body = json!({"message_id": format!("@{name}")});
            return place.to_moderators(None, "deleteMessage", body, Some(name.clone()));
        }
        let mut body = message(&line, &[]);
        body["message_id"] = json!(format!("@{name}"));
        body["reply_markup"] = json!({"inline_keyboard": []});
        place.to_moderators(None, "editMessageText", body, Some(name.clone()))
    });
    others.collect()
}

fn button(text: &str, data: &str) -> Value {
    json!({"text": text, "callback_data": data})
}

fn offer_rows(offers: &[Offer], key: &str) -> Vec<Value> {
    offers.iter().map(|o| json!([button(&o.title, &VoterButton::Entry(o.id.clone()).data(key))])).collect()
}

pub(super) fn message(html: &str, rows: &[Value]) -> Value {
    let mut body = json!({"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": true}});
    if !rows.is_empty() {
        body["reply_markup"] = json!({"inline_keyboard": rows});
    }
    body
}

/// What is told, with its sources, its review date and its code.
pub(super) fn with_footer(text: &Document, footer: &str) -> String {
    let (text, footer) = (html::document(text), html::escape(footer));
    if text.is_empty() { format!("<i>{footer}</i>") } else { format!("{text}\n\n<i>{footer}</i>") }
}

fn answer_body(answer: &Answer, key: &str, head: &str, chosen: bool, place: Place<'_>) -> Value {
    let say = |key: &str| place.wordings.say(answer.language, key, &[]);
    let text = format!("{}{}", html::escape(head), with_footer(&answer.body, &answer.footer));
    let more = answer.more.as_ref().map(|_| VoterButton::More(answer.id.clone()).data(key));
    let mut rows: Vec<Value> = more.iter().map(|data| json!([button(&say("button_more"), data)])).collect();
    let remind = answer.coming.as_ref().map(|coming| {
        let label = if coming.day.is_some() { "button_remind" } else { "button_when_set" };
        json!([button(&say(label), &VoterButton::Menu(Choice::Remind(answer.id.clone())).data(""))])
    });
    rows.extend(remind);
    let share = answer_address(answer, place.bot);
    let share = share.map(|url| json!([{"text": say("button_share"), "url": url}]));
    if chosen {
        rows.extend(share);
        // A moderator chose it: no question whether it was the right one.
        return message(&text, &rows);
    }
    let rate = |label: &str, helped| button(&say(label), &VoterButton::Rated(answer.id.clone(), helped).data(key));
    rows.push(json!([rate("button_helpful", true), rate("button_not_helpful", false)]));
    rows.extend(share);
    let related: Vec<Offer> =
        answer.related.iter().take(RELATED).map(|(id, title)| Offer { id: id.clone(), title: title.clone() }).collect();
    rows.extend(offer_rows(&related, key));
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

fn deliver(
    voter: VoterId,
    reply: ReplyKey,
    before: &str,
    content: &Content,
    album: &[i64],
    place: Place<'_>,
) -> Vec<Call> {
    let call = |method: &str, body: Map<String, Value>, named: bool| {
        let mut call = place.to_voter(voter, method, Value::Object(body));
        (call.name, call.reply) = (named.then(|| answer_name(reply)), named.then_some(reply));
        call
    };
    let whole = album.is_empty() && is_whole(before, content);
    let mut calls = Vec::new();
    if !whole {
        calls.push(call("sendMessage", object(message(&html::escape(before.trim()), &[])), false));
    }
    let before = if whole { before } else { "" };
    if !album.is_empty() {
        let mut body = object(json!({"from_chat_id": place.moderators, "message_ids": album}));
        if !content.text.is_empty() {
            // Goes alone if nothing can be copied.
            let mut words = words(before, content);
            body.insert("caption".to_owned(), words.remove("text").unwrap_or_default());
            body.insert("caption_entities".to_owned(), words.remove("entities").unwrap_or_default());
        }
        calls.push(call("copyMessages", body, true));
        return calls;
    }
    match &content.media {
        None => calls.push(call("sendMessage", words(before, content), true)),
        Some(media) => {
            let mut body = object(json!({"from_chat_id": place.moderators, "message_id": reply.message}));
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

/// `shape`: whether the place is under a picture, and how many messages it is.
fn take_back(
    voter: VoterId,
    reply: ReplyKey,
    late: bool,
    text: &str,
    shape: (bool, usize),
    place: Place<'_>,
) -> Vec<Call> {
    let (caption, messages) = shape;
    let name = answer_name(reply);
    let at = |i: usize| if i == 0 { format!("@{name}") } else { format!("@{name}#{i}") };
    if late {
        let (method, field) = if caption { ("editMessageCaption", "caption") } else { ("editMessageText", "text") };
        return vec![place.to_voter(voter, method, json!({"message_id": at(0), field: text}))];
    }
    let line = message(&html::escape(text), &[]);
    let deleted = (0..messages).map(|i| place.to_voter(voter, "deleteMessage", json!({"message_id": at(i)})));
    deleted.chain(std::iter::once(place.to_voter(voter, "sendMessage", line))).collect()
}

fn card_edit(card: &Card, place: Place<'_>) -> Call {
    let mut call = card_call(card, place, "editMessageText");
    call.body.insert("message_id".to_owned(), json!(format!("@{}", card_name(card.number))));
    call
}

fn card_call(card: &Card, place: Place<'_>, method: &str) -> Call {
    let mut lines = vec![format!("<b>{}</b>", html::escape(&card.head))];
    if !card.question.is_empty() {
        lines.push(html::quote(&card.question));
    }
    for wording in &card.wordings {
        lines.push(html::quote(wording));
    }
    let other = card.notes.iter().chain(&card.status).map(|line| html::escape(line));
    lines.extend(other);
    let mut rows: Vec<Value> = Vec::new();
    if !card.nearest.is_empty() {
        lines.push(html::escape(&card.nearest_head));
        rows.extend(
            card.nearest
                .iter()
                .map(|offer| json!([button(&offer.title, &action_data(&card.key, &Action::Give(offer.id.clone())))])),
        );
        let wordings = place.wordings;
        let preview = |(place, offer): (usize, &Offer)| {
            let label = wordings.say(Language::Indonesian, "button_preview", &[("place", &(place + 1).to_string())]);
            button(&label, &action_data(&card.key, &Action::Preview(offer.id.clone())))
        };
        rows.push(card.nearest.iter().enumerate().map(preview).collect());
    }
    let (back, own): (Vec<_>, Vec<_>) =
        card.actions.iter().partition(|(_, action)| matches!(action, Action::TakeBack(_)));
    let buttons = |actions: &[&(String, Action)]| -> Vec<Value> {
        actions.iter().map(|(label, action)| button(label, &action_data(&card.key, action))).collect()
    };
    // What does not fit side by side on a telephone goes two by two.
    let in_a_row = if own.len() > IN_A_ROW { 2 } else { IN_A_ROW };
    rows.extend(own.chunks(in_a_row).map(|own| json!(buttons(own))));
    rows.extend(back.iter().map(|action| json!(buttons(&[*action]))));
    let mut body = message(&lines.join("\n"), &[]);
    // An empty keyboard takes the buttons of an earlier state away.
    body["reply_markup"] = json!({"inline_keyboard": rows});
    body[ASKERS] = json!(card.askers);
    body[TOPIC] = json!(card.topic.id());
    place.to_moderators(card.voter, method, body, Some(card_name(card.number)))
}

/// A message about a proposal: new under the card of its ticket, or in the place of what it said before.
fn proposal_line(line: &ProposalLine, place: Place<'_>) -> Call {
    let (first, rest) = line.text.split_once('\n').unwrap_or((&line.text, ""));
    let mut lines = vec![format!("<b>{}</b>", html::escape(first))];
    lines.extend((!rest.is_empty()).then(|| html::escape(rest)));
    lines.extend((!line.quote.is_empty()).then(|| html::quote(&line.quote)));
    let row = |buttons: &Vec<(String, Action)>| -> Value {
        buttons.iter().map(|(label, action)| button(label, &action_data(&line.key, action))).collect()
    };
    let rows: Vec<Value> = line.rows.iter().map(row).collect();
    let mut body = message(&lines.join("\n"), &rows);
    body["reply_markup"] = json!({"inline_keyboard": rows});
    let name = proposal_name(line);
    if line.posted {
        body["message_id"] = json!(format!("@{name}"));
        return place.to_moderators(line.voter, "editMessageText", body, Some(name));
    }
    on_card(line.ticket, line.voter, body, Some(name), place)
}

/// A line and a quotation.
fn quotation(head: &str, text: &str) -> Value {
    let quote = if text.is_empty() { String::new() } else { format!("\n{}", html::quote(text)) };
    message(&format!("<b>{}</b>{quote}", html::escape(head)), &[])
}

fn edit_of(voter: VoterId, name: &str, mut body: Value, place: Place<'_>) -> Call {
    body["message_id"] = json!(format!("@{name}"));
    place.to_moderators(Some(voter), "editMessageText", body, Some(name.to_owned()))
}

fn on_card(ticket: u64, voter: Option<VoterId>, mut body: Value, name: Option<String>, place: Place<'_>) -> Call {
    body["reply_parameters"] =
        json!({"message_id": format!("@{}", card_name(ticket)), "allow_sending_without_reply": true});
    place.to_moderators(voter, "sendMessage", body, name)
}
