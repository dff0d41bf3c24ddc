//! `export`: the FAQ as JSON Lines; and what moderators added to it, written into its files.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use secrecy::ExposeSecret;

use super::{Failure, FaqArgs, TokenArgs, log, token};
use crate::desk::Proposal;
use crate::faq::day_of;
use crate::faq::jsonl::Line;
use crate::faq::lesson::{Fit, Lesson, teach};
use crate::faq::source::{File, Source};
use crate::store::DEFAULT_DATABASE;
use crate::store::peek::lessons_at;
use crate::text::cut::shortened;

/// How much of a phrasing is shown, in characters.
const SHOWN: usize = 70;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("form").required(true).args(["json", "learned"]))]
pub(super) struct ExportArgs {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Also the negative examples, as lines whose id is null
    #[arg(long, requires = "json")]
    negatives: bool,
    /// Write what moderators added into the files of the FAQ folder, in place: phrasings below those of their entry, new
    /// entries below all others of their file. Nothing else in them changes. The bot may serve meanwhile
    #[arg(long)]
    learned: bool,
    /// Where the bot keeps its data: sqlite://PATH or postgres://... [default: sqlite://tanya-pemilu.db]
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
}

pub(super) fn run(
    args: &FaqArgs,
    token: &TokenArgs,
    export: &ExportArgs,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    if export.learned { learned(args, token, export, out) } else { json_lines(args, export, out) }
}

fn json_lines(args: &FaqArgs, export: &ExportArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let now = args.now()?;
    let (faq, _) = args.faq()?;
    for entry in &faq.entries {
        let answer = faq.answer(entry, now);
        let line = Line {
            id: Some(entry.id.clone()),
            title: Some(entry.title.clone()),
            questions: entry.questions.iter().map(|q| q.text.clone()).collect(),
            answer: Some(answer.body.plain()),
            more: answer.more.map(|more| more.plain()),
            sources: entry.sources_on(day_of(now)).into_iter().map(str::to_owned).collect(),
        };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(std::io::Error::from)?)?;
    }
    if export.negatives {
        for question in &faq.outside {
            let line = Line {
                id: None,
                title: None,
                questions: vec![question.text.clone()],
                answer: None,
                more: None,
                sources: Vec::new(),
            };
            writeln!(out, "{}", serde_json::to_string(&line).map_err(std::io::Error::from)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what moderators added into the FAQ's files.
fn learned(args: &FaqArgs, token: &TokenArgs, export: &ExportArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let Source::Folder(folder) = args.source_to_serve() else {
        return Err(Failure::Usage(
            "--learned menulis ke folder FAQ: sebutkan foldernya dengan --faq FOLDER.".to_owned(),
        ));
    };
    let source = Source::Folder(folder.clone());
    // What is faulty already would hide what the additions do.
    let (faq, report) = crate::faq::Faq::load(&source);
    if faq.is_none() {
        return Err(Failure::Faq(source.name(), Box::new(report)));
    }
    let proposals = proposals(token, export)?;
    let lessons: Vec<Lesson> = proposals.iter().filter_map(|proposal| proposal.lesson.clone()).collect();
    let (before, _) = source.files();
    let mut files = before.clone();
    let fits = teach(&mut files, &lessons);
    for (proposal, fit) in proposals.iter().zip(&fits) {
        writeln!(out, "{}", told(proposal, fit))?;
    }
    let changed: Vec<&File> =
        files.iter().zip(&before).filter(|(now, then)| now.bytes != then.bytes).map(|(now, _)| now).collect();
    for file in &changed {
        replace(&folder.join(&file.name), &file.bytes)?;
    }
    let names: Vec<&str> = changed.iter().map(|file| file.name.as_str()).collect();
    let added = fits.iter().filter(|fit| **fit == Fit::Added).count();
    if added == 0 {
        writeln!(out, "Tidak ada yang perlu ditulis.")?;
    } else {
        let (place, names) = (folder.display(), names.join(", "));
        writeln!(out, "{added} tambahan ditulis ke {names} di {place}. Periksa dengan: tanya-pemilu check {place}")?;
    }
    let unfit = fits.iter().any(|fit| matches!(fit, Fit::Unfit(_)));
    Ok(if unfit { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What is in force, of the bot of the token; without a token of the only one that there is.
fn proposals(args: &TokenArgs, export: &ExportArgs) -> Result<Vec<Proposal>, Failure> {
    let database = export.database.as_deref().map(str::trim).filter(|url| !url.is_empty()).unwrap_or(DEFAULT_DATABASE);
    log::hide_password(database);
    let bot = if token::is_given(args) {
        let token = token::read(args)?;
        token::secrets(&token).for_each(log::hide);
        token.expose_secret().split(':').next().and_then(|number| number.parse().ok())
    } else {
        None
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(lessons_at(database, bot)).map_err(|why| Failure::Failed(why.to_string()))?;
    let mut bots: Vec<i64> = found.iter().map(|(bot, _)| *bot).collect();
    bots.dedup();
    if bots.len() > 1 {
        let bots = bots.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        return Err(Failure::Usage(format!(
            "Basis data ini dipakai beberapa bot ({bots}): sebutkan yang mana dengan --token-file atau TELOXIDE_TOKEN."
        )));
    }
    Ok(found.into_iter().map(|(_, proposal)| proposal).collect())
}

fn told(proposal: &Proposal, fit: &Fit) -> String {
    let what = match &proposal.lesson {
        Some(Lesson::Phrasing { entry, text }) => format!("{entry}: {}", shortened(text, SHOWN)),
        Some(Lesson::Entry(entry)) => format!("{}: entri baru, {}", entry.id, entry.title),
        None => String::new(),
    };
    let became = match fit {
        Fit::Added => "ditambahkan".to_owned(),
        Fit::There => "sudah ada".to_owned(),
        Fit::Unfit(why) => format!("tidak bisa ditulis: {why}"),
    };
    format!("#{} {what} ({became})", proposal.number)
}

/// Puts `bytes` into a file in one step: a kill leaves the old one or the new one.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("{} tidak bisa ditulis: {error}.", path.display()));
    // A link stays a link: what it leads to is replaced.
    let path = std::fs::canonicalize(path).map_err(failed)?;
    let aside = path.with_extension("toml.baru");
    let rights = std::fs::metadata(&path).map_err(failed)?.permissions();
    std::fs::write(&aside, bytes).map_err(failed)?;
    std::fs::set_permissions(&aside, rights).map_err(failed)?;
    std::fs::rename(&aside, &path).map_err(failed)
}
