//! `migrate`: a running bot's data from SQLite to PostgreSQL, or back.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, log};
use crate::store::transfer::{Progress, transfer};

/// Where standard error is no terminal a line is written this often at most, and at the end of each table.
const LINE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
#[command(
    after_help = "Stop the bot first (all instances). The source is only read; the target must be empty, and its tables are made. Cut off, the
same command goes on where it was, and no bot starts on a target that is not whole. At the end all tables are compared, by
number and content.

Examples:
  tanya-pemilu migrate --from sqlite://tanya-pemilu.db --to postgres://tanya@127.0.0.1:5432/tanya
  tanya-pemilu migrate --from postgres://tanya@127.0.0.1:5432/tanya --to sqlite://tanya-pemilu.db

A password stands in the address, or in PGPASSWORD or a password file, which the list of processes does not show."
)]
pub(super) struct MigrateArgs {
    /// Where the data are: sqlite://PATH or postgres://...
    #[arg(long, value_name = "URL")]
    from: String,
    /// Where they are to go: the other of the two
    #[arg(long, value_name = "URL")]
    to: String,
}

pub(super) fn run(args: &MigrateArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let (from, to) = (args.from.trim(), args.to.trim());
    [from, to].into_iter().for_each(log::hide_password);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut shown = Shown::new(std::io::stderr().is_terminal());
    let done = runtime.block_on(transfer(from, to, &mut |progress| shown.tell(progress)));
    shown.end();
    let moved = done?;
    for (table, rows) in moved.tables.iter().filter(|(_, rows)| *rows > 0) {
        writeln!(out, "{table:<14} {rows:>10}")?;
    }
    let bots = moved.bots.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let (rows, tables) = (moved.rows(), moved.tables.len());
    writeln!(out, "Selesai: {rows} baris dari {tables} tabel dipindahkan dan sama isinya (nomor bot: {bots}).")?;
    if moved.mended > 0 {
        writeln!(out, "{} teks memuat U+0000, yang ditulis sebagai U+FFFD.", moved.mended)?;
    }
    writeln!(
        out,
        "Isi DATABASE_URL dengan alamat tujuan, lalu mulai bot. Sumbernya tidak diubah: hapus bila semua sudah berjalan, \
         karena berisi data pribadi."
    )?;
    Ok(ExitCode::SUCCESS)
}

/// What is shown on the way: a bar in a terminal, else lines.
struct Shown {
    bar: Option<ProgressBar>,
    said: Instant,
    /// Rows of tables that are there whole.
    before: u64,
}

impl Shown {
    fn new(terminal: bool) -> Self {
        Self { bar: terminal.then(|| ProgressBar::new(0)), said: Instant::now(), before: 0 }
    }

    fn tell(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Begins { rows, again } => {
                let what = if again { "Melanjutkan pemindahan" } else { "Memindahkan" };
                self.line(&format!("{what}: {rows} baris"));
                if let Some(bar) = &self.bar {
                    bar.set_length(rows);
                    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}% {pos}/{len} {msg}") {
                        bar.set_style(style);
                    }
                }
            }
            Progress::Copied { table, rows, of } => {
                if let Some(bar) = &self.bar {
                    bar.set_message(table.to_owned());
                    bar.set_position(self.before + rows);
                } else if self.said.elapsed() >= LINE || rows == of {
                    self.line(&format!("{table}: {rows}/{of}"));
                }
                if rows >= of {
                    self.before += of;
                }
            }
            Progress::Compared { table, .. } => {
                if let Some(bar) = &self.bar {
                    bar.set_message(format!("{table} sama"));
                }
            }
        }
    }

    fn line(&mut self, text: &str) {
        self.said = Instant::now();
        match &self.bar {
            Some(bar) => bar.println(text),
            // Nothing is left to be done if standard error is gone.
            None => drop(writeln!(std::io::stderr(), "{text}")),
        }
    }

    fn end(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}
