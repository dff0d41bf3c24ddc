//! An edit of the FAQ moves what it concerns, and leaves the rest. `cargo bench --bench steady` draws many more edits.

#[path = "../../benches/steady/edit.rs"]
mod edit;

use self::edit::{Dice, Edit, Moved, draw, outcomes, project};
use tanya_pemilu::matcher::measure::{Labelled, parse};

fn questions() -> Vec<Labelled> {
    let sets = [include_str!("../questions.jsonl"), include_str!("../questions-apart.jsonl")];
    sets.iter().flat_map(|set| parse(set).expect("labelled questions")).collect()
}

#[test]
fn an_edit_moves_fewer_than_one_in_two_hundred_others() {
    let questions = questions();
    let faq = project();
    let before = outcomes(&faq, &questions);
    let edits = draw(&faq, &questions, &mut Dice(9), [1, 1, 1, 1, 1, 1]);
    let mut total = (0, 0);
    for edit in edits.iter().filter(|edit| edit.is_of_a_phrasing()) {
        let moved = Moved::by(edit, &questions, &before, &outcomes(&edit.applied(), &questions));
        // One that takes words of many questions to a strange entry may move a few more.
        assert!(moved.share() < 0.01, "{edit}: {} of {}", moved.questions.len(), moved.of);
        total = (total.0 + moved.questions.len(), total.1 + moved.of);
    }
    assert!(total.0 * 200 < total.1, "{} of {}", total.0, total.1);
    let whole: Vec<&Edit> = edits.iter().filter(|edit| !edit.is_of_a_phrasing()).collect();
    for edit in [whole[0], whole[whole.len() - 1]] {
        let moved = Moved::by(edit, &questions, &before, &outcomes(&edit.applied(), &questions));
        assert!(moved.share() < 0.02, "{edit}: {} of {}", moved.questions.len(), moved.of);
    }
}

#[test]
fn the_order_of_entries_and_phrasings_moves_nothing() {
    let questions = questions();
    let before = outcomes(&project(), &questions);
    let mut turned = project();
    turned.entries.reverse();
    for entry in &mut turned.entries {
        entry.questions.reverse();
    }
    turned.outside.reverse();
    let after = outcomes(&turned, &questions);
    let moved: Vec<&str> =
        (0..questions.len()).filter(|&i| before[i] != after[i]).map(|i| questions[i].text.as_str()).collect();
    assert!(moved.is_empty(), "{moved:?}");
}
