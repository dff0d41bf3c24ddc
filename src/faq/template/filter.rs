//! The filters: what may stand behind a name.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::unset::{or_instead, unset};
use super::value::show;
use super::{period, rows};
use crate::text::language::Language;

/// Every filter and how it is written, for hints. In each the words to say where something is not set may be left out.
pub(super) const FILTERS: &[(&str, &str)] = &[
    ("kapan", "{{ tahapan | kapan(\"belum ditetapkan\") }}"),
    ("tanggal", "{{ tahapan | tanggal(\"belum ditetapkan\") }}"),
    ("hari_tanggal", "{{ tahapan | hari_tanggal(\"belum ditetapkan\") }}"),
    ("jam", "{{ tahapan | jam(\"belum ditetapkan\") }}"),
    ("lama", "{{ tahapan | lama(\"belum ditetapkan\") }}"),
    ("pilih", "{{ tahapan | pilih(\"sebelum\", \"selama\", \"sesudah\", \"belum ditetapkan\") }}"),
    ("kalimat", "{{ tahapan | kalimat(\"Berlangsung {kapan}.\", \"Tanggalnya belum ditetapkan.\") }}"),
    ("atau", "{{ nama | atau(\"belum ditetapkan\") }}"),
    ("angka", "{{ bilangan | angka(\"belum ditetapkan\") }}"),
    ("juta", "{{ bilangan | juta(\"belum ditetapkan\") }}"),
    ("baris", "{{ daftar | baris(\"{number}. {name}\", \"Belum ditetapkan.\") }}"),
    ("ada", "{{ daftar | ada(\"seats\") | baris(...) }}"),
    ("kosong", "{{ daftar | kosong(\"local\") | baris(...) }}"),
    ("urut", "{{ daftar | urut(\"seats\") | baris(...) }}"),
    ("jumlah", "{{ daftar | jumlah(\"belum ditetapkan\") }}"),
];

/// Makes the filters known to `environment`.
pub(super) fn register(environment: &mut Environment<'_>) {
    environment.add_filter("kapan", period::kapan);
    environment.add_filter("tanggal", period::tanggal);
    environment.add_filter("hari_tanggal", period::hari_tanggal);
    environment.add_filter("jam", period::jam);
    environment.add_filter("lama", period::lama);
    environment.add_filter("pilih", period::pilih);
    environment.add_filter("kalimat", period::kalimat);
    environment.add_filter("atau", atau);
    environment.add_filter("angka", angka);
    environment.add_filter("juta", juta);
    environment.add_filter("baris", rows::baris);
    environment.add_filter("ada", rows::ada);
    environment.add_filter("kosong", rows::kosong);
    environment.add_filter("urut", rows::urut);
    environment.add_filter("jumlah", rows::jumlah);
}

/// The language that is rendered: a template goes by its language's code.
pub(super) fn language(state: &State<'_, '_>) -> Language {
    Language::of_code(state.name()).unwrap_or_default()
}

pub(super) fn refuse(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_owned())
}

/// The value, where it is set. A name that stands for nothing is told as such, not as a value of the wrong kind.
pub(super) fn set(value: &Value) -> Result<&Value, Error> {
    match unset(value) {
        Some(unset) => Err(unset.refuse()),
        None if value.is_undefined() => Err(Error::from(ErrorKind::UndefinedError)),
        None => Ok(value),
    }
}

/// The text of `pattern` with each `{key}` as `value` has it.
pub(super) fn fill(pattern: &str, mut value: impl FnMut(&str) -> Result<String, Error>) -> Result<String, Error> {
    let mut line = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((key, tail)) = after.split_once('}') else {
            return Err(refuse("kurung { di dalam saringan ini tidak ditutup"));
        };
        line.push_str(before);
        line.push_str(&value(key)?);
        rest = tail;
    }
    line.push_str(rest);
    Ok(line)
}

fn atau(state: &State<'_, '_>, value: &Value, instead: String) -> Result<String, Error> {
    or_instead(set(value).map(|value| show(value, language(state))), Some(instead))
}

fn angka(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    let said = set(value).and_then(|value| {
        if value.kind() == ValueKind::Number {
            Ok(show(value, language(state)))
        } else {
            Err(refuse("saringan `angka` hanya untuk bilangan"))
        }
    });
    or_instead(said, instead)
}

fn juta(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    let said = set(value).and_then(|value| {
        i64::try_from(value.clone())
            .map(|number| language(state).millions(number))
            .map_err(|_| refuse("saringan `juta` hanya untuk bilangan bulat"))
    });
    or_instead(said, instead)
}
