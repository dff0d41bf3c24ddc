//! Answers as voters see them, on every day on which they may change: templates, markup, length. What is wrong is told
//! where it was typed.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{TELEGRAM_LIMIT, reference, stray};
use crate::faq::Faq;
use crate::faq::entry::{Body, Entry, Template};
use crate::faq::fault::{Fault, Rank, Severity};
use crate::faq::markup;
use crate::faq::outline::{Written, expressions, paths};
use crate::faq::syntax::number_in_words;
use crate::faq::template::{Lack, TemplateError, left_by_nothing};
use crate::faq::turning::given_days;
use crate::text::indonesian;
use crate::text::language::Language;

/// Renders every template at every day on which it may change and is given; of the problems of one entry those of the first day.
pub(super) fn all(faq: &Faq, written: &Written, faults: &mut Vec<Fault>) {
    let mut found = Vec::new();
    for entry in &faq.entries {
        let before = count(&found);
        let mut seen = Seen { entry, told: BTreeSet::new(), lengths: HashMap::new() };
        let said = messages(faq, entry);
        for day in given_days(faq, entry) {
            for said in &said {
                message(faq, entry, said, day.and_time(NaiveTime::MIN), written, &mut seen, &mut found);
            }
            if count(&found) > before {
                break;
            }
        }
    }
    reference::once(&mut found);
    faults.append(&mut found);
}

/// A warning on the first day must not hide a fault on the next.
fn count(faults: &[Fault]) -> usize {
    faults.iter().filter(|fault| fault.severity == Severity::Fault).count()
}

/// A message of an entry, and how long the lines under it are.
struct Message<'e> {
    body: &'e Body,
    language: Language,
    footer: usize,
}

fn messages<'e>(faq: &Faq, entry: &'e Entry) -> Vec<Message<'e>> {
    let own = entry.bodies().map(|body| (body, Language::Indonesian));
    let all = own.chain(entry.english.iter().map(|english| (&english.body, Language::English)));
    let footer = |language| faq.footer(entry, language, NaiveDate::MAX).encode_utf16().count();
    all.map(|(body, language)| Message { body, language, footer: footer(language) }).collect()
}

/// What one message of an entry says: its answer, the rest, or what is to be sent on.
fn message(
    faq: &Faq,
    entry: &Entry,
    &Message { body, language, footer }: &Message<'_>,
    now: NaiveDateTime,
    written: &Written,
    seen: &mut Seen<'_>,
    faults: &mut Vec<Fault>,
) {
    let mut length = footer;
    let mut span = entry.span.clone();
    for part in faq.parts(body, now) {
        span = part.span.clone();
        let mut whole = true;
        let text = faq.templates.render(&part.value, language, now).unwrap_or_else(|(text, errors)| {
            whole = false;
            for error in errors {
                let expression = expression_at(&part.value, &error.range);
                // What a faulty election file should have named is no fault of the answer.
                if !(written.hides(expression) || error.unknown_name && written.may_name(expression)) {
                    faults.extend(template_faults(faq, entry, part, now, expression, error, written));
                }
            }
            text
        });
        // On most days it says what it said the day before.
        let looked_at = (part.span.start, text);
        if let Some(known) = seen.lengths.get(&looked_at) {
            length += known;
            continue;
        }
        let text = &looked_at.1;
        match markup::parse(text) {
            Ok(document) => {
                let own = document.telegram_length() + 2;
                length += own;
                // Signs beside a broken template may well be its own.
                if whole {
                    seen.look(part, text, faults);
                    seen.lengths.insert(looked_at, own);
                }
            }
            Err(errors) => {
                for error in errors {
                    let place = typed(faq, part, (language, now), text, error.range);
                    faults.push(Fault::new(&entry.file, place, error.message).hint(error.hint));
                }
            }
        }
    }
    if length > TELEGRAM_LIMIT {
        // An answer that is the same on all days is looked at on one that means nothing.
        let always = now.date() == NaiveDate::default();
        let day = if always { String::new() } else { format!(" pada {}", indonesian::date(now.date())) };
        let message = format!("jawaban ini {length} huruf{day}; Telegram menerima {TELEGRAM_LIMIT}");
        faults.push(Fault::new(&entry.file, span, message).hint("pendekkan jawaban, atau bagi menjadi dua entri"));
    }
}

/// What was seen of one entry: its stray signs, each kind told once, and the lengths of sound parts, by where they stand and
/// what they say.
struct Seen<'e> {
    entry: &'e Entry,
    told: BTreeSet<(String, String)>,
    lengths: HashMap<(usize, String), usize>,
}

