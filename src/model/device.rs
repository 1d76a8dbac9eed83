//! Names that are no files on Windows.
//!
//! In: a name. Out: whether Windows keeps it for a device. Must not know: what
//! the name is for.

/// Names of devices, with any extension.
const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Whether Windows keeps the name, whatever extension it has.
pub fn is_device(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim().to_lowercase();
    let port = |prefix: &str| {
        let digit = stem.strip_prefix(prefix).and_then(|rest| {
            let mut rest = rest.chars();
            rest.next().filter(|_| rest.next().is_none())
        });
        digit.is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
    };
    DEVICES.contains(&stem.as_str()) || port("com") || port("lpt")
}

#[cfg(test)]
mod tests {
    use super::is_device;

    #[test]
    fn devices_are_known() {
        for name in [
            "NUL",
            "con",
            "aux.xml",
            "COM1",
            "lpt9.tar.gz",
            "nul .txt",
            "prn:22",
            "CONIN$",
        ] {
            assert!(is_device(name), "{name}");
        }
        for name in ["SYNC01", "null", "com", "com10", "console", "xcon", "comA", ""] {
            assert!(!is_device(name), "{name}");
        }
    }
}
