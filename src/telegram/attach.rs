//! What goes as a file: in the outbox it stands as what it is made of, whole, so that it can be made whenever it is sent. A
//! picture that Telegram has goes by the number that Telegram gave it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::api::{Upload, object};
use super::shared::Shared;
use crate::desk::Picture;

/// The fields of calls in which files stand.
const FIELDS: [&str; 2] = ["photo", "document"];

/// A file with a text in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub kind: String,
    /// What stands in it.
    pub text: String,
}

/// What a file is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Picture(Picture),
    File(File),
}

/// How a file stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Attached {
    #[serde(flatten)]
    content: Content,
    /// The words in its place, if it can't be sent.
    instead: String,
}

/// The body of `sendPhoto`.
pub fn picture(picture: &Picture, caption: &str, instead: &str) -> Value {
    let content = Content::Picture(picture.clone());
    json!({"photo": Attached { content, instead: instead.to_owned() }, "caption": caption})
}

/// The body of `sendDocument`.
pub fn file(file: &File, caption: &str, instead: &str) -> Value {
    let content = Content::File(file.clone());
    json!({"document": Attached { content, instead: instead.to_owned() }, "caption": caption})
}

/// Where a file stands in a body, and what it is made of.
fn attached(body: &Map<String, Value>) -> Option<(&'static str, Attached)> {
    let (field, value) = FIELDS.iter().find_map(|field| Some((*field, body.get(*field)?)))?;
    Some((field, serde_json::from_value(value.clone()).ok()?))
}

/// The body of a message with the words in place of the file; none if no file stands in it.
pub fn instead(body: &Map<String, Value>) -> Option<Map<String, Value>> {
    let (_, attached) = attached(body)?;
    Some(object(json!({"text": attached.instead, "link_preview_options": {"is_disabled": true}})))
}

/// What is to be noted of a picture once the call came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Telegram has it under that number.
    Has {
        /// The picture's name.
        name: String,
        /// Telegram's number.
        file: String,
    },
    /// Telegram does not know its number any more.
    Lost {
        /// The picture's name.
        name: String,
    },
}

/// What goes along with a call.
#[derive(Debug, Default)]
pub struct Parcel {
    /// The file to upload.
    pub upload: Option<Upload>,
    /// The picture's name.
    name: Option<String>,
}

impl Parcel {
    /// What Telegram's answer to the call tells of the picture.
    pub fn note(&self, result: &Value) -> Option<Note> {
        let (name, _) = (self.name.clone()?, self.upload.as_ref()?);
        // Several sizes of the same; any of their numbers sends all.
        let file = result["photo"].as_array()?.last()?["file_id"].as_str()?.to_owned();
        Some(Note::Has { name, file })
    }

    /// What a refusal tells of the picture, if it went by its number.
    pub fn refused(&self) -> Option<Note> {
        self.name.clone().filter(|_| self.upload.is_none()).map(|name| Note::Lost { name })
    }
}

/// Makes the file that stands in `body`, and puts into its place what the call has there. `Ok(Err(_))`: it can't be made.
pub async fn prepare(shared: &Shared, body: &mut Map<String, Value>) -> sqlx::Result<Result<Parcel, String>> {
    let Some((field, attached)) = attached(body) else { return Ok(Ok(Parcel::default())) };
    let upload = |name: String, kind: String, bytes: Arc<[u8]>| Upload { field, name, kind, bytes };
    let picture = match attached.content {
        Content::File(file) => {
            body.insert(field.to_owned(), json!(format!("attach://{}", Upload::PART)));
            let upload = Some(upload(file.name, file.kind, file.text.into_bytes().into()));
            return Ok(Ok(Parcel { upload, name: None }));
        }
        Content::Picture(picture) => picture,
    };
    let name = shared.draw.name(&picture);
    if let Some(file) = shared.store.uploaded(&name).await? {
        body.insert(field.to_owned(), json!(file));
        return Ok(Ok(Parcel { upload: None, name: Some(name) }));
    }
    let draw = Arc::clone(&shared.draw);
    let drawn = tokio::task::spawn_blocking(move || draw.png(&picture)).await;
    let png = match drawn.map_err(|error| error.to_string()).and_then(|png| png) {
        Ok(png) => png,
        Err(reason) => return Ok(Err(reason)),
    };
    body.insert(field.to_owned(), json!(format!("attach://{}", Upload::PART)));
    let upload = upload("gambar.png".to_owned(), "image/png".to_owned(), png);
    Ok(Ok(Parcel { upload: Some(upload), name: Some(name) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_outbox_is_read_back() {
        let shown = Picture::Ballots { title: "Surat suara".to_owned(), ballots: Vec::new() };
        let body = object(picture(&shown, "Gambar.", "Tanpa gambar."));
        let (field, found) = attached(&body).expect("a picture");
        assert_eq!((field, found.content), ("photo", Content::Picture(shown)));
        assert_eq!(instead(&body).expect("words")["text"], "Tanpa gambar.");
        let ics = File { name: "jadwal.ics".to_owned(), kind: "text/calendar".to_owned(), text: "BEGIN".to_owned() };
        let body = object(file(&ics, "Berkas.", "Tanpa berkas."));
        assert_eq!(
            attached(&body).map(|(field, found)| (field, found.content)),
            Some(("document", Content::File(ics)))
        );
        assert_eq!(instead(&object(json!({"photo": "AgACAg"}))), None);
    }
}
