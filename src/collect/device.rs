//! Names that are no files on Windows.
//!
//! In: a name. Out: whether Windows keeps it for a device. Must not know: what
//! the name is for.

/// Whether Windows keeps the name, whatever extension it has.
pub(super) fn is_device(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |start: &str| {
        let rest = stem.strip_prefix(start);
        rest.is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::is_device;

    #[test]
    fn devices_are_known() {
        for name in ["NUL", "con", "aux.xml", "COM1", "lpt9.tar.gz", "nul .txt", "prn:22"] {
            assert!(is_device(name), "{name}");
        }
        for name in ["SYNC01", "null", "com", "com10", "console", "xcon", "comA", ""] {
            assert!(!is_device(name), "{name}");
        }
    }
}
