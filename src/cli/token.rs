//! The bot's token: from a file that only its owner can change, or from the environment.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::{Failure, TokenArgs};

/// The variable that holds the token itself.
const VARIABLE: &str = "TELOXIDE_TOKEN";
/// A file that is larger holds something else, in bytes.
const LARGEST: u64 = 64 * 1024;
/// Where services are given their secrets, with whatever rights.
const SECRETS: &str = "/run/secrets";

fn usage<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(message.into()))
}

/// The token; the file wins over the variable. Never shows any of it. What is odd about the file goes to the log.
pub(super) fn read(args: &TokenArgs) -> Result<SecretString, Failure> {
    let token = take(args)?;
    if let Some(path) = &args.token_file {
        if is_in_environment() {
            tracing::warn!("both --token-file and {VARIABLE} are given; the file is used");
        }
        if let Some((mode, mend)) = read_by_others(path) {
            tracing::warn!("--token-file: {} can be read by others ({mode:03o}); {mend}", path.display());
        }
    }
    Ok(token)
}

fn is_in_environment() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|token| !token.is_empty())
}

/// The rights of a token file that others can read, and what to do; none where the system gives secrets.
pub(super) fn read_by_others(path: &Path) -> Option<(u32, String)> {
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mode = about.permissions().mode() & 0o777;
    (mode & 0o044 != 0 && !is_given_by_the_system(path)).then(|| (mode, mend(path)))
}

fn mend(path: &Path) -> String {
    format!("jalankan: chmod 600 '{}'", path.display())
}

/// The same, without a word.
pub(super) fn take(args: &TokenArgs) -> Result<SecretString, Failure> {
    let variable = std::env::var_os(VARIABLE).filter(|token| !token.is_empty());
    let Some(path) = &args.token_file else {
        let Some(text) = variable else {
            return usage(format!(
                "{VARIABLE} belum diisi: isi dengan token bot dari @BotFather, atau sebutkan berkasnya dengan \
                 --token-file."
            ));
        };
        return find(&text.to_string_lossy()).or_else(|why| usage(format!("{VARIABLE}: {why}.")));
    };
    let name = path.display();
    let refused = |why: String| usage(format!("--token-file: {name}: {why}."));
    let bytes = match look(path) {
        Ok(bytes) => bytes,
        Err(why) => return refused(why),
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return refused("tersimpan dalam UTF-16; simpan sebagai teks biasa (UTF-8)".to_owned());
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return refused("bukan teks UTF-8; isinya harus token bot dari @BotFather".to_owned());
    };
    find(text).or_else(refused)
}

/// The bytes of the file, if no one but its owner can change it.
fn look(path: &Path) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| format!("tidak terbaca: {error}");
    let mut file = File::open(path).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    // A pipe has no rights that matter.
    if about.is_file() {
        let mode = about.permissions().mode();
        if mode & 0o022 != 0 {
            return Err(format!("dapat diubah pengguna lain (izin {:03o}); {}", mode & 0o777, mend(path)));
        }
    }
    let mut bytes = Vec::new();
    file.by_ref().take(LARGEST + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LARGEST {
        return Err("terlalu besar; isinya harus token bot saja".to_owned());
    }
    Ok(bytes)
}

/// Whether the file lies where Docker, Kubernetes or systemd put secrets.
fn is_given_by_the_system(path: &Path) -> bool {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
    let folders = [Some(PathBuf::from(SECRETS)), credentials.map(PathBuf::from)];
    let written = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = fs::canonicalize(path).unwrap_or_else(|_| written.clone());
    folders.into_iter().flatten().any(|folder| {
        let real_folder = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
        written.starts_with(&folder) || real.starts_with(real_folder)
    })
}

