//! What a result rests on: program, options and input files.
//!
//! In: a report. Out: a line for the head, and the list of files. Must not
//! know: findings.

use super::moved;
use super::terminal::{BOLD, name, paint, plain, wrap};
use crate::report::{Report, Server};

/// Program, catalogue and the options in force.
pub fn options(report: &Report) -> String {
    let options = &report.options;
    let mut words = vec![
        format!("{} {}", report.tool.name, report.tool.version),
        format!("catalogue {}", report.tool.catalogue),
        format!("--fail-on {}", options.fail_on.word()),
    ];
    words.extend(options.same_server.then(|| "--same-server".to_owned()));
    words.extend(options.exit_zero.then(|| "--exit-zero".to_owned()));
    words.extend(
        options
            .accept
            .as_ref()
            .map(|file| format!("--accept {}", name(&file.path))),
    );
    let states = moved::states(report).into_iter();
    words.extend(states.map(|state| format!("--baseline {}", name(&state.source))));
    words.extend(options.map_connector.iter().map(|map| format!("--map-connector {map}")));
    words.extend(options.redact.then(|| "--redact".to_owned()));
    words.join(", ")
}

/// Every input file with its SHA-256.
pub fn files(report: &Report) -> String {
    let mut out = format!(
        "\n{}\n",
        paint(BOLD, "Files that were read (SHA-256 as Get-FileHash prints it)")
    );
    if let Some(file) = &report.options.accept {
        out.push_str(&wrap(
            "  #",
            4,
            &plain(&format!("{} {}", file.sha256, name(&file.path))),
        ));
    }
    let servers = [&report.primary, &report.staging].into_iter();
    for Server { server, files, .. } in servers.chain(moved::states(report)) {
        for file in files {
            let text = format!("{} {server}: {}", file.sha256, name(&file.path));
            out.push_str(&wrap("  #", 4, &plain(&text)));
        }
    }
    out
}
