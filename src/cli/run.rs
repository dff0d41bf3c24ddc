//! `run`: Telegram.

use std::process::ExitCode;

use super::{Failure, TokenArgs};

pub(super) fn run(token: &TokenArgs) -> Result<ExitCode, Failure> {
    if token.is_given() {
        return Err(Failure::Usage(
            "Versi ini belum melayani Telegram; cobalah di terminal dengan: tanya-pemilu chat".to_owned(),
        ));
    }
    Err(Failure::Usage(
        "TELOXIDE_TOKEN belum diisi: isi dengan token bot dari @BotFather, atau sebutkan berkasnya dengan --token-file."
            .to_owned(),
    ))
}
