//! What each method does to the world.

use serde_json::{Value, json};

use super::Refusal;
use super::chat::{Author, Media, Message, Topic};
use super::rules::{self, Params, chat_id, number, string};
use super::update;
use super::world::World;

type Answer = Result<Value, Refusal>;

/// How long a message can be deleted, in seconds.
const DELETABLE: i64 = 48 * 3600;
/// The kind of a file that Telegram does not know any more.
pub const LOST: &str = "nothing";
/// How long a press can be answered, in seconds.
const ANSWERABLE: i64 = 15 * 60;

/// Methods that put something into a chat: these are what Telegram's limits count.
pub fn is_limited(method: &str) -> bool {
    (method.starts_with("send") && method != "sendchataction")
        || method.starts_with("edit")
        || method.starts_with("copy")
        || method == "deletemessage"
}

/// Carries out a checked call. `faults` takes what Telegram lets pass but a correct client avoids.
pub fn carry_out(world: &mut World, method: &str, params: &Params, faults: &mut Vec<String>) -> Answer {
    match method {
        "getme" => {
            let mut me = world.bot.to_json();
            for (name, value) in [
                ("can_join_groups", true),
                ("can_read_all_group_messages", false),
                ("supports_inline_queries", false),
                ("can_connect_to_business", false),
                ("has_main_web_app", false),
            ] {
                me[name] = json!(value);
            }
            Ok(me)
        }
        "setwebhook" => update::set_webhook(world, params),
        "deletewebhook" => {
            let mut params = params.clone();
            params.remove("url");
            update::set_webhook(world, &params)
        }
        "getwebhookinfo" => Ok(update::webhook_info(world)),
        "sendmessage" => send_message(world, params, faults),
        "copymessage" => copy_message(world, params, faults),
        "copymessages" => copy_messages(world, params),
        "sendchataction" => world.open_chat(chat_id(params, "chat_id")?).map(|_| json!(true)),
        "editmessagetext" | "editmessagecaption" | "editmessagereplymarkup" => edit(world, method, params, faults),
        "deletemessage" => delete(world, params),
        "answercallbackquery" => answer_press(world, params),
        "setmycommands" | "deletemycommands" => set_commands(world, params),
        "getchat" => get_chat(world, params),
        "createforumtopic" | "editforumtopic" => arrange(world, method, params),
        "getchatmember" => {
            let chat = chat_id(params, "chat_id")?;
            world.open_chat(chat)?;
            let user = number(params, "user_id").unwrap_or_default();
            world.member_json(chat, user).ok_or_else(|| Refusal::new(400, "Bad Request: user not found"))
        }
        "getchatadministrators" => administrators(world, chat_id(params, "chat_id")?),
        other => match other.strip_prefix("send") {
            Some(kind) => send_media(world, params, kind, faults),
            None => Err(Refusal::fault("Not Found: method not found").code(404)),
        },
    }
}

/// Puts a new message of the bot into its chat; gives its JSON.
fn post(world: &mut World, message: Message) -> Value {
    let (chat, id) = (message.chat, message.id);
    world.keep(message);
    world.message_json(chat, id)
}

fn send_message(world: &mut World, params: &Params, faults: &mut Vec<String>) -> Answer {
    let content = rules::text(params, "Bad Request: message is too long", faults)?;
    let buttons = rules::keyboard(params)?;
    let chat = chat_id(params, "chat_id")?;
    let topic = world.writable_topic(chat, params)?;
    let reply_to = rules::reply_to(world, params, chat)?;
    rules::same_topic(world, chat, topic, reply_to, faults);
    let off = params.get("link_preview_options").and_then(|o| o.get("is_disabled")) == Some(&json!(true));
    let draft = world.draft(chat, Author::Bot);
    Ok(post(world, Message { content, buttons, topic, reply_to, preview: !off, ..draft }))
}

fn send_media(world: &mut World, params: &Params, kind: &str, faults: &mut Vec<String>) -> Answer {
    let kind = if kind == "videonote" { "video_note" } else { kind };
    let content = rules::caption(params, faults)?;
    let buttons = rules::keyboard(params)?;
    let chat = chat_id(params, "chat_id")?;
    world.writable_chat(chat)?;
    let reply_to = rules::reply_to(world, params, chat)?;
    let given = string(params, kind).to_owned();
    let file_id = if let Some(name) = given.strip_prefix("upload:") {
        // The server puts an uploaded file's name here; Telegram gives it an id.
        let id = format!("AgACAgUAAxkBAAIB{:04}{}", world.files.len(), name.len());
        world.files.insert(id.clone(), kind.to_owned());
        id
    } else {
        given
    };
    // A photo comes in several sizes with an id each.
    let known = file_id.strip_suffix("-s").unwrap_or(&file_id);
    match world.files.get(known) {
        None => return Err(Refusal::fault("Bad Request: wrong file identifier/HTTP URL specified")),
        // It was known once: an honest client may try.
        Some(lost) if lost == LOST => {
            return Err(Refusal::new(400, "Bad Request: wrong file identifier/HTTP URL specified"));
        }
        Some(real) if real != kind => {
            return Err(Refusal::fault(&format!("Bad Request: can't use file of type {real} as {kind}")));
        }
        Some(_) => {}
    }
    let media = Some(Media { kind: kind.to_owned(), file_id: known.to_owned() });
    let draft = world.draft(chat, Author::Bot);
    Ok(post(world, Message { content, buttons, reply_to, media, ..draft }))
}

