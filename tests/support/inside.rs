//! Comparisons without starting the program: for tests that make hundreds of
//! them. The calls are those of `compare`; the result is checked the same way.

use super::files::Files;
use super::{Compared, validate};
use std::path::Path;
use syncdrift::assess::{self, Options};
use syncdrift::catalogue::Catalogue;
use syncdrift::intake::{self, Limits};
use syncdrift::model::Configuration;
use syncdrift::normalise::normalise;
use syncdrift::report::Verdict;
use tempfile::TempDir;

/// Reads a server's export.
pub fn read(folder: &Path) -> Configuration {
    let limits = Limits::default();
    let input = intake::read(folder, &limits).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    normalise(input, Catalogue::builtin(), &limits)
}

/// Compares two exports in memory.
pub fn compare_files(primary: &Files, staging: &Files) -> Compared {
    compare_encoded(primary, staging, |text| text.as_bytes().to_vec())
}

/// The same with staging in another encoding.
pub fn compare_encoded(primary: &Files, staging: &Files, encode: impl Fn(&str) -> Vec<u8>) -> Compared {
    let folder = TempDir::new().expect("a folder");
    let (left, right) = (folder.path().join("primary"), folder.path().join("staging"));
    primary.write(&left);
    staging.write_as(&right, encode);
    compare(&left, &right)
}

/// Compares two servers that were read.
pub fn judge(primary: &Configuration, staging: Configuration, same_server: bool) -> Compared {
    let compared = unchecked(primary, staging, same_server);
    validate(&compared.report);
    compared
}

/// What `compare` is asked for without flags.
pub fn options(same_server: bool) -> Options {
    Options::without_flags(same_server, 1_795_219_200, false)
}

/// Compares without checking the report against its schema.
pub fn unchecked(primary: &Configuration, mut staging: Configuration, same_server: bool) -> Compared {
    let options = options(same_server);
    let report = assess::assess(primary, &mut staging, Catalogue::builtin(), &options).expect("no connector is mapped");
    let code = match report.verdict {
        Verdict::Parity => 0,
        Verdict::Drift => 1,
        Verdict::Incomplete => 3,
    };
    let report = serde_json::to_value(&report).expect("a report is JSON");
    Compared {
        code,
        report,
        stderr: String::new(),
    }
}

/// Reads and compares two exports.
pub fn compare(primary: &Path, staging: &Path) -> Compared {
    judge(&read(primary), read(staging), false)
}
