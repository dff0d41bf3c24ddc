//! `completions` and `man`: from the same definitions as `--help`, so that they name what there is.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use super::Failure;

/// The program's name, as it is typed.
const NAME: &str = "tanya-pemilu";

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tanya-pemilu completions bash > /etc/bash_completion.d/tanya-pemilu
  tanya-pemilu completions zsh > /usr/local/share/zsh/site-functions/_tanya-pemilu
  tanya-pemilu completions fish > ~/.config/fish/completions/tanya-pemilu.fish")]
pub(super) struct CompletionArgs {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tanya-pemilu man | man -l -
  tanya-pemilu man /usr/local/share/man/man1")]
pub(super) struct ManArgs {
    /// Write all pages, one a command, into this folder; what has their names there is replaced. Without it the page of the
    /// program is printed
    folder: Option<PathBuf>,
}

pub(super) fn completions(
    args: &CompletionArgs,
    mut command: Command,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    // It panics where it can't write, so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, NAME, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if args.shell == Shell::Bash {
        // A name with a hyphen is written in two ways, so that nothing is offered behind a command
        // (<https://github.com/clap-rs/clap/issues/6421>).
        script = script.replace("tanya__subcmd__pemilu", "tanya__pemilu");
    }
    out.write_all(script.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(args: &ManArgs, command: Command, out: &mut impl Write) -> Result<ExitCode, Failure> {
    match &args.folder {
        None => clap_mangen::Man::new(command).render(out)?,
        Some(folder) => {
            let failed = |error| Failure::Failed(format!("{} tidak dapat ditulis: {error}", folder.display()));
            std::fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(command, folder).map_err(failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