fn copy_message(world: &mut World, params: &Params, faults: &mut Vec<String>) -> Answer {
    let (chat, from) = (chat_id(params, "chat_id")?, chat_id(params, "from_chat_id")?);
    let id = number(params, "message_id").unwrap_or_default();
    let buttons = rules::keyboard(params)?;
    let caption = if params.contains_key("caption") { Some(rules::caption(params, faults)?) } else { None };
    let protected = world.open_chat(from)?.protected;
    let topic = world.writable_topic(chat, params)?;
    let reply_to = rules::reply_to(world, params, chat)?;
    rules::same_topic(world, chat, topic, reply_to, faults);
    let original = world.message(from, id).cloned();
    let never = original.is_none();
    let Some(original) = original.filter(|m| !m.deleted) else {
        return Err(Refusal { fault: never, ..Refusal::new(400, "Bad Request: message to copy not found") });
    };
    if protected {
        return Err(Refusal::new(400, "Bad Request: the message can't be copied"));
    }
    if caption.is_some() && original.media.is_none() {
        faults.push("caption of a copied text message is ignored by Telegram".to_owned());
    }
    let content = caption.filter(|_| original.media.is_some()).unwrap_or(original.content);
    let draft = world.draft(chat, Author::Bot);
    let copy = Message { content, media: original.media, buttons, topic, reply_to, ..draft };
    let new = copy.id;
    world.keep(copy);
    Ok(json!({"message_id": new}))
}

/// Those that can't be copied are passed over.
fn copy_messages(world: &mut World, params: &Params) -> Answer {
    let (chat, from) = (chat_id(params, "chat_id")?, chat_id(params, "from_chat_id")?);
    let ids: Vec<i64> = params["message_ids"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    if ids.is_empty() || ids.len() > 100 || !ids.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::fault("Bad Request: message identifiers must be in a strictly increasing order"));
    }
    let protected = world.open_chat(from)?.protected;
    world.writable_chat(chat)?;
    let bare = params.get("remove_caption") == Some(&json!(true));
    let mut copies = Vec::new();
    for id in ids {
        let Some(original) = world.message(from, id).filter(|m| !m.deleted && !protected).cloned() else { continue };
        let content = if bare { super::text::Styled::default() } else { original.content };
        let copy = Message { content, media: original.media, ..world.draft(chat, Author::Bot) };
        copies.push(json!({"message_id": copy.id}));
        world.keep(copy);
    }
    Ok(Value::Array(copies))
}

fn edit(world: &mut World, method: &str, params: &Params, faults: &mut Vec<String>) -> Answer {
    let chat = chat_id(params, "chat_id")?;
    let id = number(params, "message_id")
        .ok_or_else(|| Refusal::fault("Bad Request: message identifier is not specified"))?;
    let buttons = rules::keyboard(params)?;
    let content = match method {
        "editmessagetext" => Some(rules::text(params, "Bad Request: MESSAGE_TOO_LONG", faults)?),
        "editmessagecaption" => Some(rules::caption(params, faults)?),
        _ => None,
    };
    world.open_chat(chat)?;
    let now = world.now();
    let mut message = mine(world, chat, id, "Bad Request: message to edit not found")?;
    if message.author != Author::Bot {
        return Err(Refusal::fault("Bad Request: message can't be edited"));
    }
    match (method, &message.media) {
        ("editmessagetext", Some(_)) => {
            return Err(Refusal::fault("Bad Request: there is no text in the message to edit"));
        }
        ("editmessagecaption", None) => {
            return Err(Refusal::fault("Bad Request: there is no caption in the message to edit"));
        }
        _ => {}
    }
    if content.as_ref().is_none_or(|c| *c == message.content) && buttons == message.buttons {
        return Err(Refusal::new(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
        ));
    }
    if let Some(content) = content {
        message.content = content;
        message.edited = Some(now);
    }
    message.buttons = buttons;
    message.edits += 1;
    Ok(post(world, message))
}

/// A message that a call names. One that never was is the client's fault, one that a person deleted is not.
fn mine(world: &World, chat: i64, id: i64, said: &str) -> Result<Message, Refusal> {
    let found = world.message(chat, id);
    let never = found.is_none();
    found.filter(|m| !m.deleted).cloned().ok_or_else(|| Refusal { fault: never, ..Refusal::new(400, said) })
}

fn delete(world: &mut World, params: &Params) -> Answer {
    let chat = chat_id(params, "chat_id")?;
    let id = number(params, "message_id").unwrap_or_default();
    world.open_chat(chat)?;
    let mut message = mine(world, chat, id, "Bad Request: message to delete not found")?;
    if world.now() - message.date >= DELETABLE {
        return Err(Refusal::new(400, "Bad Request: message can't be deleted for everyone"));
    }
    message.deleted = true;
    world.keep(message);
    Ok(json!(true))
}

