//! `run`: Telegram. Reads and checks the settings, then serves.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::log::Format;
use super::setting::{SettingArgs, given, read_proxy, usage};
use super::{Failure, FaqArgs, TokenArgs, log, token};
use crate::faq::source::DEFAULT_FOLDER;
use crate::faq::watch::look;
use crate::picture::Studio;
use crate::telegram::service::{Config, ServeError, serve};

/// The settings of `run`. The environment holds addresses and secrets; what may be tuned stands in `faq/bot.toml`.
#[derive(Debug, Args)]
#[command(
    after_help = "The token stands in TELOXIDE_TOKEN or in the file of --token-file; the file wins. TELOXIDE_PROXY is the address of a proxy
on the way to Telegram, such as socks5://127.0.0.1:1080.

Examples:
  TELOXIDE_TOKEN=... MODERATOR_CHAT=-1001234567890 tanya-pemilu run
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 --database postgres://bot@localhost/bot
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 \\
      --webhook-url https://bot.example.org/telegram --listen 127.0.0.1:8080    (and WEBHOOK_SECRET)"
)]
pub(super) struct RunArgs {
    #[command(flatten)]
    settings: SettingArgs,
    /// How the log is written to standard error: text, or json, one object a line [default: text]
    #[arg(long, value_name = "FORMAT", env = "LOG_FORMAT")]
    log_format: Option<String>,
    /// Start even if Telegram refuses the moderator chat
    #[arg(long)]
    no_chat_check: bool,
    /// Poll although another program has set a webhook: it is taken away
    #[arg(long)]
    take_over: bool,
}

impl RunArgs {
    /// How the log is written.
    pub(super) fn log_format(&self) -> Result<Format, Failure> {
        match given(self.log_format.as_ref()) {
            None | Some("text") => Ok(Format::Text),
            Some("json") => Ok(Format::Json),
            Some(_) => usage("LOG_FORMAT harus text atau json."),
        }
    }
}

pub(super) fn run(args: &RunArgs, token: &TokenArgs, faq: &FaqArgs) -> Result<ExitCode, Failure> {
    let settings = &args.settings;
    let proxy = settings.hide_secrets();
    let token = token::read(token)?;
    token::secrets(&token).for_each(log::hide);
    if faq.now.is_some() {
        return usage("--now tidak berlaku untuk run: Telegram dilayani menurut jam sebenarnya.");
    }
    let source = faq.source_to_serve();
    let config = Config {
        token,
        api_url: settings.api()?.into(),
        proxy: read_proxy(given(Some(&proxy)))?,
        moderators: settings.moderators()?,
        above: settings.above()?,
        channel: settings.channel()?,
        chat_check: !args.no_chat_check,
        database: settings.database().to_owned().into(),
        limits: settings.limits()?,
        webhook: settings.webhook()?,
        listen: settings.listen()?,
        admin_listen: settings.admin_listen()?,
        take_over: args.take_over,
        draw: Arc::new(Studio::default()),
        seen: look(&source),
        source,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(serve(config));
    // A thread that still loads a FAQ is not waited for.
    runtime.shutdown_background();
    match served {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ServeError::Setting(message)) => usage(message),
        Err(ServeError::Faq(name, report)) => Err(Failure::Unserved(name, report, advice(faq))),
        Err(ServeError::Failed(message)) => Err(Failure::Failed(message)),
    }
}

/// What to do about a FAQ that can't be served while none is kept from before.
fn advice(faq: &FaqArgs) -> String {
    match faq.named() {
        Some(path) => format!(
            "Betulkan (periksa dengan \"tanya-pemilu check {}\") lalu mulai lagi; --faq builtin memakai FAQ bawaan \
             program.",
            path.display()
        ),
        None => {
            let here = std::env::current_dir().map(|dir| dir.display().to_string()).unwrap_or_default();
            format!(
                "Folder kerja sekarang {here}, dan FAQ dicari di ./{DEFAULT_FOLDER}. Sebutkan folder FAQ dengan --faq \
                 FOLDER atau FAQ_DIR; --faq builtin memakai FAQ bawaan program."
            )
        }
    }
}
