//! Several pictures sent at once come as several messages, with the words under any one of them. What they say together
//! is known only when no more of them are to be expected.

use chrono::Duration;

use super::event::{Addressee, Content, Event, ReplyKey};
use super::state::{Album, Expects};
use super::ticket::{Held, Ticket, TicketAlbum};
use super::{Desk, Effect, VoterId};

/// Within this, the pictures of an album have come.
const GATHERED_WITHIN: Duration = Duration::seconds(2);

impl Desk<'_> {
    pub(super) fn media(&mut self, voter: VoterId, message: i64, album: Option<&str>, forwarded: bool) {
        let Some(id) = album else {
            self.state.joins = None;
            if self.admit(voter) {
                if (forwarded || self.state.expects == Expects::Claim) && message > 0 {
                    return self.check_picture(voter, message);
                }
                self.tell(voter, "media_unread", &[]);
            }
            return;
        };
        if self.state.album.as_ref().is_some_and(|a| a.id == id) {
            return;
        }
        if self.admit(voter) {
            self.state.album = Some(Album { id: id.to_owned(), worded: false });
            self.effects.push(Effect::Later {
                name: format!("album:{voter}:{id}"),
                voter: Some(voter),
                at: self.now + GATHERED_WITHIN,
                event: Event::AlbumEnded { voter, album: id.to_owned() },
            });
        }
    }

    pub(super) fn album_ended(&mut self, voter: VoterId, id: &str) {
        if self.state.album.as_ref().is_some_and(|a| a.id == id && !a.worded) {
            self.tell(voter, "media_unread", &[]);
        }
    }

    /// One more picture of a moderator's album: all of them are one answer.
    pub(super) fn gather(&mut self, mut ticket: Ticket, message: i64, by: Option<&str>, content: &Content, id: &str) {
        match ticket.albums.iter_mut().find(|a| a.id == id) {
            Some(album) => {
                album.messages.push(message);
                if album.content.text.is_empty() {
                    album.content = content.clone();
                }
            }
            None => {
                ticket.albums.push(TicketAlbum {
                    id: id.to_owned(),
                    by: by.map(str::to_owned),
                    messages: vec![message],
                    content: content.clone(),
                });
                self.effects.push(Effect::Later {
                    name: format!("reply-album:{}:{id}", ticket.number),
                    voter: Some(ticket.voter),
                    at: self.now + GATHERED_WITHIN,
                    event: Event::ReplyAlbumEnded { ticket: ticket.number, album: id.to_owned() },
                });
            }
        }
        self.keep(ticket);
    }

    pub(super) fn reply_album_ended(&mut self, number: u64, id: &str) {
        let Some(mut ticket) = self.ticket_of_moderators(number) else { return self.no_such_ticket(number) };
        let Some(place) = ticket.albums.iter().position(|a| a.id == id) else { return };
        let mut album = ticket.albums.remove(place);
        album.messages.sort_unstable();
        let key = ReplyKey::of(number, album.messages[0]);
        // It may have been joined to another meanwhile: that is told, as of any reply.
        if ticket.into.is_some() {
            self.keep(ticket);
            self.addressed(&Addressee::Ticket(number), key.message);
            return;
        }
        if self.is_for_one_of_several(&ticket, &album.content) || self.is_just_answered(&ticket, album.by.as_deref()) {
            let held = Held { message: key.message, by: album.by, album: album.messages, ..Held::of(album.content) };
            return self.hold(ticket, held);
        }
        self.deliver(ticket, key, album.by.as_deref(), &album.content, &album.messages);
    }
}
