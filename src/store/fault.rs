//! What is wrong with a database: the cause, in words of the field, never those of a library.

use std::borrow::Cow;
use std::io::{self, ErrorKind};

use super::Kind;

/// Why the store can't be used, in one sentence: the file or the host, and the cause. An address in it holds no password.
/// Errors of the start are in Indonesian, for the operator; those of a running store in English, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    pub(super) text: String,
    pub(super) passes: bool,
    /// What lies behind it, if it is the database's state.
    pub(super) cause: Option<Box<Cause>>,
}

impl StoreError {
    /// A setting is wrong: it stays so until somebody changes it.
    pub(super) fn setting(text: impl Into<String>) -> Self {
        Self { text: text.into(), passes: false, cause: None }
    }

    /// The database of this name can't be opened.
    pub(super) fn unopened(name: &str, cause: &Cause) -> Self {
        let text = format!("{name} tidak dapat dipakai: {}.", cause.indonesian());
        Self { text, passes: cause.passes(), cause: Some(Box::new(cause.clone())) }
    }

    /// Whether it may pass by itself, such as a server that is being started: then trying again makes sense.
    pub fn may_pass(&self) -> bool {
        self.passes
    }

    /// As an error of a statement.
    pub(super) fn into_sqlx(self) -> sqlx::Error {
        sqlx::Error::Io(io::Error::other(self))
    }

    /// The one in an error of a statement, if it is one of these.
    fn within(error: &sqlx::Error) -> Option<&Self> {
        match error {
            sqlx::Error::Io(io) => io.get_ref()?.downcast_ref(),
            _ => None,
        }
    }

    /// Whether an error of a statement is one of these.
    pub(super) fn is_in(error: &sqlx::Error) -> bool {
        Self::within(error).is_some()
    }

    /// What lies behind an error of a statement, if it is one of these.
    pub(super) fn cause_in(error: &sqlx::Error) -> Option<Cause> {
        Self::within(error)?.cause.as_deref().cloned()
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for StoreError {}

/// Why a database does not do its work. What is wrong with one statement only is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    Full,
    ReadOnly,
    Forbidden,
    Locked,
    NotADatabase,
    Damaged,
    NoFolder,
    IsFolder,
    NotAFile,
    /// The file is not at its path any more.
    Gone,
    /// Another file stands at the path; where the own content was kept, if it could be.
    Replaced(Option<String>),
    /// The file's log is not at its path any more.
    LogGone,
    /// Another process took the file over.
    Taken,
    /// SQLite could not open or use a file, and does not say why.
    File(String),
    Refused,
    Unreachable,
    Unresolved,
    Silent,
    Cut,
    Stopped,
    /// All connections are in use for too long.
    Busy,
    /// The store was closed here.
    Closed,
    Other(String),
}

impl Cause {
    /// In English, after a colon.
    pub(super) fn english(&self) -> Cow<'static, str> {
        match self {
            Self::Full => "disk full".into(),
            Self::ReadOnly => "read-only".into(),
            Self::Forbidden => "permission denied".into(),
            Self::Locked => "locked by another program".into(),
            Self::NotADatabase => "not an SQLite database".into(),
            Self::Damaged => "damaged".into(),
            Self::NoFolder => "its folder does not exist".into(),
            Self::IsFolder => "it is a folder".into(),
            Self::NotAFile => "it is no regular file".into(),
            Self::Gone => "the file was deleted or moved away".into(),
            Self::Replaced(None) => "the file was replaced by another, which is left alone; stop the program, then \
                put the right file in place"
                .into(),
            Self::Replaced(Some(kept)) => format!(
                "the file was replaced by another, which is left alone; stop the program, then put the right file \
                 in place (what was in it is kept in {kept})"
            )
            .into(),
            Self::LogGone => "its write-ahead log was deleted or moved away".into(),
            Self::Taken => "another process has taken it".into(),
            Self::File(text) | Self::Other(text) => text.clone().into(),
            Self::Refused => "connection refused".into(),
            Self::Unreachable => "the host can't be reached".into(),
            Self::Unresolved => "the host's name is not known".into(),
            Self::Silent => "no answer in time".into(),
            Self::Cut => "the connection was cut".into(),
            Self::Stopped => "the server is starting or stopping".into(),
            Self::Busy => "all connections are in use".into(),
            Self::Closed => "it is closed already".into(),
        }
    }

