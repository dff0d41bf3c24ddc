//! The bot's own wording, one file a language: `teks.id.toml`, `teks.en.toml`.

use std::collections::BTreeMap;

use super::reader::{Reader, Table, Text};
use crate::text::language::Language;

/// Every text the bot says to voters by itself, with the names that its braces may hold.
const TO_VOTERS: &[(&str, &[&str])] = &[
    ("welcome", &["days"]),
    ("help", &[]),
    ("answer_sources", &["sources"]),
    ("answer_reviewed", &["date", "id"]),
    ("answer_code", &["id"]),
    ("related", &[]),
    ("button_more", &[]),
    ("more_gone", &[]),
    ("context_wanted", &[]),
    ("button_person", &[]),
    ("button_whole", &[]),
    ("asn_who", &[]),
    ("asn_what", &["who"]),
    ("asn_question", &["who", "what"]),
    ("asn_none", &[]),
    ("menu_changed", &[]),
    ("report_which", &[]),
    ("report_none", &[]),
    ("topics", &[]),
    ("topics_other", &[]),
    ("topic_page", &["topic", "page", "pages"]),
    ("button_back", &[]),
    ("button_next", &[]),
    ("button_previous", &[]),
    ("button_topics", &[]),
    ("button_remind", &[]),
    ("button_when_set", &[]),
    ("remind_set", &["stage", "when"]),
    ("remind_when_set", &["stage"]),
    ("remind_already", &["stage"]),
    ("remind_over", &[]),
    ("remind_too_many", &["limit"]),
    ("reminder", &["stage", "when"]),
    ("reminder_now_set", &["stage", "when"]),
    ("reminder_moved", &["stage", "before", "when"]),
    ("reminder_unset", &["stage", "before"]),
    ("reminders", &[]),
    ("reminders_none", &[]),
    ("reminder_line", &["stage", "when"]),
    ("reminder_waits", &["stage"]),
    ("reminder_dropped", &["stage"]),
    ("button_drop", &["stage"]),
    ("zone_which", &["zone"]),
    ("zone_set", &["zone"]),
    ("group_greeting", &[]),
    ("group_unsure", &[]),
    ("button_in_private", &[]),
    ("button_ask_in_private", &[]),
    ("inline_ask", &[]),
    ("data_caption", &[]),
    ("data_talk", &[]),
    ("data_command", &[]),
    ("data_refused", &[]),
    ("data_answered", &["id"]),
    ("data_offered", &[]),
    ("data_checked", &[]),
    ("data_forwarded", &["number"]),
    ("data_open", &[]),
    ("data_closed", &[]),
    ("file_lost", &[]),
    ("menu_data", &[]),
    ("official_bot", &["name"]),
    ("official_channel", &["name"]),
    ("official_unset", &[]),
    ("official_warning", &[]),
    ("menu_official", &[]),
    ("menu_reminders", &[]),
    ("menu_zone", &[]),
    ("suggest", &[]),
    ("ask_person", &[]),
    ("empty_question", &[]),
    ("too_long", &["length", "limit"]),
    ("nonsense", &[]),
    ("forwarded", &["number"]),
    ("asked_by_others", &["count"]),
    ("renumbered", &["number", "new"]),
    ("ask_forward", &[]),
    ("too_many_tickets", &["limit"]),
    ("person_next", &[]),
    ("status_none", &[]),
    ("status", &[]),
    ("ticket_answer", &["number"]),
    ("ticket_addition", &["number"]),
    ("ticket_correction", &["number"]),
    ("taken_back", &["number"]),
    ("follow_up", &["number"]),
    ("still_open", &["number"]),
    ("closed", &["number"]),
    ("forward_refused", &[]),
    ("already_forwarded", &["number"]),
    ("too_fast", &["limit"]),
    ("media_unread", &[]),
    ("not_helpful", &[]),
    ("reused", &["date"]),
    ("reused_code", &["code"]),
    ("button_reused", &[]),
    ("button_reused_person", &[]),
    ("thanks", &[]),
    ("button_helpful", &[]),
    ("button_not_helpful", &[]),
    ("check_next", &[]),
    ("claim_named", &["claim", "verdict"]),
    ("claim_words_only", &[]),
    ("claim_offered", &[]),
    ("claim_ask_person", &[]),
    ("claim_unchecked", &["number"]),
    ("claim_waits", &["number"]),
    ("claim_unknown", &[]),
    ("button_share", &[]),
    ("picture_ask", &[]),
    ("button_picture", &[]),
    ("picture_sent", &["number"]),
    ("menu_check", &[]),
    ("menu_start", &[]),
    ("menu_help", &[]),
    ("menu_person", &[]),
    ("menu_schedule", &[]),
    ("menu_candidates", &[]),
    ("election_over", &["election"]),
    ("election_next", &[]),
    ("schedule_today", &["date"]),
    ("schedule_earlier", &["count"]),
    ("schedule_past", &[]),
    ("schedule_running", &[]),
    ("schedule_unset", &[]),
    ("schedule_file", &[]),
    ("schedule_caption", &["elections"]),
    ("picture_lost", &[]),
    ("calendar_title", &["election", "stage"]),
    ("calendar_caption", &["count"]),
    ("calendar_lost", &["days"]),
    ("calendar_none", &[]),
    ("candidates_none", &[]),
    ("candidates_unknown", &["election"]),
    ("candidates_past", &["election"]),
    ("candidates_title", &["election"]),
    ("candidates_unnumbered", &[]),
    ("candidate_posts", &["name", "value"]),
    ("candidate_deputy_posts", &["name", "value"]),
    ("candidate_parties", &["value"]),
    ("candidate_vision", &["value"]),
    ("candidate_programme", &["value"]),
    ("parties_title", &["election"]),
    ("parties_local", &["parties"]),
    ("ballots_title", &["election"]),
    ("ballots_caption", &["election"]),
    ("menu_status", &[]),
    ("menu_asn", &[]),
    ("menu_report", &[]),
    ("menu_topics", &[]),
    ("menu_privacy", &[]),
    ("menu_erase", &[]),
    ("privacy", &["days"]),
    ("erase_confirm", &[]),
    ("erased", &[]),
    ("erase_cancelled", &[]),
    ("unknown_command", &["command"]),
    ("urgent_help", &["place"]),
    ("urgent_told", &[]),
    ("forward_waits", &["number"]),
    ("too_many_lately", &["limit"]),
    ("joined", &["number"]),
    ("ticket_full", &["number"]),
    ("follow_up_waits", &["number"]),
    ("button_erase", &[]),
    ("button_keep", &[]),
    ("now_running", &["stages"]),
    ("now_next", &["stage", "when"]),
    ("now_between", &["election"]),
    ("now_none", &[]),
    ("now_finished", &["elections"]),
    ("now_unknown", &["election"]),
    ("only_indonesian", &[]),
    ("unblocked_voter", &[]),
    ("objection", &["number"]),
    ("objection_how", &[]),
    ("objection_again", &[]),
    ("objection_needless", &[]),
    ("back_today", &["time"]),
    ("back_tomorrow", &["time"]),
    ("language_which", &[]),
    ("language_set", &[]),
    ("menu_language", &[]),
    ("menu_code", &[]),
    ("code_which", &[]),
    ("code_unknown", &["code"]),
    ("code_valid", &[]),
    ("code_changed", &["before", "now"]),
    ("code_outside", &[]),
    ("code_ticket_waits", &["number"]),
    ("code_ticket_stands", &["number"]),
    ("code_ticket_corrected", &["number"]),
    ("code_ticket_withdrawn", &["number"]),
    ("code_retracted", &["reason"]),
    ("recalled_changed", &[]),
    ("recalled_entry", &["title", "code"]),
    ("recalled_ticket", &["number"]),
    ("help_join", &[]),
    ("menu_join", &[]),
    ("join_none", &[]),
    ("joined_recognition", &[]),
    ("left_recognition", &[]),
    ("consent_ask", &["number"]),
    ("button_consent", &[]),
    ("button_no_consent", &[]),
    ("consent_given", &[]),
    ("consent_refused", &[]),
    ("consent_gone", &[]),
    ("recognition_winner", &["month", "number"]),
];