impl Seen<'_> {
    fn look(&mut self, part: &Template, text: &str, faults: &mut Vec<Fault>) {
        for stray in stray::find(text) {
            let written = &text[stray.range.clone()];
            if self.told.insert((stray.what.to_owned(), written.to_owned())) {
                let mut fault = Fault::new(&self.entry.file, part.find(written), stray.message(written));
                fault.severity = stray.severity;
                faults.push(fault.hint(stray.hint));
            }
        }
    }
}

/// What stands between the braces around `range`.
fn expression_at<'t>(template: &'t str, range: &Range<usize>) -> &'t str {
    let around = expressions(template).into_iter().find(|e| e.start <= range.start && range.start < e.end);
    template.get(around.unwrap_or_else(|| range.clone())).unwrap_or_default().trim_matches(['{', '}'])
}

/// The bytes of the file whose rendering is `range` of `text`: what stands in the template as it is, is shown there; what
/// a value brought, at the braces that it came from.
fn typed(
    faq: &Faq,
    part: &Template,
    (language, now): (Language, NaiveDateTime),
    text: &str,
    range: Range<usize>,
) -> Range<usize> {
    let template = &part.value;
    let (mut at, mut shown) = (0, 0);
    for expression in expressions(template) {
        let plain = shown..shown + (expression.start - at);
        if range.start < plain.end {
            break;
        }
        let value = match faq.templates.render(&template[expression.clone()], language, now) {
            Ok(value) | Err((value, _)) => value.len(),
        };
        shown = plain.end + value;
        at = expression.end;
        if value == 0 {
            at += text.get(..plain.end).map_or(0, |before| left_by_nothing(before, &template[at..]));
        }
        if range.start < shown {
            // It may stand in the expression as it is: pilih("akan", "<i>kini</i>", "dulu").
            let inside = text.get(range).and_then(|wrong| template[expression.clone()].find(wrong).map(|i| (i, wrong)));
            return part.at(inside
                .map_or(expression.clone(), |(i, wrong)| expression.start + i..expression.start + i + wrong.len()));
        }
    }
    let start = at + (range.start - shown);
    let end = start + range.len();
    match template.get(start..end).filter(|same| Some(*same) == text.get(range.clone())) {
        Some(_) => part.at(start..end),
        // It runs over a value: it is shown where it begins.
        None => template[start.min(template.len())..]
            .chars()
            .next()
            .map_or(part.span.clone(), |first| part.at(start..start + first.len_utf8())),
    }
}

/// What is wrong in a template; where an election's file lacks what it needs, there.
fn template_faults(
    faq: &Faq,
    entry: &Entry,
    part: &Template,
    now: NaiveDateTime,
    expression: &str,
    error: TemplateError,
    written: &Written,
) -> Vec<Fault> {
    let place = part.at(error.range);
    let path = paths(expression).into_iter().next().unwrap_or_default();
    let election = faq.templates.stands_for(&path, now).map(|(election, _)| election.key.as_str());
    let outline = election.and_then(|key| written.outline(key));
    let name = path.last().copied().unwrap_or_default();
    if let Some(outline) = outline {
        let lacking: Vec<Fault> = error
            .lacks
            .iter()
            .filter_map(|Lack { key, number, name: item }| {
                let found =
                    outline.items.iter().find(|i| i.list == name && i.number.is_some() && i.number == *number)?;
                let message = format!("`{key}` belum ada pada {}", item.as_deref().unwrap_or("butir ini"));
                let hint = format!("tambahkan baris {key} = ..., atau ubah jawaban `{}` yang memakainya", entry.id);
                let fault = Fault::new(&outline.file, found.span.clone(), message).hint(hint);
                Some(fault.also(&entry.file, place.clone(), "diperlukan di sini"))
            })
            .collect();
        if !lacking.is_empty() {
            return lacking;
        }
        let figure = outline.figures.iter().find(|figure| path.contains(&"figures") && figure.key == name);
        if let Some((figure, text)) = figure.and_then(|figure| figure.text.as_ref().map(|text| (figure, text)))
            && !error.unknown_name
            && text.contains(|c: char| c.is_ascii_digit())
        {
            let fault = Fault::new(&outline.file, figure.span.clone(), "bilangan ini ditulis sebagai teks");
            let plain = plain_number(text).unwrap_or_else(|| "204807222 (angka saja)".to_owned());
            let hint = format!("tulis {} = {plain}, tanpa tanda kutip", figure.key);
            return vec![fault.hint(hint).also(&entry.file, place, "dipakai sebagai bilangan di sini")];
        }
    }
    let mut fault = Fault::new(&entry.file, place, error.message);
    fault.hint = error.hint;
    vec![if error.unknown_name { fault.rank(Rank::Reference) } else { fault }]
}

/// A text that is a number, as a plain one.
fn plain_number(text: &str) -> Option<String> {
    let text = text.trim();
    number_in_words(text).or_else(|| text.parse::<f64>().ok().map(|_| text.to_owned()))
}
