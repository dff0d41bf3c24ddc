//! Floor 7: the commands. Each reads its input, calls the floors below, and prints; results go to standard output,
//! diagnostics to standard error. Exit status: 0 done, 1 the FAQ (or for `doctor` anything) is at fault or something
//! failed, 2 wrong usage or, for `run` and `migrate`, any wrong setting, the FAQ included.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Once};

use chrono::{DateTime, FixedOffset, Utc};
use clap::{Args, CommandFactory, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use log::Format;

use crate::desk::Knowledge;
use crate::faq::fault::{MOST_SHOWN, Report};
use crate::faq::source::{DEFAULT_FOLDER, Source};
use crate::faq::{Faq, home_offset};
use crate::store::StoreError;

mod against;
mod ask;
mod chat;
mod check;
mod doctor;
mod eval;
mod eval_claims;
mod eval_pairs;
mod export;
mod list;
mod log;
mod manual;
mod migrate;
mod near;
mod rehearse;
mod reload;
mod run;
mod setting;
mod show;
mod time;
mod token;
mod unpack;

/// A file that only a FAQ folder has.
const A_FILE_OF_ITS_OWN: &str = "teks.id.toml";

/// Answers voters' questions about Indonesian elections from a reviewed FAQ; what it does not know goes to a person.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Examples:
  tanya-pemilu                                       talk to it in the terminal
  tanya-pemilu doctor                                is it set up rightly?
  tanya-pemilu ask \"kpn pemilu 2024?\"                one question, one answer
  tanya-pemilu ask --now \"12 Februari 2024\" \"kapan nyoblos\"
  tanya-pemilu ask --json - < questions.txt          one JSON object a line
  tanya-pemilu check faq                             is the FAQ in order?
  tanya-pemilu check --explain jadwal-libur          which phrasings of one entry are weak?
  tanya-pemilu lihat jadwal-libur                    one entry before, during and after its stage
  tanya-pemilu daftar --due                          what is to be reviewed in the next 30 days?
  tanya-pemilu faq-bawaan faq-baru                   the built-in FAQ, as files
  tanya-pemilu check --against HEAD                  what did my edit change?
  tanya-pemilu export --learned                      what moderators added, into the FAQ's files
  tanya-pemilu eval tests/questions.jsonl            how good are the answers?
  tanya-pemilu eval --claims tests/claims.jsonl      are known claims found in chain letters?
  tanya-pemilu eval --pairs tests/pairs.jsonl        which questions would share one ticket?
  tanya-pemilu rehearse --questions tests/questions.jsonl --voters 5000
                                                     how many moderators would a day take?

Without a command: `run` when TELOXIDE_TOKEN or --token-file is given, else `chat`."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    faq: FaqArgs,
    #[command(flatten)]
    token: TokenArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve Telegram
    Run(run::RunArgs),
    /// Talk in the terminal, as voter and as moderator; reloads the FAQ whenever it is saved
    Chat,
    /// Answer a question, or one a line from standard input; the code of an entry opens it
    Ask(ask::AskArgs),
    /// Check a FAQ: every fault with its place and a hint
    Check(check::CheckArgs),
    /// Show one entry as voters read it before, during and after its stage
    Lihat(show::ShowArgs),
    /// List the entries by the day on which they are to be reviewed, or by stage, election or source
    Daftar(list::ListArgs),
    /// Write the built-in FAQ, or single files of it, into a folder; nothing is overwritten
    FaqBawaan(unpack::UnpackArgs),
    /// Print the FAQ, one entry a line; or write what moderators added into its files
    Export(export::ExportArgs),
    /// Measure the answers to labelled questions
    Eval(eval::EvalArgs),
    /// Play an election day in minutes: what would the bot answer, and how many moderators would it take?
    Rehearse(rehearse::RehearseArgs),
    /// Check settings, FAQ, database and Telegram before or while the bot serves; changes nothing
    Doctor(doctor::DoctorArgs),
    /// Move all data of a bot from SQLite to PostgreSQL, or back
    Migrate(migrate::MigrateArgs),
    /// Print what completes commands and flags in a shell
    Completions(manual::CompletionArgs),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(manual::ManArgs),
}