/// Every text that only moderators read. It is said in Indonesian: they are one group, whatever voters speak.
const TO_MODERATORS: &[(&str, &[&str])] = &[
    ("picture_without_words", &[]),
    ("card_head_claim", &["number"]),
    ("card_askers", &["count"]),
    ("card_continues", &["number"]),
    ("card_merged", &["number", "into"]),
    ("held", &["number", "count"]),
    ("held_just_answered", &["number", "by", "time"]),
    ("held_toast", &["number"]),
    ("held_dropped", &["number"]),
    ("reuse_confirm", &["number"]),
    ("reuse_asked", &["number"]),
    ("reuse_marked", &["number"]),
    ("reuse_stopped", &["number"]),
    ("reuse_ended", &["number"]),
    ("reuse_off", &[]),
    ("button_reuse", &[]),
    ("button_reuse_surely", &[]),
    ("button_stop_reuse", &[]),
    ("deed_reuse", &[]),
    ("deed_stop_reuse", &[]),
    ("deed_drop_held", &[]),
    ("split_which", &["number"]),
    ("split", &["number"]),
    ("merge_which", &[]),
    ("merge_closed", &["number"]),
    ("merge_confirm", &["number", "into"]),
    ("merged", &["number", "into"]),
    ("reply_merged", &["number", "into"]),
    ("card_picture", &["number"]),
    ("delivery_many", &["by", "sent", "count", "lost"]),
    ("delivery_late", &["count"]),
    ("card_head", &["number"]),
    ("card_nearest", &[]),
    ("card_expired", &["id"]),
    ("card_urgent", &[]),
    ("card_shown", &["id"]),
    ("card_shown_answer", &["id"]),
    ("card_taken", &["by"]),
    ("card_spam", &["number"]),
    ("card_blocked", &["number"]),
    ("card_follow_up", &["number"]),
    ("card_rest", &["number"]),
    ("someone", &[]),
    ("delivery_waiting", &["by"]),
    ("delivery_sent", &["by", "time"]),
    ("delivery_blocked", &["by"]),
    ("delivery_failed", &["by", "reason"]),
    ("delivery_withdrawn", &["by"]),
    ("button_send_all", &["count"]),
    ("button_send_held", &[]),
    ("button_drop_held", &[]),
    ("button_send_late", &["count"]),
    ("button_split", &[]),
    ("button_split_off", &["number"]),
    ("button_merge", &["number", "into"]),
    ("button_take", &[]),
    ("button_spam", &[]),
    ("button_block", &[]),
    ("button_unblock", &[]),
    ("button_take_back", &["by"]),
    ("answered_twice", &["number", "first", "second"]),
    ("already_taken", &["by"]),
    ("taken", &["number"]),
    ("unblocked", &["number"]),
    ("taken_back_toast", &["number"]),
    ("not_allowed", &[]),
    ("entry_expired", &["id"]),
    ("undeliverable", &["reason"]),
    ("partly_copied", &["sent", "count"]),
    ("chat_probe", &[]),
    ("erased_message", &[]),
    ("left_message", &[]),
    ("reload_confirm", &[]),
    ("button_reload", &[]),
    ("reloading", &[]),
    ("reloaded", &["count"]),
    ("reload_failed", &["faults"]),
    ("card_head_objection", &["number"]),
    ("block_why", &["number"]),
    ("block_spam", &[]),
    ("block_abuse", &[]),
    ("block_advertising", &[]),
    ("block_other", &[]),
    ("blocked", &[]),
    ("blocked_none", &[]),
    ("button_unblock_one", &["number"]),
    ("history", &["number"]),
    ("history_none", &["number"]),
    ("history_which", &[]),
    ("deed_take", &[]),
    ("deed_release", &[]),
    ("deed_spam", &[]),
    ("deed_block", &[]),
    ("deed_unblock", &[]),
    ("deed_give", &[]),
    ("deed_answer", &[]),
    ("deed_edit", &[]),
    ("deed_take_back", &[]),
    ("deed_send_again", &[]),
    ("deed_split", &[]),
    ("deed_merge", &[]),
    ("button_learn", &[]),
    ("button_learn_as", &[]),
    ("button_preview", &["place"]),
    ("button_give", &[]),
    ("preview", &["number"]),
    ("previewed", &["number"]),
    ("learn_begun", &["number"]),
    ("learn_pending", &["number"]),
    ("learn_choose", &["number"]),
    ("learn_trying", &["number"]),
    ("learn_proposed", &["number", "id", "title"]),
    ("learn_proposed_entry", &["number"]),
    ("learn_entry", &["id", "title", "source", "file"]),
    ("learn_unknown", &["words"]),
    ("learn_needs_two", &[]),
    ("learn_needs_one_more", &["by"]),
    ("learn_first", &[]),
    ("learn_second", &[]),
    ("learn_approved", &["number", "id", "by"]),
    ("learn_in_force", &["number"]),
    ("learn_dropped", &["number", "by"]),
    ("learn_gone", &[]),
    ("learn_closed", &["number"]),
    ("learn_entry_fixed", &["number"]),
    ("learn_entry_refused", &["number", "why"]),
    ("learn_ask_id", &["number"]),
    ("learn_ask_title", &["number"]),
    ("learn_ask_source", &["number"]),
    ("learn_ask_questions", &["number"]),
    ("learn_ask_file", &["number"]),
    ("learn_why_private", &[]),
    ("learn_why_link", &[]),
    ("learn_why_name", &["name"]),
    ("learn_why_long", &["length", "longest"]),
    ("learn_why_short", &[]),
    ("learn_why_unfit", &["why"]),
    ("learn_why_there", &[]),
    ("learn_why_answered", &["id"]),
    ("learn_why_worse", &["count", "questions"]),
    ("learn_why_id", &["longest"]),
    ("learn_why_id_taken", &["id"]),
    ("learn_why_title", &["length", "longest"]),
    ("learn_why_source", &[]),
    ("learn_why_no_questions", &[]),
    ("learn_forget", &["number", "id"]),
    ("learn_filed", &["number", "id"]),
    ("learn_none", &["number"]),
    ("learn_list", &[]),
    ("learn_list_none", &[]),
    ("learn_forgotten", &["number", "by"]),
    ("learn_unfit", &["number", "why"]),
    ("button_new_entry", &[]),
    ("button_no_proposal", &[]),
    ("button_approve", &[]),
    ("button_forget", &[]),
    ("deed_propose", &[]),
    ("deed_approve", &[]),
    ("deed_drop_proposal", &[]),
    ("deed_forget", &[]),
    ("menu_forget", &[]),
    ("deed_other", &[]),
    ("deed_attached", &[]),
    ("menu_history", &[]),
    ("menu_merge", &[]),
    ("menu_blocked", &[]),
    ("button_release", &[]),
    ("released", &["number"]),
    ("queue_page", &["count", "page", "pages"]),
    ("queue_askers", &["count"]),
    ("queue_taken", &["by"]),
    ("list_erased", &[]),
    ("late", &["number", "age"]),
    ("late_taken", &["number", "age", "by"]),
    ("late_many", &["count", "age"]),
    ("escalated", &["count", "age"]),
    ("statistics", &["days"]),
    ("digest", &["days"]),
    ("statistics_asked", &["count"]),
    ("statistics_answered", &["count", "share"]),
    ("statistics_suggested", &["count", "share", "chosen"]),
    ("statistics_forwarded", &["count", "share"]),
    ("statistics_talk", &["count"]),
    ("statistics_waiting", &["count"]),
    ("statistics_median", &["time"]),
    ("statistics_helped", &["share", "count", "rated"]),
    ("statistics_not_helped", &["entries"]),
    ("statistics_due", &["entries"]),
    ("statistics_unmatched", &[]),
    ("statistics_title", &["days"]),
    ("statistics_whole", &[]),
    ("statistics_part", &[]),
    ("statistics_column", &["day", "count", "share"]),
    ("menu_statistics", &[]),
    ("queue", &["count"]),
    ("queue_empty", &[]),
    ("moderator_help", &[]),
    ("menu_queue", &[]),
    ("menu_reload", &[]),
    ("menu_moderator_help", &[]),
    ("card_answered", &["number"]),
    ("card_withdrawn", &["number"]),
    ("no_such_ticket", &["number"]),
    ("no_such_entry", &["id"]),
    ("reply_empty", &["number"]),
    ("card_changed", &[]),
    ("card_earlier", &["count"]),
    ("card_unreached", &["number"]),
    ("card_unknown", &[]),
    ("card_unknown_toast", &[]),
    ("card_which", &[]),
    ("reply_nowhere", &[]),
    ("not_taken_listed", &[]),
    ("not_taken_channel", &[]),
    ("not_taken_anonymous", &[]),
    ("not_taken_command", &[]),
    ("not_checked", &[]),
    ("delivery_partly", &["by", "time", "reason"]),
    ("answer_failed", &["number", "by", "reason"]),
    ("addition_failed", &["number", "by", "reason"]),
    ("answer_partly", &["number", "by", "reason"]),
    ("reached_again", &["number"]),
    ("draft", &["number"]),
    ("button_send_again", &[]),
    ("sent_again", &["number"]),
    ("menu_card", &[]),
    ("menu_retract", &[]),
    ("entry_retracted", &["id", "reason"]),
    ("recall_which", &[]),
    ("recall_changed", &["id", "count"]),
    ("recall_entry", &["code", "count", "reason"]),
    ("recall_gone", &[]),
    ("recall_ticket", &["code", "count", "reason"]),
    ("recall_running", &["code", "by"]),
    ("recall_done", &["code", "by"]),
    ("recall_stopped", &["code", "by"]),
    ("recall_declined", &["code", "by"]),
    ("recall_counts", &["sent", "blocked", "failed", "count"]),
    ("recall_begun", &["code"]),
    ("recall_none", &["code"]),
    ("recall_stopped_toast", &["code"]),
    ("recall_outdated", &["code"]),
    ("recall_pressed", &[]),
    ("button_recall", &["count"]),
    ("button_retract", &["count"]),
    ("button_no_recall", &[]),
    ("button_stop_recall", &[]),
];

