//! Counts, verdict and exit code.
//!
//! In: findings and gaps. Out: numbers. Must not know: how findings came to be.

use crate::catalogue::Severity;
use crate::model::{Configuration, Ledger};
use crate::report::{Finding, GapEntry, LedgerCounts, Report, Status, Summary, Verdict};

/// What a report means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0
    Done,
    /// 1
    Drift,
    /// 3
    Incomplete,
}

/// Drift at or above `fail_on` beats unknown; `--exit-zero` turns only drift into 0.
pub fn outcome(report: &Report, fail_on: Severity, exit_zero: bool) -> Outcome {
    let drift = report
        .findings
        .iter()
        .any(|finding| finding.status == Status::Drift && finding.severity >= fail_on);
    let unknown = !report.gaps.is_empty() || report.summary.unknown > 0;
    match (drift && !exit_zero, unknown) {
        (true, _) => Outcome::Drift,
        (false, true) => Outcome::Incomplete,
        (false, false) => Outcome::Done,
    }
}

/// Drift when something of `low` or worse is open, else incomplete when something is unknown.
pub fn verdict(findings: &[Finding], gaps: &[GapEntry]) -> Verdict {
    let open = |finding: &&Finding| finding.status == Status::Drift && finding.severity >= Severity::Low;
    if findings.iter().any(|finding| open(&finding)) {
        Verdict::Drift
    } else if !gaps.is_empty() || findings.iter().any(|finding| finding.status == Status::Unknown) {
        Verdict::Incomplete
    } else {
        Verdict::Parity
    }
}

/// Counts of a report.
pub fn summary(findings: &[Finding], expected: &[Finding]) -> Summary {
    let open = |severity: Severity| {
        findings
            .iter()
            .filter(|finding| finding.status == Status::Drift && finding.severity == severity)
            .count()
    };
    let with = |status: Status| findings.iter().filter(|finding| finding.status == status).count();
    Summary {
        block: open(Severity::Block),
        high: open(Severity::High),
        medium: open(Severity::Medium),
        low: open(Severity::Low),
        info: open(Severity::Info),
        expected: expected.len(),
        accepted: with(Status::Accepted),
        unknown: with(Status::Unknown),
    }
}

/// Leaves of both sides. A shortfall is a gap already; here it counts as uncatalogued so that the sum holds.
pub fn ledger(left: &Configuration, right: &Configuration) -> LedgerCounts {
    let mut both = Ledger::default();
    both.add(left.ledger);
    both.add(right.ledger);
    LedgerCounts {
        leaves: both.leaves,
        compared: both.compared,
        noise: both.noise,
        secret: both.secret,
        uncatalogued: both.uncatalogued,
    }
}
