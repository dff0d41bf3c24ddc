//! What the Bot API calls things: kinds of update, and the fields of a message with what each is. Of Bot API 10.1
//! (June 11, 2026); a newer field is one that is not known, and is read as such.

/// Kinds of update that are the bot's business.
pub const OWN: [&str; 6] =
    ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"];

/// Kinds of update that are not.
pub const OTHER: [&str; 19] = [
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
];

/// What a field of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A number or a flag that tells nothing of a person.
    Plain,
    /// What a person wrote.
    Words,
    /// How the words look.
    Marks,
    /// The chat.
    Chat,
    /// Who sent it.
    Sender,
    /// The chat in whose name it was sent.
    SenderChat,
    /// The name of whoever wrote a post.
    Signature,
    /// The message replied to.
    Reply,
    /// The message replied to, where it stands in another chat or topic.
    ExternalReply,
    /// The part of it that is quoted.
    Quote,
    /// Words with headings, lists and tables.
    Rich,
    /// What a person sends besides words.
    Content {
        /// Whether words can stand under it.
        captioned: bool,
    },
    /// That it is there is all that is needed of it.
    Noted,
    /// What Telegram says by itself: somebody joined, something was pinned.
    Service,
    /// Nothing that the bot needs.
    Idle,
}

const CAPTIONED: Field = Field::Content { captioned: true };
const BARE: Field = Field::Content { captioned: false };

/// Every field of a message. Of several contents in one message the first in this order counts: Telegram sets
/// `document` beside `animation`, `photo` beside `live_photo` and `location` beside `venue`.
///
/// What a person can send is content, what the Bot API calls a service message is service; but for `gift` and
/// `unique_gift`, which a person sends as well, and `passport_data`, which is not called one.
pub const MESSAGE: [(&str, Field); 115] = [
    ("message_id", Field::Plain),
    ("message_thread_id", Field::Plain),
    ("date", Field::Plain),
    ("edit_date", Field::Plain),
    ("is_topic_message", Field::Plain),
    ("is_automatic_forward", Field::Plain),
    ("media_group_id", Field::Plain),
    ("migrate_to_chat_id", Field::Plain),
    ("chat", Field::Chat),
    ("from", Field::Sender),
    ("sender_chat", Field::SenderChat),
    ("author_signature", Field::Signature),
    ("reply_to_message", Field::Reply),
    ("external_reply", Field::ExternalReply),
    ("quote", Field::Quote),
    ("text", Field::Words),
    ("entities", Field::Marks),
    ("caption", Field::Words),
    ("caption_entities", Field::Marks),
    ("rich_message", Field::Rich),
    ("animation", CAPTIONED),
    ("live_photo", CAPTIONED),
    ("photo", CAPTIONED),
    ("document", CAPTIONED),
    ("voice", CAPTIONED),
    ("video", CAPTIONED),
    ("audio", CAPTIONED),
    ("paid_media", CAPTIONED),
    ("sticker", BARE),
    ("video_note", BARE),
    ("venue", BARE),
    ("location", BARE),
    ("contact", BARE),
    ("poll", BARE),
    ("dice", BARE),
    ("story", BARE),
    ("game", BARE),
    ("checklist", BARE),
    ("invoice", BARE),
    ("giveaway", BARE),
    ("giveaway_winners", BARE),
    ("gift", BARE),
    ("unique_gift", BARE),
    ("passport_data", BARE),
    ("new_chat_members", Field::Service),
    ("left_chat_member", Field::Service),
    ("chat_owner_left", Field::Service),
    ("chat_owner_changed", Field::Service),
    ("new_chat_title", Field::Service),
    ("new_chat_photo", Field::Service),
    ("delete_chat_photo", Field::Service),
    ("group_chat_created", Field::Service),
    ("supergroup_chat_created", Field::Service),
    ("channel_chat_created", Field::Service),
    ("message_auto_delete_timer_changed", Field::Service),
    ("migrate_from_chat_id", Field::Service),
    ("pinned_message", Field::Service),
    ("successful_payment", Field::Service),
    ("refunded_payment", Field::Service),
    ("users_shared", Field::Service),
    ("chat_shared", Field::Service),
    ("gift_upgrade_sent", Field::Service),
    ("connected_website", Field::Service),
    ("write_access_allowed", Field::Service),
    ("proximity_alert_triggered", Field::Service),
    ("boost_added", Field::Service),
    ("chat_background_set", Field::Service),
    ("checklist_tasks_done", Field::Service),
    ("checklist_tasks_added", Field::Service),
    ("direct_message_price_changed", Field::Service),
    ("forum_topic_created", Field::Service),
    ("forum_topic_edited", Field::Service),
    ("forum_topic_closed", Field::Service),
    ("forum_topic_reopened", Field::Service),
    ("general_forum_topic_hidden", Field::Service),
    ("general_forum_topic_unhidden", Field::Service),
    ("giveaway_created", Field::Service),
    ("giveaway_completed", Field::Service),
    ("managed_bot_created", Field::Service),
    ("paid_message_price_changed", Field::Service),
    ("poll_option_added", Field::Service),
    ("poll_option_deleted", Field::Service),
    ("suggested_post_approved", Field::Service),
    ("suggested_post_approval_failed", Field::Service),
    ("suggested_post_declined", Field::Service),
    ("suggested_post_paid", Field::Service),
    ("suggested_post_refunded", Field::Service),
    ("video_chat_scheduled", Field::Service),
    ("video_chat_started", Field::Service),
    ("video_chat_ended", Field::Service),
    ("video_chat_participants_invited", Field::Service),
    ("web_app_data", Field::Service),
    ("direct_messages_topic", Field::Idle),
    ("sender_boost_count", Field::Idle),
    ("sender_business_bot", Field::Idle),
    ("sender_tag", Field::Idle),
    ("guest_query_id", Field::Idle),
    ("business_connection_id", Field::Idle),
    ("forward_origin", Field::Noted),
    ("reply_to_story", Field::Idle),
    ("reply_to_checklist_task_id", Field::Idle),
    ("reply_to_poll_option_id", Field::Idle),
    ("via_bot", Field::Idle),
    ("guest_bot_caller_user", Field::Idle),
    ("guest_bot_caller_chat", Field::Idle),
    ("has_protected_content", Field::Idle),
    ("is_from_offline", Field::Idle),
    ("is_paid_post", Field::Idle),
    ("paid_star_count", Field::Idle),
    ("link_preview_options", Field::Idle),
    ("suggested_post_info", Field::Idle),
    ("effect_id", Field::Idle),
    ("show_caption_above_media", Field::Idle),
    ("has_media_spoiler", Field::Idle),
    ("reply_markup", Field::Idle),
];

/// What the field `name` of a message is; none if it is not known.
pub fn field(name: &str) -> Option<Field> {
    MESSAGE.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
}