/// Every text of the public channel, and what moderators read about it; in Indonesian too.
const OF_CHANNEL: &[(&str, &[&str])] = &[
    ("post_dated", &["date", "id"]),
    ("post_corrected", &["date"]),
    ("post_over", &["date"]),
    ("post_retracted", &["date", "reason"]),
    ("post_taken_back", &["date"]),
    ("post_erased", &[]),
    ("draw_head", &["month"]),
    ("draw_text", &["hash"]),
    ("results_head", &["month"]),
    ("results_text", &["seed", "hash", "date"]),
    ("winner_line", &["place", "number", "stars", "askers"]),
    ("button_publish", &[]),
    ("button_star", &[]),
    ("button_post", &[]),
    ("button_post_again", &[]),
    ("button_post_own", &[]),
    ("button_ask_voter", &[]),
    ("button_drop_post", &[]),
    ("post_ask", &["number"]),
    ("post_preview", &["number"]),
    ("post_differs", &["number"]),
    ("post_sending", &["number"]),
    ("post_stands", &["number"]),
    ("post_asked", &[]),
    ("post_allowed", &[]),
    ("post_refused", &[]),
    ("post_dropped", &["number"]),
    ("post_not", &["number"]),
    ("post_out", &["number"]),
    ("post_gone", &[]),
    ("post_older", &[]),
    ("post_outdated", &["number"]),
    ("post_not_askable", &[]),
    ("post_no_question", &["number"]),
    ("post_no_answer", &["number"]),
    ("post_no_source", &["number"]),
    ("post_no_entry", &["number"]),
    ("post_long", &["number"]),
    ("post_private", &["number"]),
    ("post_verbatim", &["number"]),
    ("post_failed", &["number", "reason"]),
    ("post_follows", &["number", "code"]),
    ("post_struck", &["number", "code"]),
    ("post_not_followed", &["number"]),
    ("announce_failed", &["reason"]),
    ("starred", &["number", "count"]),
    ("unstarred", &["number", "count"]),
    ("winners", &["month"]),
    ("winners_which", &[]),
    ("winners_no_channel", &[]),
    ("winners_not_over", &["month"]),
    ("winners_no_seed", &["month"]),
    ("winners_none", &["month"]),
    ("winners_told", &["month", "by", "count"]),
    ("winners_counts", &["sent", "blocked", "failed", "count"]),
    ("winners_changed", &["month"]),
    ("winners_begun", &["month"]),
    ("winners_dropped", &["month"]),
    ("button_tell_winners", &[]),
    ("button_no_winners", &[]),
    ("menu_winners", &[]),
    ("moderator_help_channel", &[]),
    ("deed_publish", &[]),
    ("deed_ask_voter", &[]),
    ("deed_star", &[]),
    ("deed_unstar", &[]),
    ("deed_award", &[]),
];

