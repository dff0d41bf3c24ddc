//! What a picture costs: the first time (under 50 ms), and once it is kept (under 1 ms).
//!
//! `cargo bench --bench picture`

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tanya_pemilu::desk::Picture;
use tanya_pemilu::desk::picture::{Ballot, Draw, Line, Part, State};
use tanya_pemilu::picture::Studio;

/// A timeline as long as one gets.
fn timeline() -> Picture {
    let stage = |place: usize| Line::Stage {
        name: "Pencocokan dan penelitian (coklit) data pemilih".to_owned(),
        days: "28 November 2023 sampai 10 Februari 2024".to_owned(),
        when: "sedang berlangsung".to_owned(),
        state: [State::Past, State::Now, State::Coming][place / 4],
    };
    let mut lines: Vec<Line> = (0..10).map(stage).collect();
    lines.insert(4, Line::Today("Hari ini: Rabu, 14 Februari 2024".to_owned()));
    let next = vec![Line::Note("Tanggal tahapannya belum ditetapkan.".to_owned())];
    Picture::Timeline(vec![
        Part { title: "Pemilu 2024".to_owned(), lines },
        Part { title: "Pemilu nasional 2029".to_owned(), lines: next },
    ])
}

fn ballots() -> Picture {
    let ballot = |colour: &str| Ballot { colour: colour.to_owned(), election: "DPRD kabupaten/kota".to_owned() };
    let ballots = ["abu-abu", "kuning", "merah", "biru", "hijau"].map(ballot).to_vec();
    Picture::Ballots { title: "Surat suara Pemilu 2024".to_owned(), ballots }
}

fn pictures(criterion: &mut Criterion) {
    for (name, picture) in [("timeline", timeline()), ("ballots", ballots())] {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        // With the letters read anew, as after a start.
        group.bench_function("first", |b| {
            b.iter_batched(Studio::default, |studio| black_box(studio.png(&picture)), BatchSize::PerIteration);
        });
        let studio = Studio::default();
        studio.png(&picture).expect("it can be drawn");
        group.bench_function("kept", |b| b.iter(|| black_box(studio.png(&picture))));
        group.bench_function("name", |b| b.iter(|| black_box(studio.name(&picture))));
        group.finish();
    }
}

criterion_group!(benches, pictures);
criterion_main!(benches);
