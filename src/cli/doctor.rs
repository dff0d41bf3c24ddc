//! `doctor`: is everything set up rightly? It looks at the settings, the FAQ, the database and Telegram, and changes nothing.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use chrono::Utc;
use clap::Args;
use serde_json::json;

use super::setting::{SettingArgs, given, read_proxy};
use super::{Failure, FaqArgs, TokenArgs, check, token};
use crate::faq::fault::Severity;
use crate::faq::source::Source;
use crate::faq::{Faq, day_of, review};
use crate::store::condition::{Condition, Standing, condition};
use crate::telegram::doctor::{Asked, Finding, Level, clock, examine};
use crate::telegram::service::{ServeError, client, number};

/// Less free room than this, in bytes, is soon none.
const ROOM: u64 = 1_000_000_000;
/// With less than this, in bytes, nothing more can be written.
const NO_ROOM: u64 = 50_000_000;

#[derive(Debug, Args)]
#[command(
    after_help = "Give it the settings that `run` is given (flags, environment, --token-file, --faq). One line for each check: OK, peringatan (it
works, but better otherwise) or salah (it does not work so), with what to do. Exit status: 1 if anything is salah, else 0.
It sends nothing, sets nothing and makes nothing; the bot may serve meanwhile.

Examples:
  TELOXIDE_TOKEN=... MODERATOR_CHAT=-1001234567890 tanya-pemilu doctor
  sh -c 'set -a; . /etc/tanya-pemilu/env; tanya-pemilu doctor --token-file /etc/tanya-pemilu/token'"
)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    settings: SettingArgs,
    /// Print one JSON object a check: check, level (ok, warning, fault), text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(
    args: &DoctorArgs,
    tokens: &TokenArgs,
    faq: &FaqArgs,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(look(args, tokens, faq))?;
    for Finding { check, level, text } in &found {
        if args.json {
            writeln!(out, "{}", json!({"check": check, "level": level.name(), "text": text}))?;
        } else {
            writeln!(out, "{:<10}  {check}: {text}", level.word())?;
        }
    }
    let faults = found.iter().filter(|finding| finding.level == Level::Fault).count();
    if !args.json {
        let warnings = found.iter().filter(|finding| finding.level == Level::Warning).count();
        writeln!(out, "{} pemeriksaan: {faults} salah, {warnings} peringatan.", found.len())?;
    }
    Ok(ExitCode::from(u8::from(faults > 0)))
}

/// Looks at all of it, one thing after another; what is wrong with one keeps none of the others from being looked at.
async fn look(args: &DoctorArgs, tokens: &TokenArgs, faq: &FaqArgs) -> Result<Vec<Finding>, Failure> {
    let settings = &args.settings;
    let proxy = settings.hide_secrets();
    let mut found = Vec::new();
    let token = kept(&mut found, "token", token::take(tokens))?;
    token.iter().flat_map(token::secrets).for_each(super::log::hide);
    if let Some((mode, mend)) = tokens.token_file.as_deref().and_then(token::read_by_others) {
        found.push(Finding::warning("berkas token", format!("dapat dibaca pengguna lain ({mode:03o}); {mend}")));
    }
    let bot = token.as_ref().and_then(|token| number(token).ok());
    let moderators = kept(&mut found, "MODERATOR_CHAT", settings.moderators())?;
    let above = kept(&mut found, "ESCALATION_CHAT", settings.above())?;
    let channel = kept(&mut found, "PUBLIC_CHANNEL", settings.channel())?;
    let webhook = kept(&mut found, "WEBHOOK_URL", settings.webhook())?;
    kept(&mut found, "LISTEN", settings.listen())?;
    kept(&mut found, "SEND_LIMITS", settings.limits())?;
    let api = kept(&mut found, "TELEGRAM_API_URL", settings.api())?;
    let proxy = kept(&mut found, "TELOXIDE_PROXY", read_proxy(given(Some(&proxy))))?;

    found.push(of_faq(faq)?);
    let mut last_webhook = None;
    match condition(settings.database(), bot).await {
        Ok(database) => {
            found.extend(of_database(&database));
            found.extend(
                database.clock.map(|theirs| clock("jam", &format!("basis data {}", database.name), now(), theirs)),
            );
            last_webhook = database.webhook;
        }
        Err(error) => {
            let again = if error.may_pass() { " Ini dapat pulih sendiri; ulangi nanti." } else { "" };
            found.push(Finding::fault("basis data", format!("{error}{again}")));
        }
    }
    // What was told above is not told once more.
    let (Some(token), Some(api), Some(proxy), Some(bot)) = (token, api, proxy, bot) else { return Ok(found) };
    match client(&api, &token, proxy.as_ref()) {
        Ok(api) => {
            let asked = Asked {
                bot,
                moderators,
                above: above.flatten(),
                channel: channel.flatten(),
                webhook: webhook.flatten(),
                last_webhook,
            };
            found.extend(examine(&api, &asked, now).await);
        }
        Err(ServeError::Setting(why) | ServeError::Failed(why)) => found.push(Finding::fault("TELOXIDE_PROXY", why)),
        Err(ServeError::Faq(..)) => {}
    }
    Ok(found)
}