    /// In Indonesian, for errors of the start.
    pub(super) fn indonesian(&self) -> Cow<'static, str> {
        match self {
            Self::Full => "disk penuh".into(),
            Self::ReadOnly => "hanya dapat dibaca (read-only)".into(),
            Self::Forbidden => "tidak ada izin untuk membaca dan menulisnya".into(),
            Self::Locked => "sedang dikunci program lain".into(),
            Self::NotADatabase => "berkas itu bukan basis data SQLite".into(),
            Self::Damaged => "isinya rusak".into(),
            Self::NoFolder => "foldernya tidak ada".into(),
            Self::IsFolder => "itu folder, bukan berkas".into(),
            Self::NotAFile => "itu bukan berkas biasa".into(),
            Self::Gone | Self::LogGone => "berkasnya tidak ada".into(),
            Self::Replaced(_) => "berkasnya diganti berkas lain".into(),
            Self::Taken => "sedang dipakai proses lain".into(),
            Self::File(text) | Self::Other(text) => text.clone().into(),
            Self::Refused => "sambungan ditolak (connection refused)".into(),
            Self::Unreachable => "komputernya tidak terjangkau".into(),
            Self::Unresolved => "nama komputernya tidak dikenal".into(),
            Self::Silent => "tidak ada jawaban".into(),
            Self::Cut => "sambungannya terputus".into(),
            Self::Stopped => "servernya sedang dinyalakan atau dimatikan".into(),
            Self::Busy => "semua sambungannya sedang terpakai".into(),
            Self::Closed => "sudah ditutup".into(),
        }
    }

    /// Whether it may pass without anybody changing a setting.
    pub(super) fn passes(&self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Unreachable
                | Self::Unresolved
                | Self::Silent
                | Self::Cut
                | Self::Stopped
                | Self::Busy
                | Self::Locked
        )
    }

    /// What a fault of the file system means.
    pub(super) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NoFolder,
            ErrorKind::IsADirectory => Self::IsFolder,
            ErrorKind::ConnectionRefused => Self::Refused,
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Self::Unreachable,
            ErrorKind::TimedOut => Self::Silent,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::NotConnected => Self::Cut,
            _ if error.to_string().starts_with("failed to lookup address") => Self::Unresolved,
            _ => Self::Other(error.to_string()),
        }
    }

    /// What an error of a database of that kind means; none if it is about the statement only, not the database.
    pub(super) fn of(kind: Kind, error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code()?;
                match kind {
                    Kind::Sqlite => sqlite(code.parse().ok()?, error.message()),
                    Kind::Postgres => postgres(&code, error.message()),
                }
            }
            // A socket that is not there, on PostgreSQL.
            sqlx::Error::Io(error) if kind == Kind::Postgres && error.kind() == ErrorKind::NotFound => {
                Some(Self::Refused)
            }
            sqlx::Error::Io(error) => Some(Self::of_io(error)),
            sqlx::Error::Tls(error) => Some(Self::Other(format!("TLS: {error}"))),
            sqlx::Error::Protocol(_) => Some(Self::Cut),
            sqlx::Error::PoolTimedOut => Some(Self::Silent),
            sqlx::Error::WorkerCrashed | sqlx::Error::BeginFailed | sqlx::Error::PoolClosed => Some(Self::Cut),
            _ => None,
        }
    }
}

/// <https://www.sqlite.org/rescode.html>: the low byte is the kind, the rest says more.
fn sqlite(code: i32, message: &str) -> Option<Cause> {
    const MOVED: i32 = 1032;
    Some(match code & 0xff {
        _ if code == MOVED => Cause::Gone,
        3 | 23 => Cause::Forbidden,
        5 | 6 => Cause::Locked,
        7 => Cause::Other("out of memory".to_owned()),
        8 => Cause::ReadOnly,
        10 | 14 => Cause::File(message.to_owned()),
        11 => Cause::Damaged,
        13 => Cause::Full,
        26 => Cause::NotADatabase,
        _ => return None,
    })
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres(code: &str, message: &str) -> Option<Cause> {
    Some(match code {
        "53100" => Cause::Full,
        "25006" => Cause::ReadOnly,
        "57P01" | "57P02" | "57P03" => Cause::Stopped,
        "53300" => Cause::Busy,
        // This process was frozen in the midst of a transaction, and the server ended it.
        "25P03" | "57P05" => Cause::Cut,
        "42P01" => Cause::Other(message.to_owned()),
        // connection, insufficient resources, operator intervention but a cancelled query, system error, internal
        // error, wrong password or user, no such database
        _ if code == "57014" => return None,
        _ if ["08", "53", "57", "58", "XX", "28", "3D"].iter().any(|class| code.starts_with(class)) => {
            Cause::Other(message.to_owned())
        }
        _ => return None,
    })
}
