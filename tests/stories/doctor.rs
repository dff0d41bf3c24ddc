//! `doctor`: each thing that can be set up wrongly is told in a line of its own, and nothing is changed by asking.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::bot::{Database, Stage};
use crate::faults::OwnPostgres;
use crate::telegram::GroupKind;
use serde_json::{Value, json};

stories! { a_bot_that_is_set_up_rightly_is_told_so }

/// What it said, by what was looked at, and its exit status.
struct Told {
    status: Option<i32>,
    text: String,
}

impl Told {
    /// A line of that level and check holds these words.
    fn says(&self, level: &str, check: &str, words: &[&str]) {
        let begins = format!("{level:<10}  {check}: ");
        let right = |line: &str| line.starts_with(&begins) && words.iter().all(|word| line.contains(word));
        assert!(self.text.lines().any(right), "no \"{begins}\" with {words:?} in\n{}", self.text);
    }

    fn is(&self, status: i32) -> &Self {
        assert_eq!(self.status, Some(status), "{}", self.text);
        self
    }
}

async fn asks(stage: &Stage, more: &[&str]) -> Told {
    let mut command = stage.command_of("doctor");
    command.args(more);
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("no panic");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains("AAFake") && !text.contains("rahasia-sekali"), "{text}");
    Told { status: output.status.code(), text }
}

/// The files of a folder, and what is in them.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .filter(|item| item.path().is_file())
        .map(|item| (item.file_name().to_string_lossy().into_owned(), std::fs::read(item.path()).expect("a file")))
        .collect();
    files.sort();
    files
}

/// All calls so far only fetched.
fn only_asked(stage: &Stage) {
    let calls = stage.tg.calls();
    assert!(!calls.is_empty());
    for call in calls {
        assert!(
            ["getme", "getchat", "getchatmember", "getwebhookinfo"].contains(&call.method.as_str()),
            "{}",
            call.method
        );
    }
}

