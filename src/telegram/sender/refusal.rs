//! What a refusal concerns: the message, the chat, the person, or nobody knows. Only a known list concerns the message.
//!
//! Telegram's words, in small letters, as they have changed case over the years. They are those of the Bot API server
//! (tdlib/telegram-bot-api, `Client.cpp`) and of TDLib behind it, and the errors of Telegram's servers, which both pass on
//! in capitals (<https://core.telegram.org/method/messages.sendMessage#possible-errors>).

/// What a refusal concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    /// The message: it will be refused again.
    Message,
    /// The chat: whatever is sent there now is refused.
    Chat,
    /// The person of a private chat: blocked the bot, or is no more.
    Person,
    /// The token, so every call.
    Token,
    /// Nobody knows.
    Unknown,
}

/// These concern a chat. They come first: "not enough rights to send photos" is no fault of the photo.
const CHAT: [&str; 42] = [
    "topic_closed",
    "topic_deleted",
    "topic_id_invalid",
    "topic closed",
    "topic was closed",
    "topic is closed",
    "message thread not found",
    "chat_write_forbidden",
    "chat_send_",
    "chat_guest_send_forbidden",
    "chat_restricted",
    "chat_forbidden",
    "chat_admin_required",
    "chat_id_invalid",
    "chat_invalid",
    "channel_private",
    "channel_invalid",
    "user_banned_in_channel",
    "user_restricted",
    "peer_id_invalid",
    "peer_id_not_supported",
    "chat not found",
    "group chat was deactivated",
    "group chat was deleted",
    "group chat was upgraded",
    "group is deactivated",
    "chat is deactivated",
    "bot was kicked",
    "bot is not a member",
    "bot was banned",
    "not in the chat",
    "have no rights",
    "no rights to send",
    "not enough rights",
    "need administrator rights",
    "no write access",
    "can't access the chat",
    "can't write to",
    "slowmode",
    "slow mode",
    "frozen_",
    "bot_access_forbidden",
];

/// These concern the person of a private chat.
const PERSON: [&str; 12] = [
    "bot was blocked",
    "user_is_blocked",
    "user is deactivated",
    "user_deactivated",
    "user not found",
    "user_id_invalid",
    "can't initiate conversation",
    "can't send messages to bots",
    "can't send messages to the user",
    "privacy_premium_required",
    "user_privacy_restricted",
    "allow_payment_required",
];

/// In a private chat these concern the person as well: there is no such chat any more.
const NO_SUCH_PERSON: [&str; 2] = ["chat not found", "peer_id_invalid"];

/// These concern the message.
const MESSAGE: [&str; 58] = [
    "can't parse",
    "unsupported parse_mode",
    "entity_",
    "entities_",
    "too long",
    "too_long",
    "is empty",
    "_empty",
    "must be non-empty",
    "must be encoded in utf-8",
    "button",
    "keyboard",
    "reply markup",
    "reply_markup",
    "not modified",
    "not_modified",
    "to edit not found",
    "can't be edited",
    "message_id_invalid",
    "msg_id_invalid",
    "message_edit_time_expired",
    "message_author_required",
    "to copy not found",
    "can't be copied",
    "to forward not found",
    "can't be forwarded",
    "no messages to",
    "chat_forwards_restricted",
    "protected content",
    "to delete not found",
    "can't be deleted",
    "message_delete_forbidden",
    "no text in the message",
    "no caption in the message",
    "message identifier is not specified",
    "message not found",
    "to be replied not found",
    "reply_message_id_invalid",
    "reply_to_invalid",
    "quote",
    "wrong file",
    "wrong remote file",
    "invalid file",
    "file_",
    "file is too big",
    "file of type",
    "type of file",
    "photo_",
    "media_",
    "image_process",
    "video_",
    "audio_",
    "document_",
    "sticker",
    "voice_messages_forbidden",
    "url",
    "webpage_",
    "method not found",
];

