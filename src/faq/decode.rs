//! The bytes of a file as text, whatever editor saved it; what can't be text is told with its cause.

use super::fault::{Fault, Rank};
use super::source::File;

/// How the bytes of a text may be laid out but in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wide {
    Little,
    Big,
    /// Four bytes a letter.
    Four,
}

/// What word processors begin their files with.
const WORD_PROCESSOR: [&[u8]; 4] = [b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"%PDF-"];
const AS_TEXT: &str = "simpan sebagai teks biasa (plain text) dengan pengodean UTF-8";

/// A file's text with line ends as `\n`, and warnings on what had to be put up with.
pub fn decode(file: &File) -> Result<(String, Vec<Fault>), Box<Fault>> {
    let name = &file.name;
    let refused = |message: String, hint: &str| Box::new(Fault::new(name, None, message).hint(hint).rank(Rank::Cause));
    if WORD_PROCESSOR.iter().any(|magic| file.bytes.starts_with(magic)) {
        return Err(refused("berkas ini disimpan oleh pengolah kata, bukan teks biasa".to_owned(), AS_TEXT));
    }
    if let Some((wide, marked)) = wide(&file.bytes) {
        let kind = if wide == Wide::Four { "UTF-32" } else { "UTF-16" };
        let how = if marked { "" } else { " (tanpa tanda BOM)" };
        let hint = format!("{AS_TEXT}; di Notepad: Save As, Encoding: UTF-8");
        return Err(refused(format!("berkas ini tersimpan dalam {kind}{how}"), &hint));
    }
    let mut warnings = Vec::new();
    let mut warn = |message: &str, hint: &str| warnings.push(Fault::new(name, None, message).warning().hint(hint));
    let bytes = match file.bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            warn("berkas ini diawali tanda BOM yang tak tampak", "tetap dibaca; simpan sebagai \"UTF-8\" tanpa BOM");
            rest
        }
        None => &file.bytes,
    };
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        refused(format!("berkas ini bukan UTF-8 (baris {line})"), AS_TEXT)
    })?;
    let mut text = text.to_owned();
    if text.contains("\r\n") {
        let hint = "tetap dibaca; simpan dengan akhir baris LF bila bisa";
        warn("baris di berkas ini berakhir cara Windows (CRLF)", hint);
        text = text.replace("\r\n", "\n");
    }
    if text.contains('\r') {
        let whole = if text.contains('\n') { "beberapa baris di berkas ini" } else { "baris di berkas ini" };
        let message = format!("{whole} berakhir cara Mac lama (CR)");
        warn(&message, "tetap dibaca; simpan dengan akhir baris LF (di VS Code: pilihan CRLF/LF di kanan bawah)");
        text = text.replace('\r', "\n");
    }
    Ok((text, warnings))
}

/// What a file says that [`decode`] refuses, as well as can be told: enough to see which names stand in it.
pub fn rescue(file: &File) -> Option<String> {
    match wide(&file.bytes) {
        Some((Wide::Four, _)) => None,
        Some((wide, _)) => {
            let unit = |pair: &[u8]| match wide {
                Wide::Big => u16::from_be_bytes([pair[0], pair[1]]),
                _ => u16::from_le_bytes([pair[0], pair[1]]),
            };
            Some(String::from_utf16_lossy(&file.bytes.chunks_exact(2).map(unit).collect::<Vec<_>>()))
        }
        None if WORD_PROCESSOR.iter().any(|magic| file.bytes.starts_with(magic)) => None,
        None => Some(String::from_utf8_lossy(&file.bytes).into_owned()),
    }
}

/// Whether each letter takes two or four bytes, and whether a mark at the beginning says so. Without a mark it shows by
/// the zeros of plain letters: nearly all at even places, or nearly all at odd ones.
fn wide(bytes: &[u8]) -> Option<(Wide, bool)> {
    const FEWEST: usize = 4;
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some((Wide::Four, true));
    }
    if bytes.starts_with(b"\xff\xfe") {
        return Some((Wide::Little, true));
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Some((Wide::Big, true));
    }
    let zeros = |from: usize, step: usize| bytes.iter().skip(from).step_by(step).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0, 2), zeros(1, 2), bytes.len() / 2);
    if bytes.len() < FEWEST || (even + odd) * 3 < bytes.len() {
        return None;
    }
    if even + odd > half + half / 4 {
        return Some((Wide::Four, false));
    }
    Some((if odd >= even { Wide::Little } else { Wide::Big }, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: Vec<u8>) -> File {
        File { name: "asn.toml".to_owned(), bytes }
    }

    const TEXT: &str = "# Netralitas\n[[entry]]\nid = \"asn-uji\"\n";

    #[test]
    fn wide_text_is_known_with_and_without_its_mark() {
        let little: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let four: Vec<u8> = TEXT.chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        let marked: Vec<u8> = [b"\xff\xfe".to_vec(), little.clone()].concat();
        for (bytes, wanted) in [(little, "UTF-16 (tanpa"), (big, "UTF-16 (tanpa"), (four, "UTF-32"), (marked, "UTF-16")]
        {
            let file = file(bytes);
            let fault = decode(&file).expect_err("no UTF-8");
            assert!(fault.message.contains(wanted), "{}", fault.message);
            assert!(wanted == "UTF-32" || rescue(&file).is_some_and(|text| text.contains("id = \"asn-uji\"")));
        }
    }

    #[test]
    fn line_ends_of_every_kind_are_read() {
        for (end, warnings) in [("\n", 0), ("\r\n", 1), ("\r", 1)] {
            let (text, told) = decode(&file(TEXT.replace('\n', end).into_bytes())).expect("text");
            assert_eq!((text.as_str(), told.len()), (TEXT, warnings), "{end:?}");
        }
    }

    #[test]
    fn a_short_or_odd_file_is_no_wide_text() {
        for bytes in [&b""[..], b"\0", b"a\0", b"abc\0def", b"satu = 1\n"] {
            assert_eq!(wide(bytes), None, "{bytes:?}");
        }
    }
}