async fn a_bot_that_is_set_up_rightly_is_told_so(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let before = files(stage.dir.path());
    let told = asks(&stage, &[]).await;
    told.is(0).says("OK", "token", &["@", &stage.tg.bot_id().to_string()]);
    assert!(told.text.contains("/faq, 6 entri"), "{}", told.text);
    told.says("OK", "MODERATOR_CHAT", &["\"Petugas\"", "boleh menulis"]);
    told.says("OK", "ESCALATION_CHAT", &["tidak diisi"]);
    told.says("OK", "PUBLIC_CHANNEL", &["tidak diisi"]);
    told.says("OK", "webhook", &["polling"]);
    told.says("OK", "mode privasi", &["menyala"]);
    told.says("OK", "jam", &["sama dengan Telegram"]);
    told.says("peringatan", "mode inline", &["hanya bisa lewat @BotFather: /setinline"]);
    if database == Database::Sqlite {
        told.says("OK", "basis data", &["belum berisi"]);
        assert!(told.text.contains("MB bebas"), "{}", told.text);
    } else {
        told.says("OK", "basis data", &["127.0.0.1:5432"]);
        assert_eq!(told.text.matches("sama dengan").count(), 2, "both clocks: {}", told.text);
    }
    let all = told.text.lines().last().expect("a line");
    assert!(all.contains("pemeriksaan: 0 salah, "), "{all}");
    only_asked(&stage);
    assert_eq!(files(stage.dir.path()), before, "nothing was made");
    // While it serves it is the same; for programs in JSON.
    stage.start().await;
    let told = asks(&stage, &["--json"]).await;
    let lines: Vec<Value> = told.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().all(|line| line["level"] != "fault"), "{}", told.text);
    let tables = lines.iter().find(|line| line["check"] == "basis data").expect("the database");
    assert!(tables["text"].as_str().expect("a text").contains("tabelnya mutakhir"), "{tables}");
    // Afterwards its files are as it left them.
    stage.stop().await;
    let before = files(stage.dir.path());
    asks(&stage, &[]).await.is(0);
    assert_eq!(files(stage.dir.path()), before, "nothing was written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_telegram_says_is_told_with_what_to_do() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let bot = stage.tg.bot_id();
    let result = |value: Value| json!({"ok": true, "result": value}).to_string();
    let me = |more: Value| {
        let mut me = json!({"id": bot, "is_bot": true, "first_name": "Bot", "username": "uji_bot", "can_join_groups": true,
            "can_read_all_group_messages": false, "supports_inline_queries": true});
        me.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        result(me)
    };
    for (more, level, check, words) in [
        (json!({}), "OK", "mode inline", "menyala"),
        (json!({"can_read_all_group_messages": true}), "peringatan", "mode privasi", "@BotFather: /setprivacy"),
        (json!({"can_join_groups": false}), "peringatan", "masuk grup", "@BotFather: /setjoingroups"),
    ] {
        stage.tg.script("getMe", Some(&me(more)));
        asks(&stage, &[]).await.is(0).says(level, check, &[words]);
    }
    stage.tg.script("getMe", Some(&me(json!({"id": 77}))));
    asks(&stage, &[]).await.is(1).says("salah", "token", &["bukan nomor bot itu (77)"]);
    stage.tg.script("getMe", None);

    for (fields, level, words) in [
        (json!({"status": "member"}), "peringatan", "belum admin"),
        (json!({"status": "left"}), "salah", "bukan anggota"),
        (
            json!({"status": "restricted", "is_member": true, "can_send_messages": false}),
            "salah",
            "tidak boleh menulis",
        ),
    ] {
        stage.tg.script("getChatMember", Some(&result(fields)));
        asks(&stage, &[]).await.is(i32::from(level == "salah")).says(level, "MODERATOR_CHAT", &[words]);
    }
    stage.tg.script("getChatMember", None);
    let open = json!({"id": stage.group.id(), "type": "supergroup", "title": "Petugas", "username": "petugas_umum"});
    stage.tg.script("getChat", Some(&result(open)));
    asks(&stage, &[]).await.is(0).says("peringatan", "MODERATOR_CHAT", &["terbuka untuk umum"]);
    stage.tg.script("getChat", Some("<html>502</html>"));
    asks(&stage, &[]).await.is(0).says("peringatan", "MODERATOR_CHAT", &["tidak dapat diperiksa"]);
    stage.tg.script("getChat", None);

    stage.set("ESCALATION_CHAT", "-1009999999999");
    stage.set("PUBLIC_CHANNEL", "@tidak_ada");
    let told = asks(&stage, &[]).await;
    told.is(1).says("salah", "ESCALATION_CHAT", &["tidak mengenal chat -1009999999999"]);
    told.says("salah", "PUBLIC_CHANNEL", &["@tidak_ada"]);
    stage.extra.clear();

    // Another program's webhook is in the way of polling; our own is not.
    stage.tg.set_webhook("http://127.0.0.1:9/lain?kunci=rahasia-sekali", None);
    asks(&stage, &[]).await.is(1).says("salah", "webhook", &["http://127.0.0.1:9", "--take-over"]);
    for (name, value) in [
        ("WEBHOOK_URL", "https://bot.example.org/jalur"),
        ("WEBHOOK_SECRET", "rahasia-sekali_1"),
        ("LISTEN", "127.0.0.1:0"),
    ] {
        stage.set(name, value);
    }
    asks(&stage, &[]).await.is(0).says("peringatan", "webhook", &["program lain", "https://bot.example.org"]);
    let info = json!({"url": "https://bot.example.org/jalur", "has_custom_certificate": false, "pending_update_count": 250,
        "last_error_date": 1, "last_error_message": "Connection refused"});
    stage.tg.script("getWebhookInfo", Some(&result(info)));
    let told = asks(&stage, &[]).await;
    told.is(0).says("peringatan", "webhook", &["terpasang", "Connection refused", "250 pesan menunggu"]);
    stage.tg.script("getWebhookInfo", None);
    stage.tg.clear_webhook();
    asks(&stage, &[]).await.is(0).says("OK", "webhook", &["belum dipasang"]);
    stage.extra.clear();

    stage.group.removes_bot();
    asks(&stage, &[]).await.is(1).says("salah", "MODERATOR_CHAT", &["bukan anggota", "Masukkan bot"]);
    stage.tg.set_revoked(true);
    asks(&stage, &[]).await.is(1).says("salah", "token", &["ditolak Telegram", "@BotFather"]);
    stage.tg.set_revoked(false);
    stage.tg.set_offline(true);
    asks(&stage, &[]).await.is(1).says("salah", "Telegram", &["tidak menjawab", stage.tg.url()]);
    stage.tg.set_offline(false);
    only_asked(&stage);
    assert!(stage.tg.webhook().is_none() && !stage.dir.path().join("bot.db").exists());
}