/// The token in a text: on a line of its own, or as `NAME=token`, with or without quotation marks; empty lines and those
/// that begin with `#` are passed over. Else why there is none.
fn find(text: &str) -> Result<SecretString, String> {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let named = |line: &&&str| line.trim_start_matches("export ").trim_start().starts_with(&format!("{VARIABLE}="));
    let line = match lines.as_slice() {
        [] => return Err("tidak ada isinya; isinya harus token bot dari @BotFather".to_owned()),
        [line] => line,
        lines => match lines.iter().filter(named).collect::<Vec<_>>().as_slice() {
            [line] => *line,
            _ => return Err(format!("ada {} baris; tulis token saja, atau satu baris {VARIABLE}=token", lines.len())),
        },
    };
    let value = line.split_once('=').map_or(*line, |(_, value)| value).trim();
    let quoted = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let token = quoted('"').or_else(|| quoted('\'')).unwrap_or(value).trim();
    judge(token)?;
    Ok(token.to_owned().into())
}

/// What is wrong with a token, without showing it.
fn judge(token: &str) -> Result<(), String> {
    let shape = "token dari @BotFather berbentuk angka:huruf";
    if token.is_empty() {
        return Err(format!("tidak ada isinya; {shape}"));
    }
    if let Some(c) = token.chars().find(|c| !c.is_ascii() || c.is_ascii_control()) {
        return Err(format!("ada karakter yang bukan bagian token (U+{:04X}); {shape}", u32::from(c)));
    }
    if token.contains(char::is_whitespace) {
        return Err(format!("ini bukan token bot: ada spasi di dalamnya; {shape}"));
    }
    let Some((number, secret)) = token.split_once(':') else {
        return Err(format!("ini bukan token bot: tidak ada titik dua; {shape}"));
    };
    if number.parse::<i64>().is_err() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("ini bukan token bot: di depan titik dua harus angka saja; {shape}"));
    }
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.is_empty() || !secret.chars().all(letter) {
        return Err(format!(
            "ini bukan token bot: setelah titik dua hanya huruf, angka, garis bawah, dan tanda hubung; {shape}"
        ));
    }
    Ok(())
}

/// Whether a file or a variable gives a token.
pub(super) fn is_given(args: &TokenArgs) -> bool {
    args.token_file.is_some() || is_in_environment()
}

/// What must not be shown of a token: all of it, and what follows its number.
pub(super) fn secrets(token: &SecretString) -> impl Iterator<Item = &str> {
    let whole = token.expose_secret();
    [Some(whole), whole.split_once(':').map(|(_, secret)| secret)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "123456:AAFakeFakeFakeFakeFakeFakeFakeFakeFk";

    #[test]
    fn a_token_is_found_however_editors_and_scripts_write_it() {
        for text in [
            "@@",
            "@@\n",
            "\u{feff}@@\r\n",
            "  @@  \r\n\r\n",
            "# token bot\n@@\n",
            "TELOXIDE_TOKEN=@@\n",
            "export TELOXIDE_TOKEN=\"@@\"\n",
            "TELOXIDE_TOKEN = '@@'",
            "BOT_TOKEN=@@",
            "\u{feff}# env\r\nTELOXIDE_TOKEN=@@\r\nMODERATOR_CHAT=-100\r\n",
            "\"@@\"",
        ] {
            let found = find(&text.replace("@@", TOKEN)).map(|token| token.expose_secret().to_owned());
            assert_eq!(found.as_deref(), Ok(TOKEN), "{text}");
        }
    }

    #[test]
    fn the_cause_is_named_and_the_token_is_not() {
        for (text, cause) in [
            ("", "tidak ada isinya"),
            ("# hanya komentar\n", "tidak ada isinya"),
            ("TELOXIDE_TOKEN=", "tidak ada isinya"),
            ("123456:AAFake\n123457:AAFake", "2 baris"),
            ("123456:AAFake Fake", "spasi"),
            ("123456:AA\u{200b}Fake", "U+200B"),
            ("123456\u{a0}:AAFake", "U+00A0"),
            ("AAFakeFake", "tidak ada titik dua"),
            ("bot123456:AAFake", "angka saja"),
            ("99999999999999999999:AAFake", "angka saja"),
            ("123456:", "setelah titik dua"),
            ("123456:AA/Fake", "setelah titik dua"),
        ] {
            let why = find(text).expect_err(text);
            assert!(why.contains(cause) && !why.contains("AAFake") && !why.contains("123456"), "{text}: {why}");
        }
    }
}