/// What a refusal with this code and these words concerns. `private`: whether the call went to a private chat. `copies`:
/// whether it copies something from another chat, which then may be what cannot be reached.
pub(super) fn concern(code: i64, description: &str, private: bool, copies: bool) -> Concern {
    let words = description.to_lowercase();
    let any = |list: &[&str]| list.iter().any(|known| words.contains(known));
    // A path that is no method's answers 404 too.
    if code == 401 || (code == 404 && !words.contains("method not found")) {
        return Concern::Token;
    }
    if !private {
        return match code {
            403 => Concern::Chat,
            _ if any(&CHAT) || any(&PERSON) => Concern::Chat,
            _ if any(&MESSAGE) => Concern::Message,
            _ => Concern::Unknown,
        };
    }
    // A group can't be where a private message goes, only where it is copied from; nor is it known which of the two was
    // not found.
    let of_a_group = ["group", "channel", "kicked", "member"].iter().any(|word| words.contains(word));
    if copies && (of_a_group || any(&NO_SUCH_PERSON) || words.contains("can't access the chat")) {
        return Concern::Message;
    }
    match code {
        403 => Concern::Person,
        _ if any(&PERSON) || any(&NO_SUCH_PERSON) => Concern::Person,
        _ if any(&CHAT) => Concern::Chat,
        _ if any(&MESSAGE) => Concern::Message,
        _ => Concern::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(code: i64, description: &str) -> Concern {
        concern(code, description, false, false)
    }

    #[test]
    fn what_concerns_the_chat_is_no_fault_of_the_message() {
        for words in [
            "Bad Request: TOPIC_CLOSED",
            "Bad Request: TOPIC_DELETED",
            "Bad Request: message thread not found",
            "Bad Request: CHAT_WRITE_FORBIDDEN",
            "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN",
            "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN",
            "Bad Request: not enough rights to send text messages to the chat",
            "Bad Request: not enough rights to send photos to the chat",
            "Bad Request: need administrator rights in the channel chat",
            "Bad Request: CHAT_RESTRICTED",
            "Bad Request: have no rights to send a message",
            "Bad Request: chat not found",
            "Bad Request: group chat was deactivated",
            "Bad Request: PEER_ID_INVALID",
            "Bad Request: CHANNEL_PRIVATE",
            "Bad Request: CHAT_ADMIN_REQUIRED",
            "Bad Request: USER_BANNED_IN_CHANNEL",
            "Bad Request: user is deactivated",
            "Bad Request: Have no write access to the chat",
        ] {
            assert_eq!(group(400, words), Concern::Chat, "{words}");
        }
        for words in [
            "Forbidden: bot was kicked from the supergroup chat",
            "Forbidden: bot is not a member of the channel chat",
            "Forbidden: the group chat was deleted",
            "Forbidden: something new",
        ] {
            assert_eq!(group(403, words), Concern::Chat, "{words}");
        }
    }

    #[test]
    fn what_concerns_the_message_is_known() {
        for words in [
            "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0",
            "Bad Request: message is too long",
            "Bad Request: MESSAGE_TOO_LONG",
            "Bad Request: message text is empty",
            "Bad Request: text must be non-empty",
            "Bad Request: BUTTON_DATA_INVALID",
            "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL",
            "Bad Request: reply markup is too long",
            "Bad Request: message to edit not found",
            "Bad Request: message can't be edited",
            "Bad Request: MESSAGE_ID_INVALID",
            "Bad Request: message to copy not found",
            "Bad Request: the message can't be copied",
            "Bad Request: CHAT_FORWARDS_RESTRICTED",
            "Bad Request: message caption is too long",
            "Bad Request: wrong file identifier/HTTP URL specified",
            "Bad Request: PHOTO_INVALID_DIMENSIONS",
            "Bad Request: MEDIA_EMPTY",
            "Bad Request: VOICE_MESSAGES_FORBIDDEN",
            "Bad Request: message to be replied not found",
        ] {
            assert_eq!(group(400, words), Concern::Message, "{words}");
            assert_eq!(concern(400, words, true, false), Concern::Message, "{words}");
        }
        assert_eq!(group(404, "Not Found: method not found"), Concern::Message);
    }

    #[test]
    fn a_person_may_be_gone() {
        for (code, words) in [
            (403, "Forbidden: bot was blocked by the user"),
            (403, "Forbidden: user is deactivated"),
            (403, "Forbidden: bot can't initiate conversation with a user"),
            (400, "Bad Request: chat not found"),
            (400, "Bad Request: PEER_ID_INVALID"),
            (400, "Bad Request: USER_IS_BLOCKED"),
        ] {
            assert_eq!(concern(code, words, true, false), Concern::Person, "{words}");
        }
        assert_eq!(concern(400, "Bad Request: CHAT_WRITE_FORBIDDEN", true, false), Concern::Chat);
    }

    #[test]
    fn what_is_copied_from_may_be_what_is_gone() {
        for (code, words) in [
            (400, "Bad Request: chat not found"),
            (403, "Forbidden: bot was kicked from the supergroup chat"),
            (403, "Forbidden: bot is not a member of the channel chat"),
            (400, "Bad Request: group chat was upgraded to a supergroup chat"),
            (400, "Bad Request: CHANNEL_PRIVATE"),
        ] {
            assert_eq!(concern(code, words, true, true), Concern::Message, "{words}");
        }
        assert_eq!(concern(403, "Forbidden: bot was blocked by the user", true, true), Concern::Person);
    }

    #[test]
    fn the_rest_is_not_guessed() {
        assert_eq!(group(400, "Bad Request: SOMETHING_NEW"), Concern::Unknown);
        assert_eq!(concern(400, "Bad Request: SOMETHING_NEW", true, true), Concern::Unknown);
        assert_eq!(group(409, "Conflict"), Concern::Unknown);
        assert_eq!(group(401, "Unauthorized"), Concern::Token);
        assert_eq!(group(404, "Not Found"), Concern::Token);
    }
}
