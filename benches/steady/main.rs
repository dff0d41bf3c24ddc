//! How many verdicts an edit of the FAQ moves that it doesn't concern.
//!
//! `cargo bench --bench steady`; `cargo bench --bench steady -- more.jsonl` adds a file of labelled questions,
//! `-- --seed 7` draws other edits, `-- --list` names the questions that moved. Each edit is applied to the project's FAQ by
//! itself, which is trained anew.

mod edit;

use std::io::Write;

use edit::{Dice, Edit, Moved, draw, outcomes, project};
use tanya_pemilu::matcher::measure::{Labelled, parse};

/// How many edits of each sort; see [`draw`].
const SORTS: [usize; 6] = [6, 4, 4, 4, 6, 3];
const SETS: [&str; 2] = ["tests/questions.jsonl", "tests/questions-apart.jsonl"];

fn main() -> std::io::Result<()> {
    let mut seed = 1;
    let mut list = false;
    let mut files: Vec<String> = SETS.map(|set| format!("{}/{set}", env!("CARGO_MANIFEST_DIR"))).to_vec();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => seed = arguments.next().and_then(|n| n.parse().ok()).expect("a number after --seed"),
            "--list" => list = true,
            // What cargo adds.
            other if other.starts_with("--") => {}
            file => files.push(file.to_owned()),
        }
    }
    let mut questions: Vec<Labelled> = Vec::new();
    for file in &files {
        questions.extend(parse(&std::fs::read_to_string(file)?).expect("labelled questions"));
    }
    let mut out = std::io::stdout().lock();
    let faq = project();
    let before = outcomes(&faq, &questions);
    let edits = draw(&faq, &questions, &mut Dice(seed), SORTS);
    let mut moved: Vec<(Edit, Moved)> = Vec::new();
    for edit in edits {
        let after = outcomes(&edit.applied(), &questions);
        let own = Moved::by(&edit, &questions, &before, &after);
        writeln!(out, "{:>3} of {} = {:>5.2} %  {edit}", own.questions.len(), own.of, 100.0 * own.share())?;
        for &i in own.questions.iter().filter(|_| list) {
            writeln!(out, "        {:?} -> {:?}  {:?}", before[i], after[i], questions[i].text)?;
        }
        moved.push((edit, own));
    }
    writeln!(out, "\n{} questions, seed {seed}", questions.len())?;
    for (name, of_a_phrasing) in [("one phrasing", true), ("a whole entry", false)] {
        let mut shares: Vec<f64> = moved
            .iter()
            .filter(|(edit, _)| edit.is_of_a_phrasing() == of_a_phrasing)
            .map(|(_, own)| 100.0 * own.share())
            .collect();
        shares.sort_by(f64::total_cmp);
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        let (median, worst) = (shares[shares.len() / 2], shares[shares.len() - 1]);
        let over = shares.iter().filter(|share| **share >= 0.5).count();
        writeln!(
            out,
            "{name:<14} {:>2} edits: median {median:.2} %, mean {mean:.2} %, worst {worst:.2} %, {over} at 0.5 % or more",
            shares.len()
        )?;
    }
    Ok(())
}