/// The texts of a language.
fn keys(language: Language) -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    let indonesian = TO_MODERATORS.iter().chain(OF_CHANNEL);
    TO_VOTERS.iter().chain(indonesian.filter(move |_| language == Language::Indonesian))
}

/// The texts of one language.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// Which.
    pub language: Language,
    texts: BTreeMap<&'static str, (String, Text)>,
}

/// The file that holds the wording of `language`.
pub fn file(language: Language) -> &'static str {
    match language {
        Language::Indonesian => "teks.id.toml",
        Language::English => "teks.en.toml",
    }
}

/// The texts of every language.
#[derive(Debug, Clone)]
pub struct Wordings {
    indonesian: Wording,
    english: Wording,
}

impl Default for Wordings {
    fn default() -> Self {
        let english = Wording { language: Language::English, texts: BTreeMap::new() };
        Self { indonesian: Wording::default(), english }
    }
}

impl Wordings {
    /// Those of `language`.
    pub fn of(&self, language: Language) -> &Wording {
        match language {
            Language::Indonesian => &self.indonesian,
            Language::English => &self.english,
        }
    }

    /// The text of `key` in `language` with `{name}` replaced; in Indonesian what only moderators read.
    pub fn say(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        let own = Some(self.of(language)).filter(|wording| wording.texts.contains_key(key));
        own.unwrap_or(&self.indonesian).say(key, values)
    }