/// Which FAQ, and when.
#[derive(Debug, Args)]
struct FaqArgs {
    /// A FAQ folder, a JSON Lines file as `export --json` prints it, or `builtin` [default: ./faq, else, but for `run`,
    /// `doctor` and `export --learned`, the built-in copy]
    ///
    /// Also taken from the environment variable FAQ_DIR. `faq-bawaan`, `migrate`, `completions` and `man` read no FAQ.
    #[arg(long, global = true, value_name = "PATH")]
    faq: Option<PathBuf>,
    /// The time to answer for, such as "12 Februari 2024", 2024-02-12, or "2024-02-12 09:00" [default: now]
    ///
    /// A day alone is its noon; a time without a zone is that of Jakarta. `run` goes by the real clock and refuses it.
    #[arg(long, global = true, value_name = "TIME")]
    now: Option<String>,
}

/// The bot's token: from a file, or from the environment. It is never printed.
#[derive(Debug, Args)]
struct TokenArgs {
    /// For `run`, `doctor` and `export --learned`: a file that holds the bot's token [environment: TELOXIDE_TOKEN holds the
    /// token itself; the file wins]
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl FaqArgs {
    /// The path that is named, if one is.
    fn named(&self) -> Option<PathBuf> {
        let from_environment = || std::env::var_os("FAQ_DIR").filter(|path| !path.is_empty()).map(PathBuf::from);
        self.faq.clone().or_else(from_environment)
    }

    /// Where the FAQ comes from. That it is the built-in copy though nobody asked for it is said, once.
    fn source(&self) -> Source {
        self.source_at(None)
    }

    /// The same, of `path` if one is given.
    fn source_at(&self, path: Option<&Path>) -> Source {
        static SAID: Once = Once::new();
        let named = path.map(Path::to_owned).or_else(|| self.named());
        let source = Source::locate(named.as_deref());
        if named.is_none() && source == Source::BuiltIn {
            SAID.call_once(|| {
                // Nothing is left to be done if standard error is gone.
                let _ = writeln!(std::io::stderr(), "{}", not_your_own());
            });
        }
        source
    }

    /// The same for who serves voters: nothing is served that nobody named.
    fn source_to_serve(&self) -> Source {
        match self.named() {
            None => Source::Folder(DEFAULT_FOLDER.into()),
            named => Source::locate(named.as_deref()),
        }
    }

    /// The time that was named, if one was.
    fn named_time(&self) -> Result<Option<DateTime<FixedOffset>>, Failure> {
        self.now.as_deref().map(time::parse).transpose().map_err(Failure::Usage)
    }

    /// The time that was named, else what it is.
    fn now(&self) -> Result<DateTime<FixedOffset>, Failure> {
        Ok(self.named_time()?.unwrap_or_else(present))
    }

    /// The FAQ without an index; faults are printed, warnings left to `check`.
    fn faq(&self) -> Result<(Faq, Report), Failure> {
        let source = self.source();
        match Faq::load(&source) {
            (Some(faq), report) => Ok((faq, report)),
            (None, report) => Err(Failure::Faq(source.name(), Box::new(report))),
        }
    }

    /// The FAQ with its index; faults are printed, warnings left to `check`.
    fn knowledge(&self) -> Result<Arc<Knowledge>, Failure> {
        let source = self.source();
        let (knowledge, report) = Knowledge::load(&source);
        knowledge.map(Arc::new).ok_or_else(|| Failure::Faq(source.name(), Box::new(report)))
    }
}

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// The FAQ can't be used.
    Faq(String, Box<Report>),
    /// The FAQ can't be served, and what to do.
    Unserved(String, Box<Report>, String),
    /// Wrong usage or input.
    Usage(String),
    /// Something failed: one sentence.
    Failed(String),
    /// Output or input failed.
    Io(std::io::Error),
}