fn answer_press(world: &mut World, params: &Params) -> Answer {
    let text = string(params, "text").to_owned();
    if units_over(&text, 200) {
        return Err(Refusal::fault("Bad Request: MESSAGE_TOO_LONG"));
    }
    let alert = params.get("show_alert") == Some(&json!(true));
    let now = world.now();
    let press = world.presses.get_mut(string(params, "callback_query_id"));
    // Late and repeated answers happen to honest clients too; an id that Telegram never gave does not.
    let never = press.is_none();
    let Some(press) = press.filter(|p| p.answer.is_none() && now - p.at <= ANSWERABLE) else {
        let said = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        return Err(Refusal { fault: never, ..Refusal::new(400, said) });
    };
    press.answer = Some((text, alert));
    Ok(json!(true))
}

fn units_over(text: &str, most: usize) -> bool {
    super::text::units(text) > most
}

fn set_commands(world: &mut World, params: &Params) -> Answer {
    let commands = params.get("commands").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut menu = Vec::new();
    for command in &commands {
        let of = |name: &str| command.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, description) = (of("command"), of("description"));
        let name_ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > 32 || !name.chars().all(name_ok) {
            return Err(Refusal::fault("Bad Request: BOT_COMMAND_INVALID"));
        }
        if description.is_empty() || units_over(&description, 256) {
            return Err(Refusal::fault("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"));
        }
        menu.push((name, description));
    }
    if menu.len() > 100 {
        return Err(Refusal::fault("Bad Request: BOT_COMMANDS_TOO_MUCH"));
    }
    let scope = params.get("scope").cloned().unwrap_or_else(|| json!({"type": "default"}));
    let kind = scope.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let known = ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"].contains(&kind.as_str());
    let key = if known {
        kind
    } else if ["chat", "chat_administrators", "chat_member"].contains(&kind.as_str()) {
        let chat = scope.as_object().and_then(|s| number(s, "chat_id"));
        let chat = chat.ok_or_else(|| Refusal::fault("Bad Request: chat not found"))?;
        world.open_chat(chat)?;
        format!("{kind} {chat}")
    } else {
        return Err(Refusal::fault("Bad Request: can't parse BotCommandScope: unsupported type specified"));
    };
    let language = string(params, "language_code");
    let key = if language.is_empty() { key } else { format!("{key} {language}") };
    if menu.is_empty() {
        world.commands.remove(&key)
    } else {
        world.commands.insert(key, menu)
    };
    Ok(json!(true))
}

fn get_chat(world: &mut World, params: &Params) -> Answer {
    let chat = world.open_chat(chat_id(params, "chat_id")?)?;
    let mut out = chat.to_json();
    out["accent_color_id"] = json!(0);
    out["max_reaction_count"] = json!(11);
    out["accepted_gift_types"] = json!({"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
        "premium_subscription": false, "gifts_from_channels": false});
    if chat.forum {
        out["is_forum"] = json!(true);
    }
    if chat.group.is_some() {
        out["permissions"] = json!({"can_send_messages": true});
    }
    Ok(out)
}

/// Makes a topic of a forum, or names it anew. The message that opens it has its number.
fn arrange(world: &mut World, method: &str, params: &Params) -> Answer {
    let id = chat_id(params, "chat_id")?;
    let name = string(params, "name").to_owned();
    let opening = world.draft(id, Author::Chat);
    let chat = world.open_chat(id)?;
    if !chat.forum {
        return Err(Refusal::new(400, "Bad Request: the chat is not a forum"));
    }
    if !chat.arranges {
        return Err(Refusal::new(400, "Bad Request: not enough rights to create a topic"));
    }
    if method == "editforumtopic" {
        let thread = number(params, "message_thread_id").unwrap_or_default();
        return match chat.topics.get_mut(&thread).filter(|topic| !topic.deleted) {
            None => Err(Refusal::new(400, "Bad Request: message thread not found")),
            Some(topic) if topic.name == name => Err(Refusal::new(400, "Bad Request: TOPIC_NOT_MODIFIED")),
            Some(topic) => {
                topic.name = name;
                Ok(json!(true))
            }
        };
    }
    chat.topics.insert(opening.id, Topic { name: name.clone(), closed: false, deleted: false });
    let thread = opening.id;
    // A service message holds no text; it takes its number all the same.
    world.keep(Message { deleted: true, ..opening });
    Ok(json!({"message_thread_id": thread, "name": name, "icon_color": 7_322_096}))
}

fn administrators(world: &mut World, chat: i64) -> Answer {
    let bot = world.bot.id;
    let place = world.open_chat(chat)?;
    if place.group.is_none() {
        return Err(Refusal::fault("Bad Request: there are no administrators in the private chat"));
    }
    let people: Vec<i64> = place.members.keys().copied().chain([bot]).collect();
    let all = people.into_iter().filter_map(|user| world.member_json(chat, user));
    Ok(all.filter(|m| m["status"] == "creator" || m["status"] == "administrator").collect())
}