    /// Takes `wording` for its language.
    pub(super) fn put(&mut self, wording: Wording) {
        match wording.language {
            Language::Indonesian => self.indonesian = wording,
            Language::English => self.english = wording,
        }
    }

    /// Whether no text is missing in any language.
    pub(super) fn are_whole(&self) -> bool {
        self.indonesian.is_whole() && self.english.is_whole()
    }

    /// With the texts of `other` where its own are missing.
    pub(super) fn or(self, other: Self) -> Self {
        Self { indonesian: self.indonesian.or(other.indonesian), english: self.english.or(other.english) }
    }
}

impl Wording {
    /// Every text with its key and place.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        self.texts.iter().map(|(key, (_, text))| (*key, text))
    }

    /// The text of `key` with `{name}` replaced. A key that the file lacks is told as such; loading forbids it.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some((text, _)) = self.texts.get(key) else { return format!("[{key}]") };
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(&format!("{{{name}}}")),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// Whether no text is missing.
    fn is_whole(&self) -> bool {
        keys(self.language).all(|(key, _)| self.texts.contains_key(key))
    }

    /// With the texts of `other` where its own are missing.
    fn or(mut self, other: Self) -> Self {
        for (key, text) in other.texts {
            self.texts.entry(key).or_insert(text);
        }
        self
    }
}

