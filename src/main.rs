//! The program: see `tanya-pemilu --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tanya_pemilu::cli::main()
}
