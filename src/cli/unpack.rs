//! `faq-bawaan`: the built-in FAQ as files, to begin with or to get a lost file back.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::Failure;
use crate::faq::source::{File, Source};

#[derive(Debug, Args)]
pub(super) struct UnpackArgs {
    /// Where to write; made if it is not there
    folder: PathBuf,
    /// Only these files, such as teks.id.toml or pemilu/pemilu2024.toml [default: all]
    #[arg(value_name = "FILE")]
    files: Vec<String>,
}

pub(super) fn run(args: &UnpackArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let (all, _) = Source::BuiltIn.files();
    let wanted = wanted(&all, &args.files)?;
    let there: Vec<&str> = wanted.iter().map(|f| f.name.as_str()).filter(|n| is_there(&args.folder.join(n))).collect();
    if let Some(first) = there.first() {
        let others = if there.len() > 1 { format!(" dan {} berkas lain", there.len() - 1) } else { String::new() };
        return Err(Failure::Failed(format!(
            "Tidak ada yang ditulis: {}{others} sudah ada, dan faq-bawaan tidak menimpa apa pun. Pilih folder lain, atau \
             pindahkan dulu berkas itu.",
            args.folder.join(first).display()
        )));
    }
    for file in &wanted {
        write(&args.folder.join(&file.name), &file.bytes)?;
    }
    let count = wanted.len();
    writeln!(out, "{count} berkas FAQ bawaan ditulis ke {}.", args.folder.display())?;
    Ok(ExitCode::SUCCESS)
}

/// The files of those names, or all.
fn wanted<'a>(all: &'a [File], names: &[String]) -> Result<Vec<&'a File>, Failure> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| {
        all.iter().find(|file| file.name == *name).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|file| file.name.as_str()).collect();
            Failure::Usage(format!("FAQ bawaan tidak memuat `{name}`. Isinya: {}.", known.join(", ")))
        })
    };
    let mut wanted = names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    wanted.sort_by(|a, b| a.name.cmp(&b.name));
    wanted.dedup();
    Ok(wanted)
}

/// Whether anything is there, a link that leads nowhere included.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    // What came into being since it was looked for is not overwritten either.
    let written = made
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(path))
        .and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| Failure::Failed(format!("{} tidak dapat ditulis: {error}", path.display())))
}