/// Whether the bot says a text of that name.
pub(super) fn is_key(name: &str) -> bool {
    keys(Language::Indonesian).any(|(key, _)| *key == name)
}

/// Reads the file of `language`.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, language: Language) -> Wording {
    let names: Vec<&str> = keys(language).map(|(key, _)| *key).collect();
    root.only(reader, &names);
    let mut wording = Wording { language, texts: BTreeMap::new() };
    for &(key, allowed) in keys(language) {
        let Some(text) = root.text(reader, key) else { continue };
        for (name, range) in braces(&text.value) {
            if !allowed.contains(&name.as_str()) {
                let hint = if allowed.is_empty() {
                    "teks ini tidak punya isian dalam kurung kurawal".to_owned()
                } else {
                    format!("yang ada: {{{}}}", allowed.join("}, {"))
                };
                reader.fault(text.at(range), format!("isian {{{name}}} tidak ada untuk teks `{key}`")).hint =
                    Some(hint);
            }
        }
        for name in allowed {
            if !text.value.contains(&format!("{{{name}}}")) {
                reader.fault(text.span.clone(), format!("teks `{key}` harus memuat {{{name}}}"));
            }
        }
        wording.texts.insert(key, (text.value.trim().to_owned(), text));
    }
    wording
}

fn braces(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some(open) = text[offset..].find('{').map(|i| offset + i) {
        let Some(close) = text[open..].find('}').map(|i| open + i) else { break };
        found.push((text[open + 1..close].to_owned(), open..close + 1));
        offset = close + 1;
    }
    found
}