/// This machine's time, in milliseconds since 1970.
fn now() -> i64 {
    Utc::now().timestamp_millis()
}

/// A setting, or none if it is wrong, which is noted.
fn kept<T>(found: &mut Vec<Finding>, check: &'static str, setting: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match setting {
        Ok(setting) => Ok(Some(setting)),
        Err(Failure::Usage(why) | Failure::Failed(why)) => {
            // Its name stands in front already.
            let text = why.strip_prefix(check).map_or(why.as_str(), |rest| rest.trim_start_matches([':', ' ']));
            found.push(Finding::fault(check, text));
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

/// The FAQ that would be served.
fn of_faq(args: &FaqArgs) -> Result<Finding, Failure> {
    const CHECK: &str = "FAQ";
    let source = args.source_to_serve();
    let (faq, mut report) = Faq::load(&source);
    let name = match &source {
        Source::Folder(path) | Source::JsonLines(path) => place(path),
        other => other.name(),
    };
    let how = format!("Periksa dengan: tanya-pemilu check {name}");
    let Some(faq) = faq else {
        let summary = check::summary(&report);
        return Ok(Finding::fault(CHECK, format!("{name} tidak dapat dipakai: {summary}. {how}")));
    };
    report.extend(review::as_of(&faq, day_of(args.now()?)));
    let entries = faq.entries.len();
    Ok(match report.count(Severity::Warning) {
        0 => Finding::fine(CHECK, format!("{name}, {entries} entri")),
        some => Finding::warning(CHECK, format!("{name}, {entries} entri, {some} perhatian. {how}")),
    })
}

fn place(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// The database, and the room that it has.
fn of_database(database: &Condition) -> Vec<Finding> {
    const CHECK: &str = "basis data";
    let name = &database.name;
    let mut found: Vec<Finding> =
        database.faults.iter().map(|why| Finding::fault(CHECK, format!("{name}: {why}."))).collect();
    let tables = match database.tables {
        Standing::Current => Finding::fine(CHECK, format!("{name}: terbuka, tabelnya mutakhir")),
        Standing::Empty => Finding::fine(CHECK, format!("{name}: belum berisi; tabelnya dibuat saat mulai")),
        Standing::Behind => Finding::warning(
            CHECK,
            format!("{name}: tabelnya dari versi lebih lama dan dimutakhirkan saat mulai. Buat cadangan dulu."),
        ),
        Standing::Ahead => Finding::fault(
            CHECK,
            format!("{name}: dibuat oleh versi tanya-pemilu yang lebih baru. Pakai versi itu, atau basis data lain."),
        ),
    };
    // Of what can't be used nothing good is said.
    if found.is_empty() || tables.level != Level::Fine {
        found.push(tables);
    }
    if let Some(free) = database.free {
        let text = format!("{} MB bebas di tempat basis data", free / 1_000_000);
        found.push(match free {
            ..NO_ROOM => Finding::fault("disk", format!("{text}: penuh. Kosongkan sebagian.")),
            NO_ROOM..ROOM => {
                Finding::warning("disk", format!("{text}. Kosongkan sebagian: di bawah 50 MB bot berhenti menerima."))
            }
            ROOM.. => Finding::fine("disk", text),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_and_tables_are_judged() {
        let judge = |tables, free| -> Vec<Level> {
            let database =
                Condition { name: "bot.db".to_owned(), tables, faults: Vec::new(), clock: None, free, webhook: None };
            of_database(&database).iter().map(|finding| finding.level).collect()
        };
        assert_eq!(judge(Standing::Current, Some(5_000_000_000)), [Level::Fine, Level::Fine]);
        assert_eq!(judge(Standing::Empty, Some(999_000_000)), [Level::Fine, Level::Warning]);
        assert_eq!(judge(Standing::Behind, Some(49_000_000)), [Level::Warning, Level::Fault]);
        assert_eq!(judge(Standing::Ahead, None), [Level::Fault]);
    }
}
