//! Where the database is. An address is read here and nowhere else: what is created, checked, locked and opened is the
//! same file.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::fault::StoreError;

/// An address, read.
pub(super) enum Address {
    /// The path of a file, as given.
    Sqlite(PathBuf),
    /// A server, and its name in sentences.
    Postgres(Box<AnyConnectOptions>, String),
}

impl Address {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://...`. What is wrong is told without the address, which may
    /// hold a password.
    pub(super) fn read(address: &str) -> Result<Self, StoreError> {
        if address.starts_with("sqlite:") {
            return sqlite(address).map(Self::Sqlite);
        }
        if !address.starts_with("postgres:") && !address.starts_with("postgresql:") {
            return Err(StoreError::setting("alamat basis data harus diawali sqlite:// atau postgres://."));
        }
        let read = PgConnectOptions::from_str(address).and_then(|server| Ok((server, address.parse()?)));
        let (server, options): (PgConnectOptions, AnyConnectOptions) = read.map_err(|_| unreadable())?;
        let name = match server.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", server.get_host(), server.get_port()),
        };
        Ok(Self::Postgres(Box::new(options), name))
    }
}

fn unreadable() -> StoreError {
    StoreError::setting(
        "alamat basis data tidak terbaca; bentuknya sqlite://tanya-pemilu.db atau \
         postgres://nama:sandi@komputer:5432/basisdata.",
    )
}

fn sqlite(address: &str) -> Result<PathBuf, StoreError> {
    let parameters = address.split_once('?').map_or("", |(_, parameters)| parameters);
    for parameter in parameters.split('&').filter(|p| !p.is_empty()) {
        // The file is made if it is missing, with and without `mode`, and has one user.
        if !matches!(parameter, "mode=rw" | "mode=rwc" | "cache=private") {
            return Err(StoreError::setting(format!(
                "alamat basis data tidak boleh memakai \"{parameter}\": bot menulis ke berkas biasa."
            )));
        }
    }
    let options = SqliteConnectOptions::from_str(address).map_err(|_| unreadable())?;
    let path = options.get_filename();
    let named = address.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default();
    if path.as_os_str().is_empty() || named == ":memory:" {
        return Err(StoreError::setting("alamat basis data harus menyebut berkas, misalnya sqlite://tanya-pemilu.db."));
    }
    Ok(path.to_owned())
}

/// How SQLite is told to open the file at this absolute path. It must be there: a file that vanished is never made anew
/// by chance.
pub(super) fn options_of(path: &Path) -> Result<AnyConnectOptions, StoreError> {
    // The path is escaped letter by letter; read back, it is the same again.
    let escaped = reqwest::Url::from_file_path(path).map_err(|()| unreadable())?;
    format!("sqlite://{}?mode=rw", escaped.path()).parse().map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(address: &str) -> Option<PathBuf> {
        match Address::read(address).ok()? {
            Address::Sqlite(path) => Some(path),
            Address::Postgres(..) => None,
        }
    }

    #[test]
    fn an_address_has_one_path() {
        for (address, path) in [
            ("sqlite://bot.db", "bot.db"),
            ("sqlite:bot.db", "bot.db"),
            ("sqlite:./bot.db?mode=rwc", "./bot.db"),
            ("sqlite:///srv/basis%20data/bot.db", "/srv/basis data/bot.db"),
            ("sqlite://data/../bot.db", "data/../bot.db"),
            ("sqlite://100%25.db?mode=rw", "100%.db"),
            ("sqlite://a%3Fb.db", "a?b.db"),
            ("sqlite://a#b.db", "a#b.db"),
        ] {
            assert_eq!(path_of(address).as_deref(), Some(Path::new(path)), "{address}");
        }
    }

    #[test]
    fn sqlite_opens_the_very_path() {
        for path in ["/srv/bot.db", "/srv/basis data/100%.db", "/srv/a?b#c.db", "/srv/%20.db", "/srv/é ü.db"] {
            let options = options_of(Path::new(path)).expect("a path");
            let opened = SqliteConnectOptions::from_str(options.database_url.as_str()).expect("readable");
            assert_eq!(opened.get_filename(), Path::new(path));
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_the_password() {
        for address in [
            "mysql://bot:rahasia@x/y",
            "postgres://bot:rahasia@x:99999/y",
            "postgres://bot:rahasia@[x/y",
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            "sqlite://bot.db?mode=memory",
            "sqlite://bot.db?mode=ro",
            "sqlite://bot.db?immutable=1",
            "sqlite://bot.db?vfs=unix-none",
        ] {
            let error = Address::read(address).err().unwrap_or_else(|| panic!("{address} was taken"));
            let text = error.to_string();
            assert!(!text.contains("rahasia") && text.ends_with('.') && !text.contains("DATABASE_URL"), "{text}");
            assert!(!error.may_pass());
        }
    }

    #[test]
    fn a_server_is_named_by_host_and_port() {
        for (address, name) in [
            ("postgres://bot:rahasia@db.example.org/bot", "db.example.org:5432"),
            ("postgresql://bot@127.0.0.1:6543/bot", "127.0.0.1:6543"),
            ("postgres:///bot?host=/run/postgresql", "/run/postgresql"),
        ] {
            match Address::read(address) {
                Ok(Address::Postgres(_, read)) => assert_eq!(read, name),
                _ => panic!("{address} is a server's"),
            }
        }
    }
}
