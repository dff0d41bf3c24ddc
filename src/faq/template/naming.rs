//! Which names a template has: what its text hangs on.

use std::collections::BTreeSet;

/// A name in a template: an election and what of it, "pemilu2024" and "kampanye"; for `bot` and `kini` likewise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Before the first dot.
    pub head: String,
    /// Between the first and the second dot; empty if there is none.
    pub member: String,
}

/// The names at the head of each `{{ ... }}` in `template`.
pub fn names(template: &str) -> BTreeSet<Name> {
    expressions(template).map(|(name, _)| name).collect()
}

/// The same names whole, with all that stands behind a dot: "pemilu2024.figures.pemilih".
pub fn paths(template: &str) -> BTreeSet<String> {
    heads(template).map(|(path, _)| path.to_owned()).collect()
}

/// Those of which the day is told: by a filter for days, or by one of their fields in a sentence. In their order.
pub fn dated(template: &str) -> impl Iterator<Item = Name> {
    const DAYS: [&str; 2] = ["kapan", "tanggal"];
    let tells = |expression: &str| DAYS.iter().any(|word| expression.contains(word));
    expressions(template).filter(move |(_, expression)| tells(expression)).map(|(name, _)| name)
}

/// What stands in each `{{ ... }}`, after the name at its head.
fn expressions(template: &str) -> impl Iterator<Item = (Name, &str)> {
    heads(template).filter_map(|(name, filters)| {
        let mut parts = name.split('.');
        let head = parts.next().filter(|head| !head.is_empty())?.to_owned();
        Some((Name { head, member: parts.next().unwrap_or_default().to_owned() }, filters))
    })
}

/// What stands in each `{{ ... }}`: the name at its head as it is written, and the rest.
fn heads(template: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, inside) = rest.split_once("{{")?;
        let inside_end = inside.find("}}").unwrap_or(inside.len());
        rest = &inside[inside_end..];
        Some(inside[..inside_end].trim_start())
    })
    .map(|expression| {
        let end = expression.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        expression.split_at(end.unwrap_or(expression.len()))
    })
}

/// The text of `template` outside of names and filters: `{{ ... }}` is left out, with as many bytes in its place.
pub fn by_hand(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find("{{") {
        let end = rest[open..].find("}}").map_or(rest.len(), |i| open + i + 2);
        text.push_str(&rest[..open]);
        let expression = &rest[open..end];
        // What stands in quotes inside is said too.
        let mut quoted = false;
        for c in expression.chars() {
            if c == '"' {
                quoted = !quoted;
            }
            if quoted && c != '"' {
                text.push(c);
            } else {
                text.extend(std::iter::repeat_n(' ', c.len_utf8()));
            }
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_stand_first() {
        let template =
            "{{ pemilu.kampanye | pilih(\"pilkada.x\", \"\", \"\") }} {{kini.ringkas}} {{ bot }} {{ \"x\" }} {{";
        let name = |head: &str, member: &str| Name { head: head.to_owned(), member: member.to_owned() };
        assert_eq!(
            names(template),
            BTreeSet::from([name("bot", ""), name("kini", "ringkas"), name("pemilu", "kampanye")])
        );
    }

    #[test]
    fn days_are_told_by_a_filter_or_a_field() {
        let template =
            "{{ a.x | kapan }} {{ a.y | jam }} {{ b.z | pilih(\"pada {hari_tanggal}\", \"\", \"\") }} {{ c }}";
        let told: Vec<String> = dated(template).map(|name| name.member).collect();
        assert_eq!(told, ["x", "z"]);
    }

    #[test]
    fn what_stands_by_hand_keeps_its_place() {
        let template = "Pada Pemilu 2024 {{ pemilu2024.x | pilih(\"é Pilpres 2024\", \"\", \"\") }} selesai";
        let text = by_hand(template);
        assert_eq!(text.len(), template.len());
        for words in ["Pemilu 2024", "Pilpres 2024", "selesai"] {
            assert_eq!(text.find(words), template.find(words), "{words}");
        }
        assert!(!text.contains("pemilu2024"));
    }
}
