//! What processes took, as Linux tells it.

use std::fs::{read_dir, read_to_string};

/// Clock ticks a second, in which processor time is told: 100 on every Linux that Rust's standard library knows.
const TICKS: f64 = 100.0;

/// What a process took up to now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taken {
    /// Processor time in seconds, that of children that have ended included.
    pub cpu: f64,
    /// Resident memory in MB.
    pub memory: f64,
    /// The most resident memory that it ever had, in MB.
    pub peak: f64,
}

impl std::ops::Add for Taken {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, memory: self.memory + other.memory, peak: self.peak + other.peak }
    }
}

/// The fields of `/proc/ID/stat` after the name, which may hold anything (see proc_pid_stat(5)).
fn stat(id: u32) -> Option<Vec<String>> {
    let text = read_to_string(format!("/proc/{id}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// What one process took; nothing if it is gone.
pub fn process(id: u32) -> Taken {
    let number = |fields: &[String], at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    let cpu = stat(id).map_or(0.0, |fields| (11..15).map(|at| number(&fields, at)).sum::<f64>() / TICKS);
    let status = read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    };
    Taken { cpu, memory: megabytes("VmRSS:"), peak: megabytes("VmHWM:") }
}

/// What a process and its children took. Memory that they share counts for each of them.
pub fn family(id: u32) -> Taken {
    let all = read_dir("/proc").into_iter().flatten().flatten();
    let ids = all.filter_map(|item| item.file_name().to_str()?.parse::<u32>().ok());
    let children = ids.filter(|child| stat(*child).and_then(|f| f.get(1)?.parse().ok()) == Some(id));
    children.map(process).fold(process(id), std::ops::Add::add)
}

/// What this process took.
pub fn own() -> Taken {
    process(std::process::id())
}

/// How many processes wanted a processor over the last minute, on average.
pub fn load_average() -> String {
    read_to_string("/proc/loadavg").ok().and_then(|text| Some(text.split(' ').next()?.to_owned())).unwrap_or_default()
}