impl From<StoreError> for Failure {
    /// What may pass by itself is no wrong setting.
    fn from(error: StoreError) -> Self {
        if error.may_pass() { Self::Failed(error.to_string()) } else { Self::Usage(error.to_string()) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What it is.
fn present() -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&home_offset())
}

/// What is said when the built-in copy is used though nobody asked for it.
fn not_your_own() -> String {
    let here = std::env::current_dir().map(|dir| dir.display().to_string()).unwrap_or_default();
    let advice = if Path::new(A_FILE_OF_ITS_OWN).is_file() {
        "Ini sendiri folder FAQ: pakai --faq . (titik), atau pindah ke folder di atasnya"
    } else {
        "Pindah ke folder yang memuat folder faq, atau sebutkan dengan --faq FOLDER"
    };
    format!(
        "Perhatian: memakai FAQ bawaan program, bukan suntingan Anda. Di {here} tidak ada folder {DEFAULT_FOLDER}. \
         {advice}."
    )
}

/// Whether a stream may be coloured: it is a terminal, and NO_COLOR is not set (<https://no-color.org>).
fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let mut cli = Cli::parse();
    if cli.command.is_none() && token::is_given(&cli.token) {
        // Read again as `run`, so that its settings are taken from the environment.
        let mut args: Vec<_> = std::env::args_os().collect();
        args.insert(1, "run".into());
        cli = Cli::parse_from(args);
    }
    let (level, format) = match &cli.command {
        Some(Command::Run(args)) => (LevelFilter::INFO, args.log_format()),
        // It says itself what it finds.
        Some(Command::Doctor(_)) => (LevelFilter::OFF, Ok(Format::Text)),
        _ => (LevelFilter::WARN, Ok(Format::Text)),
    };
    log::start(level, *format.as_ref().unwrap_or(&Format::Text));
    if let Err(failure) = format {
        return report(&failure);
    }
    if matches!(cli.command, Some(Command::Run(_))) {
        log::heed_panics();
    }
    let out = &mut std::io::stdout().lock();
    let done = match cli.command {
        Some(Command::Run(args)) => run::run(&args, &cli.token, &cli.faq),
        Some(Command::Chat) | None => chat::run(&cli.faq, out),
        Some(Command::Ask(args)) => ask::run(&cli.faq, &args, out),
        Some(Command::Check(args)) => check::run(&cli.faq, &args, out),
        Some(Command::Lihat(args)) => show::run(&cli.faq, &args, out),
        Some(Command::Daftar(args)) => list::run(&cli.faq, &args, out),
        Some(Command::FaqBawaan(args)) => unpack::run(&args, out),
        Some(Command::Export(args)) => export::run(&cli.faq, &cli.token, &args, out),
        Some(Command::Eval(args)) => eval::run(&cli.faq, &args, out),
        Some(Command::Rehearse(args)) => rehearse::run(&cli.faq, &args, out),
        Some(Command::Doctor(args)) => doctor::run(&args, &cli.token, &cli.faq, out),
        Some(Command::Migrate(args)) => migrate::run(&args, out),
        Some(Command::Completions(args)) => manual::completions(&args, Cli::command(), out),
        Some(Command::Man(args)) => manual::man(&args, Cli::command(), out),
    };
    match done.and_then(|code| out.flush().map(|()| code).map_err(Failure::Io)) {
        Ok(code) => code,
        Err(failure) => report(&failure),
    }
}

fn report(failure: &Failure) -> ExitCode {
    let colour = colour(&std::io::stderr());
    let faulty = |name: &str, report: &Report| {
        format!("{}{name} tidak dapat dipakai: {}", report.render_some(colour, MOST_SHOWN), check::summary(report))
    };
    let (text, status) = match failure {
        Failure::Faq(name, report) => (faulty(name, report), 1),
        Failure::Unserved(name, report, advice) => (format!("{}. {advice}", faulty(name, report)), 2),
        Failure::Usage(message) => (message.clone(), 2),
        Failure::Failed(message) => (message.clone(), 1),
        // A reader such as `head` that has seen enough is no failure.
        Failure::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Failure::Io(error) => (format!("gagal membaca atau menulis: {error}"), 1),
    };
    log::last_words(&text);
    ExitCode::from(status)
}