fn rights(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("rights");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_on_this_machine_is_told_beside_the_rest() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    // Each wrong setting in its line, and all else is looked at too.
    for (name, value) in [("MODERATOR_CHAT", "@grup"), ("SEND_LIMITS", "sedikit"), ("LISTEN", "di sini")] {
        stage.set(name, value);
    }
    let told = asks(&stage, &[]).await;
    told.is(1).says("salah", "MODERATOR_CHAT", &["harus nomor"]);
    told.says("salah", "SEND_LIMITS", &["telegram"]);
    told.says("salah", "LISTEN", &["alamat dan port"]);
    told.says("OK", "token", &["@"]);
    assert!(told.text.contains("/faq, 6 entri"), "{}", told.text);
    stage.extra.clear();

    let text = std::fs::read_to_string(stage.faq().join("uji.toml")).expect("entries");
    std::fs::write(stage.faq().join("uji.toml"), text.replace("reviewed =", "reviewd =")).expect("saved");
    asks(&stage, &[]).await.is(1).says("salah", "FAQ", &["tidak dapat dipakai", "tanya-pemilu check"]);
    std::fs::write(stage.faq().join("uji.toml"), text).expect("saved");

    let token = stage.dir.path().join("token.txt");
    std::fs::write(&token, stage.tg.token()).expect("a file");
    rights(&token, 0o644);
    let with = ["--token-file", token.to_str().expect("a path")];
    asks(&stage, &with).await.is(0).says("peringatan", "berkas token", &["(644)", "chmod 600"]);
    rights(&token, 0o622);
    asks(&stage, &with).await.is(1).says("salah", "token", &["dapat diubah pengguna lain", "chmod 600"]);
    rights(&token, 0o600);
    assert!(!asks(&stage, &with).await.is(0).text.contains("berkas token"));

    stage.start().await;
    stage.stop().await;
    let file = stage.dir.path().join("bot.db");
    rights(&file, 0o644);
    asks(&stage, &[]).await.is(1).says("salah", "basis data", &["dapat dibaca atau ditulis orang lain", "chmod 600"]);
    rights(&file, 0o600);
    for (statement, level, words) in [
        ("DELETE FROM _sqlx_migrations WHERE version > 16 + 0 * $1", "peringatan", "dimutakhirkan saat mulai"),
        (
            "INSERT INTO note (bot_id, name, value) VALUES (0 * $1, 'transfer', '{\"from\": \"/srv/lama.db\", \"done\": []}')",
            "salah",
            "pemindahan data dari /srv/lama.db belum selesai",
        ),
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999 + 0 * $1, 'baru', 1, x'00', 0)",
            "salah",
            "lebih baru",
        ),
    ] {
        stage.change(statement).await;
        asks(&stage, &[]).await.is(i32::from(level == "salah")).says(level, "basis data", &[words]);
    }
    for (address, words) in [
        ("postgres://bot:rahasia-sekali@127.0.0.1:1/bot", "sambungan ditolak"),
        ("mysql://bot:rahasia-sekali@x/y", "harus diawali"),
        ("sqlite:///tidak/ada/bot.db", "foldernya tidak ada"),
    ] {
        stage.set("DATABASE_URL", address);
        let told = asks(&stage, &[]).await;
        told.is(1).says("salah", "basis data", &[words]);
        told.says("OK", "token", &["@"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_server_that_takes_no_changes_is_told() {
    let own = OwnPostgres::new().await;
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.set("DATABASE_URL", &own.address());
    let told = asks(&stage, &[]).await;
    told.is(0).says("OK", "basis data", &["belum berisi"]);
    stage.set("DATABASE_URL", &format!("{}?options=-c%20default_transaction_read_only%3Don", own.address()));
    asks(&stage, &[]).await.is(1).says("salah", "basis data", &["read-only"]);
    own.remove().await;
}
