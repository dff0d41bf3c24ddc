//! A chat as a person sees it: plain text, for snapshots.

use super::chat::{Author, Chat, Message};
use super::world::World;

/// All messages of a chat that still stand, with their buttons.
pub fn of(world: &World, chat: i64) -> String {
    let Some(chat) = world.chats.get(&chat) else { return String::new() };
    let standing = chat.messages.values().filter(|m| !m.deleted);
    standing.map(|m| entry(world, chat, m)).collect::<Vec<_>>().join("\n\n")
}

fn entry(world: &World, chat: &Chat, message: &Message) -> String {
    let mut head = match message.author {
        Author::Bot => world.bot.name.clone(),
        Author::User(id) => world.users.get(&id).map(|u| u.name.clone()).unwrap_or_default(),
        Author::Chat => chat.title.clone(),
    };
    let to = message.reply_to.and_then(|id| chat.messages.get(&id)).filter(|m| !m.deleted);
    if let Some(to) = to {
        let first = visible(to.text().lines().next().unwrap_or_default());
        let short: String = first.chars().take(40).collect();
        let dots = if first.chars().count() > 40 { "..." } else { "" };
        head.push_str(&format!(" (to \"{short}{dots}\")"));
    }
    if let Some(name) = &message.forwarded {
        head.push_str(&format!(" (forwarded from {name})"));
    }
    if message.edited.is_some() {
        head.push_str(" (edited)");
    }
    let mut out = format!("{head}:");
    if let Some(media) = &message.media {
        out.push_str(&format!("\n  <{}>", media.kind));
    }
    for line in visible(message.text()).lines() {
        out.push_str(if line.is_empty() { "\n" } else { "\n  " });
        out.push_str(line);
    }
    for row in &message.buttons {
        out.push_str("\n ");
        for button in row {
            match &button.url {
                Some(url) => out.push_str(&format!(" [{} -> {url}]", button.text)),
                None => out.push_str(&format!(" [{}]", button.text)),
            }
        }
    }
    out
}

/// Without marks that take no room on a screen: they could not be told apart in a snapshot.
fn visible(text: &str) -> String {
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|c| !hidden(*c)).collect()
}
